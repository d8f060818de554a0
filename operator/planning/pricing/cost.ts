import { sumOf, type Emissions } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import type { Spent } from '../../domain/job.ts';
import { energyOf, grams, HOUR_MS, kilowattHours, SECOND_MS, type DurationMs, type Watts } from '../../domain/units.ts';
import { finishOf, isWhereItIs, startOf, type Candidate, type Seat, type Stay } from '../candidate.ts';
import { priceHoursOver } from '../grid/electricity-on-grid.ts';
import { gramHoursOver } from '../grid/intensity-on-grid.ts';
import type { PowerDraw } from './energy.ts';
import { ignoresCarbon, scoreOf } from './score.ts';
import { expectedUse, type ExpectedUse } from '../unknown-length/expected-use.ts';

const WATTS_PER_KILOWATT = 1_000;

/** Prices windows on a seat, and those on the ones that it goes on to: energy, carbon and money of the whole job, and its score. */
export function priced(
  seat: Seat,
  windows: readonly Interval[],
  staging: DurationMs,
  moves: readonly Stay[] = [],
): Candidate {
  const { job, site, weights, reference } = seat;
  const used = usedBy(seat, windows, staging, moves);
  const pieces = windows.length + moves.reduce((count, stay) => count + stay.windows.length, 0);
  const finishesAt = finishOf(moves.at(-1)?.windows ?? windows);
  return {
    seat,
    windows,
    moves,
    staging,
    pauses: pieces - 1 + (job.phase === 'Running' && !goesOn(seat, windows) ? 1 : 0),
    expected: {
      site: site.name,
      energy: kilowattHours(job.spent.energy + used.energy),
      carbon: withSpent(used.carbon, job.spent),
      money: job.spent.money + used.money,
      currency: site.currency,
      startsAt: startOf(windows),
      finishesAt,
    },
    score: scoreOf(weights, {
      grams: ignoresCarbon(weights) ? 0 : used.decidedGrams,
      money: used.decidedMoney,
      finishesAt: finishesAt - used.unlikelyWait,
      delayCountsFrom: reference.finishesAt,
    }),
  };
}

/** Of all stays together; grams are unknown where those of one are, or they are of unlike kinds. */
function usedBy(seat: Seat, windows: readonly Interval[], staging: DurationMs, moves: readonly Stay[]): Use {
  const first = useOf({ seat, windows }, staging);
  return moves.reduce((sum, stay) => bothOf(sum, useOf(stay, 0)), first);
}

function bothOf(a: Use, b: Use): Use {
  return {
    energy: a.energy + b.energy,
    money: a.money + b.money,
    carbon: a.carbon === undefined || b.carbon === undefined ? undefined : sumOf(a.carbon, b.carbon),
    decidedGrams: a.decidedGrams + b.decidedGrams,
    decidedMoney: a.decidedMoney + b.decidedMoney,
    unlikelyWait: a.unlikelyWait + b.unlikelyWait,
  };
}

/** A running job is not stopped by it. */
function goesOn(seat: Seat, windows: readonly Interval[]): boolean {
  return startOf(windows) <= seat.now && isWhereItIs(seat);
}

/** What a stay uses: all of it, and what of that depends on the decision. */
interface Use {
  /** In kWh. */
  readonly energy: number;
  readonly money: number;
  readonly carbon: Emissions | undefined;
  readonly decidedGrams: number;
  readonly decidedMoney: number;
  /** See {@link ExpectedUse}. */
  readonly unlikelyWait: DurationMs;
}

function useOf({ seat, windows }: Stay, staging: DurationMs): Use {
  const { copyingDraw, data, draw, electricity } = seat;
  const time = timeUsed(seat, windows, staging);
  const always =
    nodesPerHour(seat) * (time.heldMs / HOUR_MS) + data.staged.money + egressPerHour(seat) * (time.runningMs / HOUR_MS);
  const working = drawnAt(seat, draw, time, always);
  const copying = copyingPart(windows, Math.min(data.staging, staging), staging);
  if (copying === undefined) return working;
  const whileCopying = {
    runningMs: lengthOf(copying),
    gramHours: gramHoursOf(seat, copying),
    priceHours: priceHoursOver(electricity, copying),
    unlikelyWait: 0,
  };
  return bothOf(working, drawnAt(seat, copyingDraw, whileCopying, 0));
}

/** @param always money that is spent beside the electricity */
function drawnAt(
  seat: Seat,
  { decided, reported }: PowerDraw,
  { runningMs, gramHours, priceHours, unlikelyWait }: Omit<ExpectedUse, 'heldMs'>,
  always: number,
): Use {
  return {
    energy: energyOf(reported, runningMs),
    money: always + kilowatts(reported) * priceHours,
    carbon: emissions(seat, kilowatts(reported) * gramHours),
    decidedGrams: kilowatts(decided) * gramHours,
    decidedMoney: always + kilowatts(decided) * priceHours,
    unlikelyWait,
  };
}

/** All of the windows; where nobody knows how long the job takes, each moment by the probability that it still runs. */
function timeUsed(seat: Seat, windows: readonly Interval[], staging: DurationMs): ExpectedUse {
  const { lengthBelief } = seat.job;
  if (lengthBelief !== undefined) return expectedUse(seat, lengthBelief, windows, staging);
  let heldMs = 0;
  let runningMs = 0;
  let gramHours = 0;
  let priceHours = 0;
  for (const window of windows) heldMs += lengthOf(window);
  for (const run of withoutStaging(windows, staging)) {
    runningMs += lengthOf(run);
    gramHours += gramHoursOf(seat, run);
    priceHours += priceHoursOver(seat.electricity, run);
  }
  return { heldMs, runningMs, gramHours, priceHours, unlikelyWait: 0 };
}

/** Money for the devices that a job holds, for each hour that it holds them. */
export function nodesPerHour({ job, pool }: Seat): number {
  return job.devices * (pool?.pricePerHour ?? 0);
}

/** Money for what the job reads over links in an hour of work. */
export function egressPerHour({ data, speed }: Seat): number {
  return data.streamedPerSecond.money * speed * (HOUR_MS / SECOND_MS);
}

export function kilowatts(power: Watts): number {
  return power / WATTS_PER_KILOWATT;
}

function withoutStaging(windows: readonly Interval[], staging: DurationMs): readonly Interval[] {
  const [first, ...rest] = windows;
  if (first === undefined || staging === 0) return windows;
  return [{ startsAt: Math.min(first.startsAt + staging, first.endsAt), endsAt: first.endsAt }, ...rest];
}

/** The end of the staging, in which data are copied to devices that are there; `undefined` where none are. */
function copyingPart([first]: readonly Interval[], copying: DurationMs, staging: DurationMs): Interval | undefined {
  if (first === undefined || copying <= 0) return undefined;
  const endsAt = Math.min(first.startsAt + staging, first.endsAt);
  return { startsAt: Math.max(first.startsAt, endsAt - copying), endsAt };
}

function gramHoursOf({ intensity }: Seat, { startsAt, endsAt }: Interval): number {
  return intensity === undefined ? NaN : gramHoursOver(intensity, startsAt, endsAt);
}

function emissions({ intensity }: Seat, mass: number): Emissions | undefined {
  if (intensity === undefined || Number.isNaN(mass)) return undefined;
  return { grams: grams(mass), kind: intensity.kind, rung: intensity.rung };
}

/** Grams of unlike kinds have no sum. */
function withSpent(toCome: Emissions | undefined, { carbon }: Spent): Emissions | undefined {
  if (toCome === undefined || carbon === undefined) return undefined;
  return carbon === 0 ? toCome : sumOf(toCome, carbon);
}
