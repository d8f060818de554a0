import { SECOND_MS, type DurationMs } from '../../../domain/units.ts';
import type { Workload, WorkloadEnd } from '../../../ports/workloads.ts';
import { openAttempt } from '../attempts/attempts.ts';
import { openRunningSince, type JobView } from '../job-view.ts';
import { fieldsAt, wholeNumberOf } from '../../pod-spec/unstructured.ts';
import { specOf } from '../job-view.ts';
import { wait, waitUntil, type Step } from './step.ts';

/** The Job has ended. */
export function stepWhenEnded(view: JobView, end: WorkloadEnd): Step {
  const open = openAttempt(view.attempts);
  if (open === undefined) return wait;
  const since = openRunningSince(view) ?? view.workload?.startedAt ?? open.startedAt;
  const reason = end.outcome === 'Complete' ? 'Completed' : 'Failed';
  return { do: 'Close', end: { at: end.at, ran: end.at - since, reason } };
}

/** The end is recorded. What is left is `ttlSecondsAfterFinished` of the template, which the Job itself doesn't have. */
export function stepWhenOver(view: JobView, workload: Workload | undefined): Step {
  const timeToLive = timeToLiveOf(view);
  if (workload?.end === undefined || timeToLive === undefined) return wait;
  const removeAt = workload.end.at + timeToLive;
  return view.now < removeAt ? waitUntil(removeAt) : { do: 'Remove' };
}

function timeToLiveOf(view: JobView): DurationMs | undefined {
  const seconds = wholeNumberOf(fieldsAt(specOf(view)?.template, 'spec')['ttlSecondsAfterFinished']);
  return seconds === undefined ? undefined : seconds * SECOND_MS;
}
