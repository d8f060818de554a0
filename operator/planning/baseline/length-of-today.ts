import type { BaselineCost } from '../../domain/decision.ts';
import { expectedWork, farthest } from '../../domain/length/survival.ts';
import { energyOf } from '../../domain/units.ts';
import type { Seat } from '../candidate.ts';
import { survivalOf } from '../unknown-length/planned-work.ts';
import { acceleratorOf } from './power-of-today.ts';
import { withEnergyTimes } from './scaled.ts';

/** Statuses tell thousandths of a kilowatt-hour: what differs by no more is the same, or the grams of tiny jobs would grow with every write. */
const ROUNDING_KWH = 0.000501;

/**
 * The kept baseline of a job of unknown length, for the length that is expected of it today: one that has run for a day
 * is no longer compared with the two hours that it was once taken for. What each hour uses, emits and costs stays.
 * @param kept by the power of today: or its devices would be taken to cost more or less with that
 * @param home the job's seat there
 */
export function withLengthOfToday(kept: BaselineCost, home: Seat): BaselineCost {
  const { job, draw, pool, speed } = home;
  if (job.lengthBelief === undefined || !(kept.energy > 0)) return kept;
  const survival = survivalOf(job, job.lengthBelief);
  const done = job.totalWork - job.remainingWork;
  const work = done + expectedWork(survival, farthest(survival));
  const ofToday = {
    ...kept,
    ...(pool !== undefined && { accelerator: acceleratorOf(pool) }),
    finishesAt: kept.startsAt + job.totalWork / speed,
  };
  const energy = energyOf(draw.reported, work / speed);
  if (Math.abs(energy - kept.energy) <= ROUNDING_KWH) return ofToday;
  const share = energy / kept.energy;
  return { ...withEnergyTimes(share, ofToday), money: share * kept.money };
}
