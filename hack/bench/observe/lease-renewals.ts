import type { DurationMs, EpochMs } from '../../../operator/domain/units.ts';

export interface LeaseRenewals {
  readonly renewals: number;
  /** The longest stretch between two of them, less the period in which one is due; 0 where none was late. */
  readonly latestBy: DurationMs;
  /** Renewals that left out at least one whole period. */
  readonly late: number;
}

/** Judges the renewals of a lease by the times at which the API server answered them, in order. */
export function judgeRenewals(writtenAt: readonly EpochMs[], period: DurationMs): LeaseRenewals {
  const gaps = writtenAt.slice(1).map((at, index) => at - (writtenAt[index] ?? at));
  return {
    renewals: gaps.length,
    latestBy: Math.max(0, ...gaps.map((gap) => gap - period)),
    late: gaps.filter((gap) => gap >= 2 * period).length,
  };
}
