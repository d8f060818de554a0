import { Registry, collectDefaultMetrics } from 'prom-client';

/**
 * The process's metrics, among them its own memory, CPU and event loop. There is no global registry: each subject has a file
 * here with a class that takes the registry, names its metrics `sunward_<subject>_<what>_<unit>`, and is handed to what
 * reports to it. Counters end in `_total`, times are in seconds, gauges are read at the scrape.
 */
export function createRegistry(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
