import type { EpochMs } from './units.ts';

/** One stretch of time with one price. */
export interface PriceSample {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  /** In the series' currency; negative where the market pays for consumption. */
  readonly perKilowattHour: number;
  /** True where nobody has published it, and an earlier price stands for it. */
  readonly estimated: boolean;
}

/**
 * Price of electricity of one grid zone over time. Samples are in order of time, don't overlap, and may leave gaps:
 * a gap is unknown, never free.
 */
export interface PriceSeries {
  readonly zone: string;
  /** ISO 4217. */
  readonly currency: string;
  /** `Market`: a day-ahead auction's result. `Tariff`: what a contract says. */
  readonly basis: 'Market' | 'Tariff';
  /** Name of the adapter that answered, e.g. `energy-charts`. */
  readonly source: string;
  readonly samples: readonly PriceSample[];
}
