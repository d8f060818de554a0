import { legsAhead, legsOf, type Leg } from '../../domain/decision.ts';
import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { fits } from '../capacity.ts';
import { isProvisioned, isWhereItIs, type Candidate, type Seat, type Stay } from '../candidate.ts';
import { priced } from '../pricing/cost.ts';

/** A window that was promised, and where. */
interface Piece extends Interval {
  readonly seat: Seat;
}

/**
 * What the job was promised, as it stands now: windows that are over are gone, the one that has begun goes on from now,
 * and the last one is as long as the work that is left. `undefined` where it no longer fits.
 */
export function keptCandidate(seats: readonly Seat[], now: EpochMs, notAfter: EpochMs): Candidate | undefined {
  const promised = promisedPieces(seats);
  const pieces = promised && piecesLeft(promised, now);
  const last = pieces?.at(-1);
  if (pieces === undefined || last === undefined || last.endsAt > notAfter) return undefined;
  // What was planned for places as fast as one another no longer adds up where it has turned out that they are not.
  if (pieces.some(({ seat }) => seat.speed !== last.seat.speed)) return undefined;
  const [first, ...moves] = staysIn(pieces);
  if (first === undefined) return undefined;
  const staging = stagingOf(first.seat);
  const haveRoom = [first, ...moves].every(
    ({ seat, windows }) =>
      seat.ledger === undefined || fits(seat.ledger, windows, seat.job.devices, isProvisioned(seat, staging)),
  );
  if (!haveRoom) return undefined;
  const kept = priced(first.seat, first.windows, staging, moves);
  return kept.pauses <= pausesLeft(first.seat.job) ? kept : undefined;
}

/** `undefined` where one of the places is no longer open to the job. */
function promisedPieces(seats: readonly Seat[]): readonly Piece[] | undefined {
  const current = seats[0]?.job.current;
  if (current === undefined) return undefined;
  const pieces: Piece[] = [];
  for (const leg of [current, ...(current.moves ?? [])]) {
    const seat = seats.find((one) => isAt(one, leg));
    if (seat === undefined) return undefined;
    pieces.push(...leg.windows.map(({ startsAt, endsAt }) => ({ seat, startsAt, endsAt })));
  }
  return pieces;
}

function isAt({ site, pool }: Seat, leg: Leg): boolean {
  return site.name === leg.site && pool?.product === leg.product;
}

/** The promise may be older than the spec. */
function pausesLeft({ interruptible, pausesSoFar }: PlannableJob): number {
  return interruptible === undefined ? 0 : Math.max(0, interruptible.maxPauses - pausesSoFar);
}

function piecesLeft(promised: readonly Piece[], now: EpochMs): readonly Piece[] | undefined {
  const [first] = promised;
  if (first === undefined) return undefined;
  const ahead = promised
    .filter(({ endsAt }) => endsAt > now)
    .map((piece) => ({ ...piece, startsAt: Math.max(piece.startsAt, now) }));
  const begun = first.seat.job.phase === 'Running' && (ahead[0]?.startsAt ?? Infinity) > now;
  if (ahead.length === 0 || begun)
    ahead.unshift({ seat: begun ? first.seat : (promised.at(-1) ?? first).seat, startsAt: now, endsAt: now });
  const surplus = ahead.reduce((sum, piece) => sum + lengthOf(piece), 0) - neededFor(ahead, first.seat);
  return shortenedBy(surplus, ahead);
}

/** Work left, the overhead of every piece that begins anew, and the staging that a start still has before it. */
function neededFor(pieces: readonly Piece[], before: Seat): DurationMs {
  const { job } = before;
  const next = pieces[0]?.seat ?? before;
  const { restartOverhead = 0, moveOverhead = 0 } = job.interruptible ?? {};
  const restarts = job.phase === 'Paused' ? pieces.length : pieces.length - 1;
  const moves = pieces.filter(
    ({ seat }, i) => seat !== (pieces[i - 1]?.seat ?? (job.phase === 'Waiting' ? seat : before)),
  );
  return job.remainingWork / next.speed + restarts * restartOverhead + moves.length * moveOverhead + stagingOf(next);
}

/**
 * What the promise has beyond its work: the head of the first window in which devices were to be provisioned, or data
 * copied. A running job has that behind it.
 */
function stagingOf(seat: Seat): DurationMs {
  const { job, now, pool, speed, data } = seat;
  if (job.phase === 'Running' || job.current === undefined) return 0;
  const longest = data.staging + (job.phase === 'Waiting' ? (pool?.provisioning ?? 0) : 0);
  const legs = legsOf(job.current);
  const ahead = legsAhead(legs, now);
  if (ahead.length > 1 || longest === 0) return 0;
  const { windows } = ahead[0] ?? legs.at(-1) ?? job.current;
  const { restartOverhead = 0, moveOverhead = 0 } = job.interruptible ?? {};
  const restarts = job.phase === 'Paused' ? windows.length : windows.length - 1;
  const moved = job.phase === 'Paused' && !isWhereItIs(seat);
  const overheads = restarts * restartOverhead + (moved ? moveOverhead : 0);
  const beyondWork = windows.reduce((sum, window) => sum + lengthOf(window), 0) - job.remainingWork / speed - overheads;
  return Math.max(0, Math.min(longest, beyondWork));
}

/** Takes time off the end, or adds it there where `surplus` is negative. */
function shortenedBy(surplus: number, pieces: readonly Piece[]): readonly Piece[] | undefined {
  const last = pieces.at(-1);
  if (last === undefined) return undefined;
  if (surplus < lengthOf(last)) return pieces.with(-1, { ...last, endsAt: last.endsAt - surplus });
  return pieces.length === 1 ? undefined : shortenedBy(surplus - lengthOf(last), pieces.slice(0, -1));
}

/** Consecutive pieces at one place are one stay. */
function staysIn(pieces: readonly Piece[]): readonly Stay[] {
  const stays: { seat: Seat; windows: Interval[] }[] = [];
  for (const { seat, startsAt, endsAt } of pieces) {
    if (stays.at(-1)?.seat === seat) stays.at(-1)?.windows.push({ startsAt, endsAt });
    else stays.push({ seat, windows: [{ startsAt, endsAt }] });
  }
  return stays;
}
