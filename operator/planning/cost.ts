import type { Interval } from '../domain/interval.ts';
import { lengthOf } from '../domain/interval.ts';
import { energyOf, grams, HOUR_MS, kilowattHours, type DurationMs, type Watts } from '../domain/units.ts';
import { finishOf, startOf, type Candidate, type Seat } from './candidate.ts';
import { integralOver } from './forecast.ts';
import { ignoresCarbon, scoreOf } from './score.ts';

const WATTS_PER_KILOWATT = 1_000;

/** Prices windows on a seat: energy, carbon and money of the whole job, and the score by which it is compared. */
export function priced(seat: Seat, windows: readonly Interval[], staging: DurationMs): Candidate {
  const { job, site, draw, weights, reference } = seat;
  const running = withoutStaging(windows, staging);
  const runningMs = running.reduce((sum, window) => sum + lengthOf(window), 0);
  const occupiedMs = windows.reduce((sum, window) => sum + lengthOf(window), 0);
  const gramHoursPerKilowattHour = running.reduce((sum, run) => sum + intensityOf(seat, run), 0);
  const money = (power: Watts): number => moneyOf(seat, power, runningMs, occupiedMs);
  const carbonTo = (power: Watts): number => (power / WATTS_PER_KILOWATT) * gramHoursPerKilowattHour;
  const carbon = carbonTo(draw.reported);
  const unknown = Number.isNaN(carbon) || job.spent.carbon === undefined;
  const finishesAt = finishOf(windows);
  return {
    seat,
    windows,
    staging,
    pauses: windows.length - 1 + (job.phase === 'Running' && startOf(windows) > seat.now ? 1 : 0),
    expected: {
      site: site.name,
      energy: kilowattHours(job.spent.energy + energyOf(draw.reported, runningMs)),
      carbon: unknown ? undefined : grams(job.spent.carbon + carbon),
      money: job.spent.money + money(draw.reported),
      currency: site.currency,
      startsAt: startOf(windows),
      finishesAt,
    },
    score: scoreOf(weights, {
      grams: ignoresCarbon(weights) ? 0 : carbonTo(draw.decided),
      money: money(draw.decided),
      finishesAt,
      delayCountsFrom: reference.finishesAt,
    }),
  };
}

/** The first entry of the score of work with so many gram-hours per kilowatt that begins now and is never interrupted. */
export function leastScore(seat: Seat, work: DurationMs, gramHoursPerKilowatt: number): number {
  const { draw, weights, reference, now } = seat;
  const [least = NaN] = scoreOf(weights, {
    grams: (draw.decided / WATTS_PER_KILOWATT) * gramHoursPerKilowatt,
    money: moneyOf(seat, draw.decided, work, work),
    finishesAt: now + work,
    delayCountsFrom: reference.finishesAt,
  });
  return least;
}

function withoutStaging(windows: readonly Interval[], staging: DurationMs): readonly Interval[] {
  const [first, ...rest] = windows;
  if (first === undefined || staging === 0) return windows;
  return [{ startsAt: Math.min(first.startsAt + staging, first.endsAt), endsAt: first.endsAt }, ...rest];
}

function intensityOf(seat: Seat, window: Interval): number {
  return seat.intensity === undefined ? NaN : integralOver(seat.intensity, window.startsAt, window.endsAt);
}

/** Node price of the time that devices are held, and electricity of the time that they work. */
function moneyOf(seat: Seat, power: Watts, runningMs: DurationMs, occupiedMs: DurationMs): number {
  const nodes = seat.job.devices * (seat.pool?.pricePerHour ?? 0) * (occupiedMs / HOUR_MS);
  return nodes + energyOf(power, runningMs) * seat.site.electricityPricePerKilowattHour;
}
