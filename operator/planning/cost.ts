import { sumOf, type Emissions } from '../domain/intensity.ts';
import type { Interval } from '../domain/interval.ts';
import { lengthOf } from '../domain/interval.ts';
import type { Spent } from '../domain/job.ts';
import { energyOf, grams, HOUR_MS, kilowattHours, type DurationMs, type Watts } from '../domain/units.ts';
import { finishOf, startOf, type Candidate, type Seat } from './candidate.ts';
import { priceHoursOver } from './grid/electricity-on-grid.ts';
import { gramHoursOver } from './grid/intensity-on-grid.ts';
import { ignoresCarbon, scoreOf } from './score.ts';

const WATTS_PER_KILOWATT = 1_000;

/** Prices windows on a seat: energy, carbon and money of the whole job, and the score by which it is compared. */
export function priced(seat: Seat, windows: readonly Interval[], staging: DurationMs): Candidate {
  const { job, site, draw, weights, reference } = seat;
  const running = withoutStaging(windows, staging);
  const runningMs = running.reduce((sum, window) => sum + lengthOf(window), 0);
  const gramHours = running.reduce((sum, run) => sum + gramHoursOf(seat, run), 0);
  const priceHours = running.reduce((sum, run) => sum + priceHoursOver(seat.electricity, run), 0);
  const nodes = nodesPerHour(seat) * (windows.reduce((sum, window) => sum + lengthOf(window), 0) / HOUR_MS);
  const gramsOf = (power: Watts): number => kilowatts(power) * gramHours;
  const moneyOf = (power: Watts): number => nodes + kilowatts(power) * priceHours;
  const finishesAt = finishOf(windows);
  return {
    seat,
    windows,
    staging,
    pauses: windows.length - 1 + (job.phase === 'Running' && startOf(windows) > seat.now ? 1 : 0),
    expected: {
      site: site.name,
      energy: kilowattHours(job.spent.energy + energyOf(draw.reported, runningMs)),
      carbon: withSpent(emissions(seat, gramsOf(draw.reported)), job.spent),
      money: job.spent.money + moneyOf(draw.reported),
      currency: site.currency,
      startsAt: startOf(windows),
      finishesAt,
    },
    score: scoreOf(weights, {
      grams: ignoresCarbon(weights) ? 0 : gramsOf(draw.decided),
      money: moneyOf(draw.decided),
      finishesAt,
      delayCountsFrom: reference.finishesAt,
    }),
  };
}

/** Money for the devices that a job holds, for each hour that it holds them. */
export function nodesPerHour({ job, pool }: Seat): number {
  return job.devices * (pool?.pricePerHour ?? 0);
}

export function kilowatts(power: Watts): number {
  return power / WATTS_PER_KILOWATT;
}

function withoutStaging(windows: readonly Interval[], staging: DurationMs): readonly Interval[] {
  const [first, ...rest] = windows;
  if (first === undefined || staging === 0) return windows;
  return [{ startsAt: Math.min(first.startsAt + staging, first.endsAt), endsAt: first.endsAt }, ...rest];
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
