import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { EpochMs } from '../../domain/units.ts';
import { fits } from '../capacity.ts';
import type { Candidate, Seat } from '../candidate.ts';
import { priced } from '../cost.ts';

/**
 * What the job was promised, as it stands now: windows that are over are gone, the one that has begun goes on from now,
 * and the last one is as long as the work that is left. `undefined` where it no longer fits.
 */
export function keptCandidate(seats: readonly Seat[], now: EpochMs, notAfter: EpochMs): Candidate | undefined {
  const seat = seats.find(
    ({ job, site, pool }) => job.current?.site === site.name && job.current.product === pool?.product,
  );
  if (seat?.job.current === undefined) return undefined;
  const windows = windowsLeft(seat, seat.job.current.windows, now);
  const endsAt = windows?.at(-1)?.endsAt;
  if (windows === undefined || endsAt === undefined || endsAt > notAfter) return undefined;
  const staging = stagingOf(seat);
  if (seat.ledger !== undefined && !fits(seat.ledger, windows, seat.job.devices, staging > 0)) return undefined;
  const kept = priced(seat, windows, staging);
  return kept.pauses <= pausesLeft(seat.job) ? kept : undefined;
}

/** The promise may be older than the spec. */
function pausesLeft({ interruptible, pausesSoFar }: PlannableJob): number {
  return interruptible === undefined ? 0 : Math.max(0, interruptible.maxPauses - pausesSoFar);
}

function windowsLeft(seat: Seat, promised: readonly Interval[], now: EpochMs): readonly Interval[] | undefined {
  const ahead = promised
    .filter((window) => window.endsAt > now)
    .map((window) => ({ startsAt: Math.max(window.startsAt, now), endsAt: window.endsAt }));
  const begun = seat.job.phase === 'Running' && (ahead[0]?.startsAt ?? Infinity) > now;
  if (ahead.length === 0 || begun) ahead.unshift({ startsAt: now, endsAt: now });
  const surplus = ahead.reduce((sum, window) => sum + lengthOf(window), 0) - neededFor(seat, ahead.length);
  return shortenedBy(surplus, ahead);
}

/** Work left, the overhead of every piece that begins anew, and the staging that a start still has before it. */
function neededFor(seat: Seat, pieces: number): number {
  const { job, speed } = seat;
  const overhead = job.interruptible?.restartOverhead ?? 0;
  const restarts = job.phase === 'Paused' ? pieces : pieces - 1;
  return job.remainingWork / speed + restarts * overhead + stagingOf(seat);
}

/** What the promise has beyond its work: the head of the first window in which devices were to be provisioned. */
function stagingOf({ job, pool, speed }: Seat): number {
  if (job.phase !== 'Waiting' || pool === undefined || job.current === undefined) return 0;
  const { windows } = job.current;
  const overheads = (windows.length - 1) * (job.interruptible?.restartOverhead ?? 0);
  const beyondWork = windows.reduce((sum, window) => sum + lengthOf(window), 0) - job.remainingWork / speed - overheads;
  return Math.max(0, Math.min(pool.provisioning, beyondWork));
}

/** Takes time off the end, or adds it there where `surplus` is negative. */
function shortenedBy(surplus: number, windows: readonly Interval[]): readonly Interval[] | undefined {
  const last = windows.at(-1);
  if (last === undefined) return undefined;
  if (surplus < lengthOf(last)) return windows.with(-1, { startsAt: last.startsAt, endsAt: last.endsAt - surplus });
  return windows.length === 1 ? undefined : shortenedBy(surplus - lengthOf(last), windows.slice(0, -1));
}
