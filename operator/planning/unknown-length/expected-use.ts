import type { Interval } from '../../domain/interval.ts';
import { expectedWork, farthest, meanShare, shareAfter, survivalFrom } from '../../domain/length/survival.ts';
import type { LengthBelief } from '../../domain/length/length-belief.ts';
import { type DurationMs, type EpochMs } from '../../domain/units.ts';
import { isWhereItIs, type Seat } from '../candidate.ts';
import { priceHoursOver } from '../grid/electricity-on-grid.ts';
import { gramHoursOver } from '../grid/intensity-on-grid.ts';
import { edge, slotAt, type TimeGrid } from '../grid/time-grid.ts';
import { costsAhead } from './costs-ahead.ts';

/** What windows on a seat come to, each moment by the probability that the job still runs. */
export interface ExpectedUse {
  /** Time in which devices are held. */
  readonly heldMs: DurationMs;
  /** Of that the time in which the job runs: staging is left out. */
  readonly runningMs: DurationMs;
  /** Integrals over the running time, in g/kWh x h and in money per kWh x h. */
  readonly gramHours: number;
  readonly priceHours: number;
  /** Of the pauses between the windows: what of them the job is not expected to live to see. */
  readonly unlikelyWait: DurationMs;
}

/** A stretch of running, and how likely it is. */
interface Stretch extends Interval {
  readonly share: number;
}

/**
 * After the last window the job is expected to run on for as long as it takes: windows end with what it is planned for. Times
 * of that whose intensity is unknown count as the mean of the known ones; within the windows they make it unknown (NaN).
 */
export function expectedUse(
  seat: Seat,
  belief: LengthBelief,
  windows: readonly Interval[],
  staging: DurationMs,
): ExpectedUse {
  const { job, speed, electricity } = seat;
  const survival = survivalFrom(belief, job.totalWork - job.remainingWork);
  const { restartOverhead = 0, moveOverhead = 0 } = job.interruptible ?? {};
  const total = { heldMs: staging, runningMs: 0, gramHours: 0, priceHours: 0, unlikelyWait: 0 };
  let worked = 0;
  let before: EpochMs | undefined;
  const add = ({ startsAt, endsAt, share }: Stretch, gramHours: number): void => {
    total.heldMs += share * (endsAt - startsAt);
    total.runningMs += share * (endsAt - startsAt);
    total.gramHours += share * gramHours;
    total.priceHours += share * priceHoursOver(electricity, { startsAt, endsAt });
  };
  for (const [i, window] of windows.entries()) {
    const resumes = i > 0 || job.phase === 'Paused';
    const overhead = resumes ? restartOverhead + (i === 0 && !isWhereItIs(seat) ? moveOverhead : 0) : 0;
    const share = shareAfter(survival, worked * speed);
    if (before !== undefined) total.unlikelyWait += (1 - share) * (window.startsAt + overhead - before);
    const begin = window.startsAt + (i === 0 ? staging : 0);
    const worksFrom = Math.min(window.endsAt, begin + overhead);
    if (worksFrom > begin) {
      const repeated = { startsAt: begin, endsAt: worksFrom, share };
      add(repeated, gramHoursOf(seat, repeated));
    }
    for (const stretch of stretches(seat, worksFrom, window.endsAt)) {
      const length = stretch.endsAt - stretch.startsAt;
      add(
        { ...stretch, share: meanShare(survival, worked * speed, (worked + length) * speed) },
        gramHoursOf(seat, stretch),
      );
      worked += length;
    }
    before = window.endsAt;
  }
  const left = farthest(survival) / speed - worked;
  if (before === undefined || left <= 0) return total;
  return runningOn(seat, {
    from: before,
    left,
    worked,
    total,
    expected: (work) => expectedWork(survival, work * speed) / speed,
  });
}

interface RunningOn {
  readonly from: EpochMs;
  readonly left: DurationMs;
  readonly worked: DurationMs;
  readonly total: ExpectedUse;
  /** Of the time that an amount of work takes here. */
  readonly expected: (work: DurationMs) => DurationMs;
}

function runningOn(seat: Seat, { from, left, worked, total, expected }: RunningOn): ExpectedUse {
  const { electricity, intensity } = seat;
  const grid = gridOf(seat);
  const stepMs = grid?.slot ?? left;
  const count = Math.ceil(left / stepMs) + 1;
  const rates = { perGramHour: 1, perPriceHour: 0 };
  const ahead = grid && costsAhead({ grid, intensity, prices: undefined, rates }, from, { count, slotsPerStep: 1 });
  let { heldMs, runningMs, gramHours, priceHours } = total;
  let done = worked;
  let before = expected(done);
  for (let step = ahead === undefined ? 0 : -1; done < worked + left; step++) {
    const length = step < 0 ? (ahead?.headMs ?? 0) : stepMs;
    if (length <= 0) continue;
    const after = expected(Math.min(worked + left, done + length));
    const ms = after - before;
    before = after;
    const startsAt = from + done - worked;
    heldMs += ms;
    runningMs += ms;
    gramHours += (ms / length) * ((step < 0 ? ahead?.headCost : ahead?.cost[step]) ?? NaN);
    priceHours += (ms / length) * priceHoursOver(electricity, { startsAt, endsAt: startsAt + length });
    done += length;
  }
  return { ...total, heldMs, runningMs, gramHours: intensity === undefined ? NaN : gramHours, priceHours };
}

/** Absent where nothing varies. */
function gridOf({ intensity, electricity }: Seat): TimeGrid | undefined {
  return intensity?.grid ?? electricity.varying?.grid;
}

function gramHoursOf({ intensity }: Seat, { startsAt, endsAt }: Interval): number {
  return intensity === undefined ? NaN : gramHoursOver(intensity, startsAt, endsAt);
}

/** A window by slots: within one the figures are even. */
function stretches(seat: Seat, from: EpochMs, until: EpochMs): readonly Interval[] {
  const grid = gridOf(seat);
  const found: Interval[] = [];
  let startsAt = from;
  while (startsAt < until) {
    const slot = grid === undefined ? 0 : slotAt(grid, startsAt);
    const endsAt = grid === undefined || slot >= grid.slots ? until : Math.min(until, edge(grid, slot + 1));
    found.push({ startsAt, endsAt });
    startsAt = endsAt;
  }
  return found;
}
