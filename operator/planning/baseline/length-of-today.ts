import type { BaselineCost } from '../../domain/decision.ts';
import { expectedWork, farthest } from '../../domain/length/survival.ts';
import { energyOf } from '../../domain/units.ts';
import type { Seat } from '../candidate.ts';
import { survivalOf } from '../unknown-length/planned-work.ts';
import { withEnergy } from './with-energy.ts';

/**
 * The kept baseline of a job of unknown length, for the length that is expected of it today: one that has run for a day
 * is no longer compared with the two hours that it was once taken for. What each kilowatt-hour emits and costs stays.
 * @param home the job's seat there
 */
export function withLengthOfToday(kept: BaselineCost, home: Seat): BaselineCost {
  const { job, draw, speed } = home;
  if (job.lengthBelief === undefined || !(kept.energy > 0)) return kept;
  const survival = survivalOf(job, job.lengthBelief);
  const done = job.totalWork - job.remainingWork;
  const work = done + expectedWork(survival, farthest(survival));
  const ofToday = withEnergy(kept, energyOf(draw.reported, work / speed), 0);
  return { ...ofToday, finishesAt: kept.startsAt + job.totalWork / speed };
}
