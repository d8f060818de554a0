import type { IntensitySeries, Rung, Signal } from '../domain/intensity.ts';
import type { Interval } from '../domain/interval.ts';
import type { Outlook } from '../domain/site.ts';

export interface CarbonQuery<S extends Signal = Signal> {
  readonly zone: string;
  readonly signal: S;
  /** The stretch of time wanted. An answer may cover less of it, never more, and never another zone or signal. */
  readonly interval: Interval;
}

/** Why a carbon source has no answer. The code is metric label and condition reason. */
export type CarbonSourceErrorCode =
  'ZoneUnknown' | 'SignalUnsupported' | 'NoData' | 'Unauthorised' | 'QuotaExceeded' | 'Unavailable' | 'Malformed';

export class CarbonSourceError extends Error {
  override readonly name = 'CarbonSourceError';
  readonly code: CarbonSourceErrorCode;

  constructor(code: CarbonSourceErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Carbon intensity of grid zones. Every implementation passes the suite in `test/contract/carbon-source`. */
export interface CarbonSource {
  /** The vendor's name: label of metrics and `dataSource` in status. */
  readonly name: string;
  /** The rung of the ladder that an answer of this source stands on. */
  readonly rung: Rung;
  /** What is expected to come. Throws {@link CarbonSourceError}. */
  forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>>;
}

/** A source that could not answer, and why. */
export interface CarbonSourceFailure {
  readonly source: string;
  readonly error: CarbonSourceError;
}

export interface CarbonAnswer<S extends Signal = Signal> {
  /** Absent where no source answered: rung `None`, and the policy decides. */
  readonly outlook: Outlook<S> | undefined;
  /** The sources that were asked before the one that answered, in that order: why the rung is not a better one. */
  readonly failures: readonly CarbonSourceFailure[];
}

/** Sources in order of preference. Asking it fails only when `abort` fires: that nobody knows is an answer. */
export interface CarbonLadder {
  ask<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<CarbonAnswer<S>>;
}
