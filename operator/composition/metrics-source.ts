import { PrometheusMetricsSource } from '../adapters/metrics/prometheus/source.ts';
import type { MetricsSource } from '../ports/metrics-source.ts';
import { prometheusClient } from './prometheus.ts';
import type { Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

/** `undefined` where none is configured: then only who holds what is known. */
export function metricsSource(surroundings: Surroundings, providers: Providers): MetricsSource | undefined {
  const { prometheus } = surroundings.config.usage;
  if (prometheus === undefined) return undefined;
  // Thousands of series an answer: where that takes too long, intensities and prices are still to be had.
  const client = prometheusClient(surroundings, providers, 'usage');
  return new PrometheusMetricsSource({ ...prometheus, prometheus: client });
}
