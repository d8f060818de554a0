import { Owners } from '../controllers/usage/owners/owners.ts';
import { UsageCycle, type LookAgain } from '../controllers/usage/usage-cycle.ts';
import type { EventRecorder } from '../ports/events.ts';
import type { Knowledge } from './knowledge.ts';
import { metricsSource } from './metrics-source.ts';
import type { Surroundings } from './surroundings.ts';

/** What devices do, as far as anybody measures it. */
export function createUsageCycle(
  surroundings: Surroundings,
  knowledge: Knowledge,
  { events, onAssessed }: { events: EventRecorder; onAssessed: (assessed: LookAgain) => void },
): UsageCycle {
  const { api, caches, config, logger, metrics } = surroundings;
  const { governance, nodePrices, outlooks, prices, providers } = knowledge;
  const { interval, lookBack, ownerLabels, topNodes, topWorkloads } = config.usage;
  metrics.usage.limit({ workloads: topWorkloads, nodes: topNodes });
  return new UsageCycle({
    ...surroundings,
    source: metricsSource(surroundings, providers),
    sources: {
      pods: caches.pods.store,
      nodes: caches.nodes.store,
      namespaces: caches.namespaces.store,
      sites: caches.sites.store,
      jobs: caches.jobs.store,
      governance,
      outlooks,
      prices,
      nodePrices,
      accelerators: config.accelerators,
      ownerLabels,
    },
    owners: new Owners({ api, logger }),
    events,
    metrics: metrics.usage,
    intervalMs: interval,
    lookBackMs: lookBack,
    onAssessed,
  });
}
