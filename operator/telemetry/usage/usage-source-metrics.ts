import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ATTRIBUTIONS, type UsageAssessment } from '../../domain/usage/assessment.ts';
import type { UsageFigure } from '../../domain/usage/device-usage.ts';
import type { DurationMs } from '../../domain/units.ts';
import { sampledGauge } from './sampled-gauge.ts';
import { Sums, type Sample } from './sums.ts';

/** Whether it is known at all what accelerators do, and how. */
export class UsageSourceMetrics {
  readonly #known: Gauge<'figure'>;
  readonly #errors: Counter<'source' | 'figure' | 'code'>;
  readonly #seconds: Histogram;

  constructor(registry: Registry, assessment: () => UsageAssessment | undefined) {
    const registers = [registry];
    this.#known = new Gauge({
      name: 'sunward_usage_known',
      help: '1 where the source of metrics has answered the last question for a figure, else 0. Absent where no source is configured.',
      labelNames: ['figure'],
      registers,
    });
    this.#errors = new Counter({
      name: 'sunward_usage_source_errors_total',
      help: 'Questions for a figure of the use of accelerators that the source of metrics could not answer, by the code of the error.',
      labelNames: ['source', 'figure', 'code'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'sunward_usage_collection_seconds',
      help: 'Duration of one look at the use of accelerators, from the first question to what is published.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
      registers,
    });
    sampledGauge(
      registry,
      {
        name: 'sunward_usage_measured_gpus',
        help: 'Devices that pods hold, by how it is known what they do: Exporter: the source says which device is whose; Node: one workload holds all devices of a node; None: it is not known; Contested: it is not known either, for the source names more devices as those of a pod than that asks for.',
        labelNames: ['attribution'],
      },
      () => attributed(assessment()),
    );
  }

  known(figure: UsageFigure, isKnown: boolean): void {
    this.#known.set({ figure }, isKnown ? 1 : 0);
  }

  /** `code`: of a SourceError. */
  failed(source: string, figure: UsageFigure, code: string): void {
    this.#errors.inc({ source, figure, code });
  }

  collected(tookMs: DurationMs): void {
    this.#seconds.observe(tookMs / 1_000);
  }
}

function attributed(assessment: UsageAssessment | undefined): readonly Sample[] {
  if (assessment === undefined) return [];
  const devices = new Sums();
  for (const attribution of ATTRIBUTIONS) devices.add({ attribution }, 0);
  for (const { attribution, devices: count } of assessment.holdings) devices.add({ attribution }, count);
  return devices.samples();
}
