import type { Plan } from '../domain/decision.ts';
import { planningContext } from './context.ts';
import { withDeadlinesKept } from './deadlines.ts';
import { place } from './placing.ts';
import { bookPromises } from './promises.ts';
import { inOrderOfNeed } from './rules/order.ts';
import { settled } from './settle.ts';
import type { PlanningSnapshot } from './snapshot.ts';
import { lookTogether } from './together/look-together.ts';

/**
 * Gives every job of the snapshot one option: site x accelerator x windows. Jobs choose in order of need, each among
 * what the ones before it left, so that they don't all meet in the one cleanest hour; then all are looked at together.
 * Pure: the same snapshot gives the same plan.
 */
export function plan(snapshot: PlanningSnapshot): Plan {
  const context = planningContext(snapshot);
  const { jobs, now, slot } = snapshot;
  const ordered = inOrderOfNeed(jobs, now);
  const promises = bookPromises(ordered, context);
  const inTurn = ordered.map((job) => {
    promises.giveBack(job);
    return place(job, context);
  });
  const inTime = withDeadlinesKept(inTurn, context);
  const together = lookTogether(inTime, context);
  const placed = together === inTurn ? together : settled(together, context);
  return { madeAt: now, slot, decisions: new Map(placed.map(({ job, decision }) => [job.key, decision])) };
}
