import type { Leg } from '../../../domain/decision.ts';
import { isSamePlace } from '../../../domain/place.ts';
import { SECOND_MS, type EpochMs } from '../../../domain/units.ts';
import type { Workload, WorkloadStart } from '../../../ports/workloads.ts';
import { nextNumber, openAttempt, type Attempt, type AttemptEnd } from '../attempts/attempts.ts';
import { avoidances } from '../attempts/avoidances.ts';
import { placementOf, ranUntil, specOf, type JobView } from '../job-view.ts';
import { lateAt } from '../held-back.ts';
import { begun } from '../attempts/whose-hand.ts';
import { legDue, legToCome } from './legs.ts';
import { wait, waitUntil, type Step } from './step.ts';
import { timeLimitOf } from './time-limit.ts';
import { isToBeRemade } from './when-absent.ts';

/** The Job is suspended, by us: it waits for its window, or its window has come. */
export function stepWhenSuspended(view: JobView, workload: Workload): Step {
  const open = openAttempt(view.attempts);
  if (open !== undefined && begun(open, workload)) return endUnrecorded(view, workload);
  const stopped = specOf(view)?.suspend === true;
  if (!stopped && view.decision === undefined) return wait; // Just restarted: the first plan is on its way.
  if (stopped && open === undefined) return waitUntil(lateAt(view));
  const leg = stopped ? undefined : knownLegDue(view);
  const triedAgainAt = leg === undefined ? legToCome(view)?.startsAt : avoidedUntil(view, leg);
  if (leg === undefined || triedAgainAt !== undefined) {
    return open === undefined ? waitUntil(triedAgainAt) : { do: 'Retract' };
  }

  const last = view.attempts.at(-1);
  if (last !== undefined && isToBeRemade(last) && last.jobUid === workload.metadata.uid) return { do: 'Remake' };
  if (!isAtRest(workload)) return wait;
  if (open === undefined) return { do: 'Announce', attempt: announcement(view, workload, leg) };
  const isThis = isSamePlace(open, leg) && open.jobUid === workload.metadata.uid;
  const start = startOf(view, open, leg);
  return isThis && start !== undefined ? { do: 'Start', start } : { do: 'Retract' };
}

const ENDS: readonly AttemptEnd['reason'][] = ['Suspended', 'Unschedulable', 'Moved', 'Paused', 'Idle'];

/** The operator stopped between suspending the Job and writing down why: the Job knows, or what is left to see tells. */
function endUnrecorded(view: JobView, workload: Workload): Step {
  const at = workload.suspendedAt ?? view.now;
  const ran = ranUntil(view, at);
  const suspended = specOf(view)?.suspend === true;
  const told = ENDS.find((end) => end === workload.suspendedFor);
  const reason = told ?? (suspended ? 'Suspended' : ran === 0 ? 'Unschedulable' : 'Paused');
  return { do: 'Close', end: { at, ran, reason } };
}

/**
 * One place at a time: nothing starts while pods of an earlier attempt may still run. A new Job rests once its controller
 * has seen it suspended; until then that controller writes it too, and 1.36.0 and 1.36.1 refuse to place it.
 */
function isAtRest({ settled, terminatingPods }: Workload): boolean {
  return settled && terminatingPods === 0;
}

/** Where a window holds now, and the site is known. */
function knownLegDue(view: JobView): Leg | undefined {
  const leg = legDue(view);
  return leg !== undefined && placementOf(view, leg) !== undefined ? leg : undefined;
}

/** The place just failed the job, and the plan, which was made before, does not know; `undefined` where it may be tried. */
function avoidedUntil({ attempts, avoidanceBackoff, now }: JobView, leg: Leg): EpochMs | undefined {
  const avoided = avoidances(attempts, avoidanceBackoff, now);
  return avoided.find((place) => isSamePlace(place, leg))?.until;
}

function announcement(view: JobView, workload: Workload, { site, product, slowdown }: Leg): Attempt {
  return {
    number: nextNumber(view.attempts),
    site,
    ...(product !== undefined && { product }),
    job: workload.metadata.name,
    jobUid: workload.metadata.uid ?? '',
    startedAt: view.now,
    ...(slowdown !== undefined && { slowdown }),
  };
}

function startOf(view: JobView, open: Attempt, leg: Leg): WorkloadStart | undefined {
  const placement = placementOf(view, leg);
  const limit = timeLimitOf(view);
  if (placement === undefined) return undefined;
  return {
    attempt: open.number,
    placement,
    ...(view.nodesToFill.length > 0 && { preferredNodes: view.nodesToFill }),
    ...(limit !== undefined && limit.left < limit.whole && { timeLimit: Math.max(SECOND_MS, limit.left) }),
  };
}
