import type { BaselineCost } from '../../domain/decision.ts';
import { expectedWork, farthest } from '../../domain/length/survival.ts';
import { priceOutsideSamples } from '../../domain/site.ts';
import { energyOf } from '../../domain/units.ts';
import type { Seat } from '../candidate.ts';
import { egressPerHour, kilowatts, nodesPerHour } from '../pricing/cost.ts';
import { survivalOf } from '../unknown-length/planned-work.ts';
import { copyingTo, type Copying } from './copying.ts';
import { acceleratorOf } from './power-of-today.ts';
import { withEnergyTimes } from './scaled.ts';

/** Statuses tell thousandths of a kilowatt-hour: what differs by no more is the same, or the grams of tiny jobs would grow with every write. */
const ROUNDING_KWH = 0.000501;

/**
 * The kept baseline of a job of unknown length, for the length that is expected of it today: one that has run for a day
 * is no longer compared with the two hours that it was once taken for. What each hour of work uses and costs stays, and so does
 * what each kilowatt-hour emits; data are copied once, however long the work is.
 * @param kept by the power of today: or its devices would be taken to cost more or less with that
 * @param home the job's seat there, with nothing staged
 */
export function withLengthOfToday(kept: BaselineCost, home: Seat): BaselineCost {
  const { data, job, draw, pool, speed } = home;
  if (job.lengthBelief === undefined || !(kept.energy > 0)) return kept;
  const survival = survivalOf(job, job.lengthBelief);
  const done = job.totalWork - job.remainingWork;
  const work = done + expectedWork(survival, farthest(survival));
  const ofToday = {
    ...kept,
    ...(pool !== undefined && { accelerator: acceleratorOf(pool) }),
    finishesAt: kept.startsAt + data.staging + job.totalWork / speed,
  };
  const copying = copyingTo(home);
  const energy = copying.energy + energyOf(draw.reported, work / speed);
  if (Math.abs(energy - kept.energy) <= ROUNDING_KWH) return ofToday;
  return { ...withEnergyTimes(energy / kept.energy, ofToday), money: moneyFor(energy, { kept, home, copying }) };
}

/** By how much a price of work may be another than that of today and still be one. */
const MOST_OFF = 2;

interface Told {
  readonly kept: BaselineCost;
  readonly home: Seat;
  readonly copying: Copying;
}

/**
 * For copying, and for each kilowatt-hour of work what it cost when the baseline was made. That can be told apart from the copying
 * only where links are still what they were: else all of it costs the same.
 */
function moneyFor(energy: number, { copying, home, kept }: Told): number {
  const perKilowattHour = (kept.money - copying.money) / (kept.energy - copying.energy);
  const today = workPerKilowattHour(home);
  const isToldApart =
    copying.energy < kept.energy && perKilowattHour >= today / MOST_OFF && perKilowattHour <= today * MOST_OFF;
  if (!isToldApart) return (energy / kept.energy) * kept.money;
  return copying.money + (energy - copying.energy) * perKilowattHour;
}

/** Money without regard to the hour. */
function workPerKilowattHour(home: Seat): number {
  return (nodesPerHour(home) + egressPerHour(home)) / kilowatts(home.draw.reported) + priceOutsideSamples(home.site);
}
