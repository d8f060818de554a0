import type { DurationMs } from '../domain/units.ts';

/**
 * Why a source of carbon or price data has no answer. The code is metric label and condition reason.
 *
 * - `ZoneUnknown`, `SignalUnsupported`, `ForecastUnsupported`, `HistoryUnsupported`: it never has what was asked for.
 * - `NoData`: not now; also what is not published yet.
 * - `Unauthorised`: it doesn't take the credentials. `NotEntitled`: it takes them, and their plan has not this.
 * - `QuotaExceeded`: it refuses for now. `BudgetSpent`: this operator refuses for it, so that it need not.
 * - `Unavailable`: no answer, or a fault of its own. `CircuitOpen`: it has failed so often that it is not asked for a while.
 * - `PersistenceBetter`: its forecasts have been off by three times as much as persistence, and are not planned with.
 * - `Malformed`: an answer that is not what its contract says, or not to what was asked.
 */
export const SOURCE_ERROR_CODES = [
  'ZoneUnknown',
  'SignalUnsupported',
  'ForecastUnsupported',
  'HistoryUnsupported',
  'NoData',
  'Unauthorised',
  'NotEntitled',
  'QuotaExceeded',
  'BudgetSpent',
  'Unavailable',
  'CircuitOpen',
  'PersistenceBetter',
  'Malformed',
] as const;
export type SourceErrorCode = (typeof SOURCE_ERROR_CODES)[number];

export interface SourceErrorOptions extends ErrorOptions {
  /** How long the source asks not to be asked again. */
  readonly retryAfterMs?: DurationMs | undefined;
}

export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly retryAfterMs: DurationMs | undefined;

  constructor(code: SourceErrorCode, message: string, { retryAfterMs, ...options }: SourceErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A fault in one adapter must not keep the next source from being asked; it stays visible as the cause. */
export function asSourceError(source: string, error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new SourceError('Unavailable', `asking ${source}: ${reason}`, { cause: error });
}
