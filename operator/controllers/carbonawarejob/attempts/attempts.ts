import type { CarbonAwareJobStatusAttempt } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { JobReason } from '../../../api/v1alpha1/reasons.ts';
import { formatTime, parseTime } from '../../../api/v1alpha1/timestamps.ts';
import { formatDecimal, parseDecimal } from '../../../domain/quantity.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';

/** One start of a job's workload, from the write that announces it to its end. */
export interface Attempt {
  readonly number: number;
  readonly site: string;
  /** Accelerator product; absent for a job that asks for none. */
  readonly product?: string;
  readonly job: string;
  readonly jobUid: string;
  /** When it was announced, just before the workload was unsuspended. */
  readonly startedAt: EpochMs;
  /** Absent while it is open. */
  readonly endedAt?: EpochMs;
  /** How much longer its work takes for data that are read over links, as a share; absent where that costs no time. */
  readonly slowdown?: number;
  /** How long its pods ran. */
  readonly ran?: DurationMs;
  /** Why it ended; on an open attempt, that someone else started it. */
  readonly reason?: string;
}

const SLOWDOWN_DIGITS = 3;

/** Ends of attempts that the plan, another hand or the policy brought about, and after which the job goes on. */
const INTERRUPTIONS: readonly (string | undefined)[] = ['Paused', 'Moved', 'Idle'] satisfies JobReason[];

export function readAttempt(raw: CarbonAwareJobStatusAttempt): Attempt {
  const endedAt = raw.endedAt === undefined ? undefined : (parseTime(raw.endedAt) ?? 0);
  return {
    number: raw.number,
    site: raw.site,
    ...(raw.accelerator !== undefined && { product: raw.accelerator }),
    job: raw.job,
    jobUid: raw.jobUID ?? '',
    startedAt: parseTime(raw.startedAt) ?? 0,
    ...(endedAt !== undefined && { endedAt }),
    ...(raw.slowdownPercent !== undefined && { slowdown: shareOf(raw.slowdownPercent) }),
    ...(raw.runSeconds !== undefined && { ran: raw.runSeconds * SECOND_MS }),
    ...(raw.reason !== undefined && { reason: raw.reason }),
  };
}

export function writeAttempt(attempt: Attempt): CarbonAwareJobStatusAttempt {
  const { number, site, product, job, jobUid, startedAt, endedAt, slowdown, ran, reason } = attempt;
  return {
    number,
    site,
    ...(product !== undefined && { accelerator: product }),
    job,
    jobUID: jobUid,
    startedAt: formatTime(startedAt),
    ...(endedAt !== undefined && { endedAt: formatTime(endedAt) }),
    ...(slowdown !== undefined && { slowdownPercent: formatDecimal(100 * slowdown, SLOWDOWN_DIGITS) }),
    ...(ran !== undefined && { runSeconds: Math.round(ran / SECOND_MS) }),
    ...(reason !== undefined && { reason }),
  };
}

function shareOf(percent: string): number {
  const parsed = parseDecimal(percent);
  return parsed.ok ? parsed.value / 100 : 0;
}

/** The attempt that is under way, or announced. At most the last one is open. */
export function openAttempt(attempts: readonly Attempt[]): Attempt | undefined {
  const last = attempts.at(-1);
  return last !== undefined && last.endedAt === undefined ? last : undefined;
}

export function nextNumber(attempts: readonly Attempt[]): number {
  return (attempts.at(-1)?.number ?? 0) + 1;
}

export interface AttemptEnd {
  readonly at: EpochMs;
  readonly ran: DurationMs;
  readonly reason: JobReason;
}

/** The list with its open attempt closed; as it is where none is open. */
export function closed(attempts: readonly Attempt[], { at, ran, reason }: AttemptEnd): readonly Attempt[] {
  const open = openAttempt(attempts);
  if (open === undefined) return attempts;
  return attempts.with(-1, { ...open, endedAt: Math.max(at, open.startedAt), ran: Math.max(0, ran), reason });
}

/** The list without an attempt that was announced and never begun. */
export function withoutOpen(attempts: readonly Attempt[]): readonly Attempt[] {
  return openAttempt(attempts) === undefined ? attempts : attempts.slice(0, -1);
}

/** Pauses by the plan and by the policy. Attempts that are no longer listed are taken to have ended in one. */
export function pausesIn(attempts: readonly Attempt[]): number {
  const unlisted = (attempts[0]?.number ?? 1) - 1;
  return unlisted + attempts.filter(({ reason, ran }) => INTERRUPTIONS.includes(reason) && ran !== 0).length;
}
