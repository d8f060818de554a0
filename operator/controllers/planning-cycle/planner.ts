import type { Plan } from '../../domain/decision.ts';
import { planOn } from '../../planning/plan.ts';
import type { PlanMemory } from '../../planning/replan/standing-turns.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';

/** Who computes a plan: this thread, or one beside it. Rejects with the signal's reason when `abort` fires. */
export interface Planner {
  plan(snapshot: PlanningSnapshot, abort: AbortSignal): Promise<Plan>;
}

/** Makes each plan from the one before, so that within a slot only those choose again whom a change concerns. */
export function rememberingPlan(): (snapshot: PlanningSnapshot) => Plan {
  let memory: PlanMemory | undefined;
  return (snapshot) => {
    const planned = planOn(memory, snapshot);
    ({ memory } = planned);
    return planned.plan;
  };
}

/** Plans where it is called: right for some hundred jobs, and for tests. */
export function planHere(): Planner {
  const plan = rememberingPlan();
  return {
    plan(snapshot, abort) {
      return abort.aborted ? Promise.reject(abort.reason as Error) : Promise.resolve(plan(snapshot));
    },
  };
}

/** Small snapshots are planned by `here`, large ones by `beside`, so that lease and health never wait for a plan. */
export function bySize({ here, beside, largeFrom }: { here: Planner; beside: Planner; largeFrom: number }): Planner {
  return {
    plan: (snapshot, abort) => (snapshot.jobs.length < largeFrom ? here : beside).plan(snapshot, abort),
  };
}
