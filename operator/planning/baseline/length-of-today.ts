import type { BaselineCost } from '../../domain/decision.ts';
import { expectedWork, farthest } from '../../domain/length/survival.ts';
import { priceOutsideSamples } from '../../domain/site.ts';
import { energyOf, HOUR_MS, type DurationMs } from '../../domain/units.ts';
import type { Seat } from '../candidate.ts';
import { nodesPerHour } from '../pricing/cost.ts';
import { survivalOf } from '../unknown-length/planned-work.ts';
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
  const copying = copyingAt(home, data.staging);
  const energy = copying.energy + energyOf(draw.reported, work / speed);
  if (Math.abs(energy - kept.energy) <= ROUNDING_KWH) return ofToday;
  // Where links were others when it was made, all of it is taken for work.
  const fixed = copying.energy < kept.energy ? copying : NOTHING;
  const share = (energy - fixed.energy) / (kept.energy - fixed.energy);
  const money = fixed.money + share * (kept.money - fixed.money);
  return { ...withEnergyTimes(energy / kept.energy, ofToday), money };
}

const NOTHING = { energy: 0, money: 0 };

/** Kilowatt-hours, and money without regard to the hour: nobody knows any more when it would have been. */
function copyingAt(home: Seat, staging: DurationMs): { readonly energy: number; readonly money: number } {
  const { copyingDraw, data, site } = home;
  const energy = energyOf(copyingDraw.reported, staging);
  const held = nodesPerHour(home) * (staging / HOUR_MS);
  return { energy, money: held + data.staged.money + energy * priceOutsideSamples(site) };
}
