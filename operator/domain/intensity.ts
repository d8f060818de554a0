import type { EpochMs, GramsPerKilowattHour } from './units.ts';

/** Average and marginal intensity answer different questions and are never compared with one another. */
export type Signal = 'Average' | 'Marginal';

/** What the grams count: the whole life cycle of the power plants, their stacks alone, or their operation with fuel supply. */
export type EmissionScope = 'Lifecycle' | 'Direct' | 'Operational';

/** One stretch of time with one intensity. */
export interface IntensitySample {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly gramsPerKilowattHour: GramsPerKilowattHour;
  /** True where the provider computed the figure without a measurement for that stretch. */
  readonly estimated: boolean;
}

/**
 * Intensity of one grid zone over time, with everything that decides what it may be compared with.
 * Samples are in order of time, don't overlap, and may leave gaps: a gap is unknown, never zero.
 */
export interface IntensitySeries<S extends Signal = Signal> {
  readonly zone: string;
  readonly signal: S;
  readonly scope: EmissionScope;
  readonly perspective: 'Forecast' | 'History';
  /** True where no provider forecast this day: a typical day, a constant, a file made by hand. */
  readonly synthetic: boolean;
  /** Name of the adapter that answered, e.g. `typical-day`. */
  readonly source: string;
  readonly issuedAt: EpochMs;
  readonly samples: readonly IntensitySample[];
}

/** Where on the ladder the data for a decision came from, best first. */
export const RUNGS = ['LiveForecast', 'CachedForecast', 'Persistence', 'TypicalDay', 'None'] as const;
export type Rung = (typeof RUNGS)[number];
