import type { Registry } from 'prom-client';
import type { RateSamples } from './rates.ts';
import { sampledGauge } from './sampled-gauge.ts';

/** What the gauges of a rate are about. */
export interface RateGauges {
  /** E.g. `sunward_workload` or `sunward_workload_wasted`. */
  readonly prefix: string;
  readonly labelNames: readonly string[];
  /** Of the power only. */
  readonly powerLabelNames?: readonly string[];
  /** Whose it is, e.g. `the devices that a workload holds`. */
  readonly of: string;
}

/** Power, money and grams per hour of the same thing. */
export function rateGauges(
  registry: Registry,
  { labelNames, of, powerLabelNames = [], prefix }: RateGauges,
  read: () => RateSamples | undefined,
): void {
  sampledGauge(
    registry,
    {
      name: `${prefix}_power_watts`,
      help: `What ${of} draw now with their share of the host, PUE included.`,
      labelNames: [...labelNames, ...powerLabelNames],
    },
    () => read()?.power ?? [],
  );
  sampledGauge(
    registry,
    {
      name: `${prefix}_cost_per_hour`,
      help: `What ${of} cost per hour, electricity included. Absent where no price is known.`,
      labelNames: [...labelNames, 'currency'],
    },
    () => read()?.cost ?? [],
  );
  sampledGauge(
    registry,
    {
      name: `${prefix}_emissions_grams_per_hour`,
      help: `CO2e of ${of} per hour at the average intensity of now. Absent where that is not known.`,
      labelNames,
    },
    () => read()?.emissions ?? [],
  );
}
