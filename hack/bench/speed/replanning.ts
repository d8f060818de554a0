import type { Decision, Plan } from '../../../operator/domain/decision.ts';
import type { PlannableJob } from '../../../operator/domain/job.ts';
import { planOn, planOneMore, type Planned } from '../../../operator/planning/plan.ts';
import type { PlanningSnapshot } from '../../../operator/planning/snapshot.ts';
import type { Changes, Replanned } from './measurement.ts';
import { jobsToCome, speedSnapshot, withNewForecast, type SpeedSetup } from './speed-snapshot.ts';
import { timed, times } from './stopwatch.ts';

const TIMES = 3;
const NEWCOMERS = 200;
/** Of the jobs, those that may use the site whose forecast changes. */
const CONCERNED = 0.1;

/** What a change costs once there is a plan that everybody has been told. */
export function measureChanges(setup: SpeedSetup): Changes {
  const partly = { ...setup, onFirstSite: CONCERNED };
  const promised = withPromises(speedSnapshot(partly));
  const { took: anew, last: standing } = timed([promised], (snapshot) => planOn(undefined, snapshot));
  const newcomers = jobsToCome(NEWCOMERS, partly);
  const joined = newcomers.slice(0, TIMES).map((job) => ({ ...promised, jobs: [...promised.jobs, job] }));
  return {
    anew,
    oneJobMore: timed(newcomers, (job) => planOneMore(standing.memory, job), 'before the first').took,
    unchanged: replanned(standing, times(TIMES, promised), standing.plan),
    oneJobCame: replanned(standing, joined),
    newForecast: replanned(standing, times(TIMES, withNewForecast(promised))),
  };
}

/** The jobs have been told what a first plan has for them. */
function withPromises(snapshot: PlanningSnapshot): PlanningSnapshot {
  const { decisions } = planOn(undefined, snapshot).plan;
  const jobs = snapshot.jobs.map((job): PlannableJob => {
    const { chosen, baseline } = decisions.get(job.key) ?? {};
    return { ...job, baseline, current: chosen };
  });
  return { ...snapshot, jobs };
}

/**
 * Each from the same plan; no object is one of the snapshot before, as when all is gathered anew.
 * @param anew what the last one comes to when it is planned anew, where that is known
 */
function replanned(standing: Planned, snapshots: readonly PlanningSnapshot[], anew?: Plan): Replanned {
  const gathered = snapshots.map((snapshot) => structuredClone(snapshot));
  const { took, last } = timed(gathered, (snapshot) => ({
    snapshot,
    plan: planOn(standing.memory, snapshot).plan,
  }));
  return {
    took,
    choseAgain: unlike(standing.plan, last.plan, (before, after) => before === after),
    differ: unlike(anew ?? planOn(undefined, last.snapshot).plan, last.plan, isSameChoice),
  };
}

/** How many decisions of the first plan the second has not. */
function unlike(a: Plan, b: Plan, isAlike: (a: Decision, b: Decision) => boolean): number {
  return [...a.decisions].filter(([key, decision]) => {
    const other = b.decisions.get(key);
    return other === undefined || !isAlike(decision, other);
  }).length;
}

function isSameChoice({ chosen: a }: Decision, { chosen: b }: Decision): boolean {
  const choice = (option: typeof a): string =>
    JSON.stringify(option && [option.site, option.product, option.windows, option.moves]);
  return choice(a) === choice(b);
}
