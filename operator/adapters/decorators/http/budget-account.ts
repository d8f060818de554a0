import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';

export type BudgetPeriod = 'Hour' | 'Day' | 'Month';

/** What a provider's plan allows, or what its user wants to spend of it. */
export interface BudgetLimit {
  readonly requests: number;
  /** In UTC: the hour, the day, the calendar month. */
  readonly per: BudgetPeriod;
}

/** What was spent in the period that began at `from`. */
export interface Account {
  readonly from: EpochMs;
  readonly spent: number;
}

/**
 * Of the budget of a period so much may be spent at once; the rest comes evenly over the period. Else a month's budget
 * would be gone on its first day. An hour is short enough to wait for its end.
 */
const AT_ONCE_SHARE: Readonly<Record<BudgetPeriod, number>> = { Hour: 1, Day: 0.25, Month: 0.1 };

/** The clock was set back by so much, or the process that began the period has one that is ahead: its account goes on. */
const LARGEST_CLOCK_STEP_MS: DurationMs = 10 * MINUTE_MS;

/** The account of the period that is under way: a new one where the old is over. */
export function accountAt(now: EpochMs, account: Account | undefined, { per }: BudgetLimit): Account {
  const from = startOf(per, now);
  if (account === undefined) return { from, spent: 0 };
  const hasJustBegun = account.from > from && account.from === startOf(per, now + LARGEST_CLOCK_STEP_MS);
  return account.from === from || hasJustBegun ? account : { from, spent: 0 };
}

/** How many requests may go out now. */
export function allowanceAt(now: EpochMs, { from, spent }: Account, { requests, per }: BudgetLimit): number {
  const elapsedShare = (now - from) / lengthOf(per, from);
  const released = Math.floor(requests * Math.min(1, AT_ONCE_SHARE[per] + elapsedShare));
  return Math.max(0, Math.min(requests, Math.max(1, released)) - spent);
}

function startOf(per: BudgetPeriod, now: EpochMs): EpochMs {
  const date = new Date(now);
  if (per === 'Month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const length = lengthOf(per, now);
  return Math.floor(now / length) * length;
}

function lengthOf(per: BudgetPeriod, from: EpochMs): DurationMs {
  if (per === 'Hour') return HOUR_MS;
  if (per === 'Day') return 24 * HOUR_MS;
  const date = new Date(from);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - from;
}
