import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import { finishOf, type Candidate, type Seat } from '../candidate.ts';
import { inWords } from './comparison.ts';
import { edge, slotAt, slotFrom } from '../grid/time-grid.ts';
import { lengthInOnePiece } from '../search/seat-search.ts';
import type { Seating } from '../seats.ts';

/** Rules that someone could loosen. */
const LOOSENABLE = new Set(['SiteNotAllowed', 'SiteDenied', 'PolicyForbidsSite', 'SlowdownExceeded']);

/** Why no option meets the deadline, by how much the best one misses it, and what would make it feasible. */
export function wordsForLate(job: PlannableJob, chosen: Candidate, { seats, refused }: Seating): string {
  const finishesAt = finishOf(chosen.moves.at(-1)?.windows ?? chosen.windows);
  const late = `no option meets the deadline: the earliest finish, at ${chosen.seat.site.name}, is ${inWords(finishesAt - job.deadline)} late`;
  const remedies = [`a deadline at ${formatTime(finishesAt)} or later`];
  const open = seats.filter(({ site }) => site.schedulable);
  const inTime = open.filter((seat) => seat.now + quickest(seat) <= job.deadline);
  if (inTime.length === 0) {
    const least = Math.min(...open.map(quickest));
    const left = Math.max(0, job.deadline - chosen.seat.now);
    return `${late}; it takes ${inWords(least)} and ${inWords(left)} are left: it needs ${remedies.join('')}, or a faster accelerator`;
  }
  const lacks = inTime.map((seat) => ({ seat, devices: devicesLacking(seat) })).filter(({ devices }) => devices > 0);
  const [closest] = lacks.toSorted((a, b) => a.devices - b.devices);
  if (closest !== undefined) {
    const { site, pool } = closest.seat;
    remedies.push(`${String(closest.devices)} more of ${pool?.product ?? 'its devices'} free at ${site.name}`);
  }
  const closed = refused.find(({ reason }) => LOOSENABLE.has(reason));
  if (closed !== undefined) remedies.push(`another site (${closed.message})`);
  return `${late}; it needs ${remedies.join(', or ')}`;
}

/** How long it holds the seat if all devices were free. */
function quickest(seat: Seat): DurationMs {
  const { job, pool } = seat;
  const provisioning = pool !== undefined && pool.capacity < job.devices ? pool.provisioning : 0;
  return lengthInOnePiece(seat) + provisioning;
}

/** Devices that would have to be free besides, for a start at once or the latest one that is in time, whichever needs fewer. */
function devicesLacking(seat: Seat): number {
  const { job, ledger, now, pool } = seat;
  if (ledger === undefined || pool === undefined) return 0;
  const length = lengthInOnePiece(seat);
  const limit = Math.max(pool.capacity, pool.maxCapacity) - pool.heldByOthers;
  const mostBooked = (startsAt: EpochMs): number => {
    let most = 0;
    const end = slotFrom(ledger.grid, startsAt + length);
    for (let slot = slotAt(ledger.grid, startsAt); slot < end; slot++)
      most = Math.max(most, ledger.all.booked[slot] ?? 0);
    return most;
  };
  const latest = Math.min(job.deadline, edge(ledger.grid, ledger.grid.slots)) - length;
  return Math.max(0, Math.min(mostBooked(now), mostBooked(Math.max(now, latest))) + job.devices - limit);
}
