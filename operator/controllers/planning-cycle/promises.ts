import type { BaselineCost, Decision, Option, Plan } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { baselineTold, placementAhead } from '../carbonawarejob/plannable/promise.ts';
import { baselineShown, placesShown, type PlacesShown } from '../carbonawarejob/status/plan-summary.ts';

/**
 * Jobs whose first plan is not in their status yet hold to what was published: no one changes their mind between a
 * decision and the write that tells it. They hold to it as the status will tell it, rounded: once that is written, the job is the one
 * that it was, and need not choose again.
 */
export function withPromises(snapshot: PlanningSnapshot, published: Plan | undefined): PlanningSnapshot {
  const jobs = snapshot.jobs.map((job) => {
    const decision = published?.decisions.get(job.key);
    if (job.current !== undefined || job.phase !== 'Waiting' || decision?.revision !== job.revision) return job;
    return withPromise(job, decision, snapshot.now);
  });
  return { ...snapshot, jobs };
}

function withPromise(job: PlannableJob, decision: Decision, now: EpochMs): PlannableJob {
  const { baseline, chosen } = decision;
  if (chosen === undefined) return job;
  return {
    ...job,
    current: placementAhead(placesOf(chosen, now), now),
    baseline: job.baseline ?? (baseline && toldOf(baseline, job.createdAt)),
  };
}

/** From plan to plan most choices are the very ones that they were. */
const PLACES = new WeakMap<Option, PlacesShown>();

function placesOf(chosen: Option, now: EpochMs): PlacesShown {
  const places = PLACES.get(chosen) ?? placesShown(chosen, { attempts: [], now });
  PLACES.set(chosen, places);
  return places;
}

/** The same goes for what they are compared with. */
const BASELINES = new WeakMap<BaselineCost, BaselineCost>();

/**
 * What was told before is told again only of a job that came at the same time: all else of it is the decision's own.
 * @param createdAt of the job
 */
function toldOf(baseline: BaselineCost, createdAt: EpochMs): BaselineCost | undefined {
  const known = BASELINES.get(baseline);
  if (known?.startsAt === createdAt) return known;
  const told = baselineTold(baselineShown(baseline), createdAt);
  if (told !== undefined) BASELINES.set(baseline, told);
  return told;
}
