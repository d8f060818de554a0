import type { IntensitySeries, Signal } from '../domain/intensity.ts';
import type { Interval } from '../domain/interval.ts';
import type { EpochMs } from '../domain/units.ts';
import type { Outlook } from '../domain/site.ts';
import type { SourceError } from './source-error.ts';

export interface CarbonQuery<S extends Signal = Signal> {
  readonly zone: string;
  readonly signal: S;
  /** The stretch of time wanted. An answer may cover less of it, never more, and never another zone or signal. */
  readonly interval: Interval;
}

/** Carbon intensity of grid zones. Every implementation passes the suite in `test/contract/carbon-source`. */
export interface CarbonSource {
  /** The vendor's name: label of metrics and `dataSource` in status. */
  readonly name: string;
  /** The rung of the ladder that a forecast of this source stands on. */
  readonly rung: 'LiveForecast' | 'TypicalDay';
  /** What is expected to come. Throws {@link SourceError}. */
  forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>>;
  /** What came, as far as it is known by now. Throws {@link SourceError}; `HistoryUnsupported` where the source has none. */
  history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>>;
}

/** The last forecast of a source for one zone and signal, as it came, and when. */
export interface RememberedForecast<S extends Signal = Signal> {
  readonly series: IntensitySeries<S>;
  readonly askedAt: EpochMs;
}

/**
 * A source that is asked no more often than its figures change: between two questions to the vendor it answers from memory.
 * What it remembers outlives an outage, and by {@link restore} a restart.
 */
export interface RememberingSource extends CarbonSource {
  /** The last forecast, however old; `undefined` where none came yet. */
  recall<S extends Signal>(zone: string, signal: S): RememberedForecast<S> | undefined;
  restore(forecast: RememberedForecast): void;
  /** It is time to ask what came; then the next forecast is answered from memory, so that both take turns. */
  historyIsDue(zone: string, signal: Signal): boolean;
  /** Forgets a zone that nobody asks about any more. */
  forget(zone: string, signal: Signal): void;
}

/** A source that could not answer, and why. */
export interface CarbonSourceFailure {
  readonly source: string;
  readonly error: SourceError;
}

export interface CarbonAnswer<S extends Signal = Signal> {
  /** Absent where no source answered: rung `None`, and the policy decides. */
  readonly outlook: Outlook<S> | undefined;
  /** The sources that were asked before the one that answered, in that order: why the rung is not a better one. */
  readonly failures: readonly CarbonSourceFailure[];
}

/** Sources in order of preference. Asking it fails only when `abort` fires: that nobody knows is an answer. */
export interface CarbonLadder {
  /** The answer's past may reach further back than was asked for: what jobs have used is priced by it. */
  ask<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<CarbonAnswer<S>>;
  /** Nobody asks about it any more: what was kept for it may go. */
  forget(one: Pick<CarbonQuery, 'zone' | 'signal'>): void;
}
