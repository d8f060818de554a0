import type { Plan } from '../../domain/decision.ts';
import { plan } from '../../planning/plan.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';

/** Who computes a plan: this thread, or one beside it. Rejects with the signal's reason when `abort` fires. */
export interface Planner {
  plan(snapshot: PlanningSnapshot, abort: AbortSignal): Promise<Plan>;
}

/** Plans where it is called: right for some hundred jobs, and for tests. */
export const planHere: Planner = {
  plan(snapshot, abort) {
    return abort.aborted ? Promise.reject(abort.reason as Error) : Promise.resolve(plan(snapshot));
  },
};

/** Small snapshots are planned by `here`, large ones by `beside`, so that lease and health never wait for a plan. */
export function bySize({ here, beside, largeFrom }: { here: Planner; beside: Planner; largeFrom: number }): Planner {
  return {
    plan: (snapshot, abort) => (snapshot.jobs.length < largeFrom ? here : beside).plan(snapshot, abort),
  };
}
