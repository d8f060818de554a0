import type { Option } from '../../../domain/decision.ts';
import { contains } from '../../../domain/interval.ts';
import { SECOND_MS, type DurationMs } from '../../../domain/units.ts';
import type { Workload, WorkloadStart } from '../../../ports/workloads.ts';
import { nextNumber, openAttempt, type Attempt } from '../attempts/attempts.ts';
import { placementOf, ranUntil, specOf, type JobView } from '../job-view.ts';
import { runTime } from '../attempts/progress.ts';
import { fieldsAt, wholeNumberOf } from '../template/unstructured.ts';
import { begun } from '../attempts/whose-hand.ts';
import { wait, waitUntil, type Step } from './step.ts';
import { isToBeRemade } from './when-absent.ts';

/** The Job is suspended, by us: it waits for its window, or its window has come. */
export function stepWhenSuspended(view: JobView, workload: Workload): Step {
  const open = openAttempt(view.attempts);
  if (open !== undefined && begun(open, workload)) return endUnrecorded(view, workload);
  const stopped = specOf(view)?.suspend === true;
  if (!stopped && view.decision === undefined) return wait; // Just restarted: the first plan is on its way.
  const option = stopped ? undefined : optionDue(view);
  if (option === undefined) return open === undefined ? waitUntil(nextStart(view)) : { do: 'Retract' };

  const last = view.attempts.at(-1);
  if (last !== undefined && isToBeRemade(last) && last.jobUid === workload.metadata.uid) return { do: 'Remake' };
  if (!isAtRest(workload)) return wait;
  if (open === undefined) return { do: 'Announce', attempt: announcement(view, workload, option) };
  const isThis = open.site === option.site && open.product === option.product && open.jobUid === workload.metadata.uid;
  const start = startOf(view, open, option);
  return isThis && start !== undefined ? { do: 'Start', start } : { do: 'Retract' };
}

/** The operator stopped between suspending the Job and writing down why: what is left to see tells. */
function endUnrecorded(view: JobView, workload: Workload): Step {
  const at = workload.suspendedAt ?? view.now;
  const ran = ranUntil(view, at);
  const suspended = specOf(view)?.suspend === true;
  const reason = suspended ? 'Suspended' : ran === 0 ? 'Unschedulable' : 'Paused';
  return { do: 'Close', end: { at, ran, reason } };
}

/**
 * One place at a time: nothing starts while pods of an earlier attempt may still run. A new Job rests once its controller
 * has seen it suspended; until then that controller writes it too, and 1.36.0 and 1.36.1 refuse to place it.
 */
function isAtRest({ settled, terminatingPods }: Workload): boolean {
  return settled && terminatingPods === 0;
}

/** The chosen option, where one of its windows holds now and its site is known. */
function optionDue(view: JobView): Option | undefined {
  const option = view.decision?.chosen;
  const due = option?.windows.some((window) => contains(window, view.now)) === true;
  return due && placementOf(view, option) !== undefined ? option : undefined;
}

function nextStart({ decision, now }: JobView): number | undefined {
  return decision?.chosen?.windows.find(({ startsAt }) => startsAt > now)?.startsAt;
}

function announcement(view: JobView, workload: Workload, { site, product }: Option): Attempt {
  return {
    number: nextNumber(view.attempts),
    site,
    ...(product !== undefined && { product }),
    job: workload.metadata.name,
    jobUid: workload.metadata.uid ?? '',
    startedAt: view.now,
  };
}

function startOf(view: JobView, open: Attempt, option: Option): WorkloadStart | undefined {
  const placement = placementOf(view, option);
  const timeLimit = timeLimitLeft(view);
  if (placement === undefined) return undefined;
  return { attempt: open.number, placement, ...(timeLimit !== undefined && { timeLimit }) };
}

/** `activeDeadlineSeconds` of a Job starts anew with every resume, so what has run already is taken off. */
function timeLimitLeft(view: JobView): DurationMs | undefined {
  const seconds = wholeNumberOf(fieldsAt(specOf(view)?.template, 'spec')['activeDeadlineSeconds']);
  const before = view.attempts.filter(({ endedAt }) => endedAt !== undefined);
  const ran = before.reduce((sum, attempt) => sum + runTime(attempt, undefined, view.now), 0);
  return seconds === undefined || ran === 0 ? undefined : Math.max(SECOND_MS, seconds * SECOND_MS - ran);
}
