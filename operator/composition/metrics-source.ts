import { PrometheusMetricsSource } from '../adapters/metrics/prometheus/source.ts';
import type { MetricsSource } from '../ports/metrics-source.ts';
import { prometheusClient } from './prometheus.ts';
import type { Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

/** `undefined` where none is configured: then only who holds what is known. */
export function metricsSource(surroundings: Surroundings, providers: Providers): MetricsSource | undefined {
  const { prometheus } = surroundings.config.usage;
  if (prometheus === undefined) return undefined;
  return new PrometheusMetricsSource({ ...prometheus, prometheus: prometheusClient(surroundings, providers) });
}
