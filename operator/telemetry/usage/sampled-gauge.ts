import { Gauge, type Registry } from 'prom-client';
import type { Sample } from './sums.ts';

export interface SampledGauge {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** A gauge whose series are those that are read at the scrape, and no others. */
export function sampledGauge(
  registry: Registry,
  { help, labelNames, name }: SampledGauge,
  read: () => readonly Sample[],
): void {
  new Gauge({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
    collect() {
      this.reset();
      for (const { labels, value } of read()) this.set(labels, value);
    },
  });
}
