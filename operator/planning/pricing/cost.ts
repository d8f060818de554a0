import { sumOf, type Emissions } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { lengthOf } from '../../domain/interval.ts';
import type { Spent } from '../../domain/job.ts';
import { energyOf, grams, HOUR_MS, kilowattHours, SECOND_MS, type DurationMs, type Watts } from '../../domain/units.ts';
import { finishOf, isWhereItIs, startOf, type Candidate, type Seat, type Stay } from '../candidate.ts';
import { priceHoursOver } from '../grid/electricity-on-grid.ts';
import { gramHoursOver } from '../grid/intensity-on-grid.ts';
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
  const uses = [useOf({ seat, windows }, staging), ...moves.map((stay) => useOf(stay, 0))];
  const sum = (figureOf: (use: Use) => number): number => uses.reduce((total, use) => total + figureOf(use), 0);
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
      energy: kilowattHours(job.spent.energy + sum(({ energy }) => energy)),
      carbon: withSpent(carbonOf(uses), job.spent),
      money: job.spent.money + sum(({ reported }) => reported.money),
      currency: site.currency,
      startsAt: startOf(windows),
      finishesAt,
    },
    score: scoreOf(weights, {
      grams: ignoresCarbon(weights) ? 0 : sum(({ decided }) => decided.grams),
      money: sum(({ decided }) => decided.money),
      finishesAt: finishesAt - sum(({ unlikelyWait }) => unlikelyWait),
      delayCountsFrom: reference.finishesAt,
    }),
  };
}

/** A running job is not stopped by it. */
function goesOn(seat: Seat, windows: readonly Interval[]): boolean {
  return startOf(windows) <= seat.now && isWhereItIs(seat);
}

interface Amounts {
  readonly grams: number;
  readonly money: number;
}

/** What a stay uses: all of it, and what of that depends on the decision. */
interface Use {
  readonly energy: number;
  readonly reported: Amounts;
  readonly decided: Amounts;
  readonly carbon: Emissions | undefined;
  /** See {@link ExpectedUse}. */
  readonly unlikelyWait: DurationMs;
}

function useOf({ seat, windows }: Stay, staging: DurationMs): Use {
  const copying = copyingPart(windows, Math.min(seat.data.staging, staging), staging);
  const { heldMs, runningMs, gramHours, priceHours, unlikelyWait } = timeUsed({ seat, windows }, staging);
  const nodes = nodesPerHour(seat) * (heldMs / HOUR_MS);
  const egress = seat.data.staged.money + egressPerHour(seat) * (runningMs / HOUR_MS);
  const amountsAt = (power: Watts, whileCopying: Watts): Amounts => ({
    grams:
      kilowatts(power) * gramHours + (copying === undefined ? 0 : kilowatts(whileCopying) * gramHoursOf(seat, copying)),
    money:
      nodes +
      egress +
      kilowatts(power) * priceHours +
      (copying === undefined ? 0 : kilowatts(whileCopying) * priceHoursOver(seat.electricity, copying)),
  });
  const { draw, copyingDraw } = seat;
  const reported = amountsAt(draw.reported, copyingDraw.reported);
  return {
    energy:
      energyOf(draw.reported, runningMs) +
      (copying === undefined ? 0 : energyOf(copyingDraw.reported, lengthOf(copying))),
    reported,
    decided: amountsAt(draw.decided, copyingDraw.decided),
    carbon: emissions(seat, reported.grams),
    unlikelyWait,
  };
}

/** All of the windows; where nobody knows how long the job takes, each moment by the probability that it still runs. */
function timeUsed({ seat, windows }: Stay, staging: DurationMs): ExpectedUse {
  const { lengthBelief } = seat.job;
  if (lengthBelief !== undefined) return expectedUse(seat, lengthBelief, windows, staging);
  const running = withoutStaging(windows, staging);
  return {
    heldMs: windows.reduce((sum, window) => sum + lengthOf(window), 0),
    runningMs: running.reduce((sum, window) => sum + lengthOf(window), 0),
    gramHours: running.reduce((sum, run) => sum + gramHoursOf(seat, run), 0),
    priceHours: running.reduce((sum, run) => sum + priceHoursOver(seat.electricity, run), 0),
    unlikelyWait: 0,
  };
}

/** Of all stays; unknown where that of one is, or they are of unlike kinds. */
function carbonOf(uses: readonly Use[]): Emissions | undefined {
  return uses
    .map(({ carbon }) => carbon)
    .reduce((a, b) => (a === undefined || b === undefined ? undefined : sumOf(a, b)));
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
