import type { Plan } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import { copyOfLedger } from './capacity.ts';
import { planningContext } from './context.ts';
import { withDeadlinesKept } from './deadlines.ts';
import { place, type Placed } from './placing.ts';
import { standingTurns, type PlanMemory } from './replan/standing-turns.ts';
import { inOrderOfNeed } from './rules/order.ts';
import { settled } from './settle.ts';
import type { PlanningSnapshot } from './snapshot.ts';
import { lookTogether } from './together/look-together.ts';
import { rearranged } from './together/rearrange.ts';
import { takeTurns } from './turns.ts';

/**
 * Gives every job of the snapshot one option: site x accelerator x windows. Jobs choose in order of need, each among
 * what the others leave, so that they don't all meet in the one cleanest hour; then all are looked at together.
 * Pure: the same snapshot gives the same plan.
 */
export function plan(snapshot: PlanningSnapshot): Plan {
  return planOn(undefined, snapshot).plan;
}

/** A plan, and what the next one can build on. */
export interface Planned {
  readonly plan: Plan;
  /** Every job with what it was given, for questions about it. */
  readonly placed: readonly Placed[];
  readonly memory: PlanMemory;
}

/**
 * One job more, around a plan that stands: what it would be given if all others kept what they have. For those who need an
 * answer at once; what comes back takes yet another one, and the next plan looks at everyone again.
 */
export function planOneMore(
  { context, turns }: PlanMemory,
  job: PlannableJob,
): { readonly placed: Placed; readonly memory: PlanMemory } {
  const { snapshot } = context;
  const around = {
    ...context,
    snapshot: { ...snapshot, jobs: [...snapshot.jobs, job] },
    ledger: copyOfLedger(context.ledger),
  };
  const placed = place(job, around);
  return { placed, memory: { context: around, turns: [...turns, { promise: undefined, placed }] } };
}

/**
 * The same plan, made from an earlier one: only jobs that are new, that have changed or that a change concerns choose again.
 * Within the slot of that earlier plan the others keep their words, so that what they say of a start at once may be as old as
 * the slot; with a new slot all is planned anew.
 */
export function planOn(earlier: PlanMemory | undefined, snapshot: PlanningSnapshot): Planned {
  const context = planningContext(snapshot, earlier?.context);
  const { jobs, now, slot } = snapshot;
  const ordered = inOrderOfNeed(jobs, now);
  const turns = takeTurns(ordered, context, standingTurns(earlier, ordered, context));
  const inTurn = turns.map(({ placed }) => placed);
  const inTime = withDeadlinesKept(inTurn, context);
  const together = rearranged(lookTogether(inTime, context), context);
  const placed = together === inTurn ? together : settled(together, context);
  const decisions = new Map(placed.map(({ job, decision }) => [job.key, decision]));
  return { plan: { madeAt: now, slot, decisions }, placed, memory: { context, turns } };
}
