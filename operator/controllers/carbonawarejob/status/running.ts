import { findCondition } from '../../../api/v1alpha1/conditions.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { openAttempt } from '../attempts/attempts.ts';
import { openRunningSince, ownWorkload, specOf, type JobView } from '../job-view.ts';
import { isTurnedAway, type Findings, type Statement } from './findings.ts';

/** In a word for people; programs read the conditions. */
export const PHASES = [
  'Pending',
  'Refused',
  'Waiting',
  'Running',
  'Paused',
  'Suspended',
  'Succeeded',
  'Failed',
] as const;
export type Phase = (typeof PHASES)[number];

export function phaseOf(view: JobView, findings: Findings): Phase {
  const { attempts } = view;
  const own = ownWorkload(view);
  if (findings.failure !== undefined || own?.end?.outcome === 'Failed') return 'Failed';
  if (own?.end !== undefined) return 'Succeeded';
  if (isTurnedAway(view, findings)) return 'Refused';
  if (own?.suspended === false) return 'Running';
  if (specOf(view)?.suspend === true) return 'Suspended';
  if (own === undefined && attempts.length === 0) return 'Pending';
  return attempts.some(({ endedAt }) => endedAt !== undefined) ? 'Paused' : 'Waiting';
}

/** True once pods run, until the Job is suspended or ends. */
export function runningNow(view: JobView, findings: Findings): Statement {
  const workload = ownWorkload(view);
  const no = (reason: string, message: string): Statement => ({ status: 'False', reason, message });
  if (findings.failure !== undefined) return no('Failed', findings.failure.message);
  if (workload?.end !== undefined) {
    return no(workload.end.outcome === 'Complete' ? 'Completed' : 'Failed', 'the Job has ended');
  }
  if (workload === undefined || workload.suspended) return notRunning(view, findings);
  const open = openAttempt(view.attempts);
  if (open === undefined || openRunningSince(view) === undefined) {
    return no('NotStarted', view.pods.unschedulable?.message ?? 'the Job is started; its pods do not run yet');
  }
  const where = open.product === undefined ? open.site : `${open.site} on ${open.product}`;
  return { status: 'True', reason: 'Started', message: `runs at ${where}` };
}

/** Started before, and to go on later. */
export function pausedNow(view: JobView, findings: Findings): Statement {
  const last = view.attempts.at(-1);
  const workload = ownWorkload(view);
  const isOver = findings.failure !== undefined || workload?.end !== undefined;
  if (isOver || workload?.suspended === false || last?.endedAt === undefined) {
    return { status: 'False', reason: isOver ? 'NotPaused' : 'Resumed', message: 'the job is not paused' };
  }
  const reason = last.reason ?? 'Paused';
  const before = findCondition(view.record.status.conditions, 'Paused');
  const told = before?.status === 'True' && before.reason === reason ? before.message : undefined;
  return { status: 'True', reason, message: findings.pauseMessage ?? told ?? `paused after attempt ${last.number}` };
}

function notRunning(view: JobView, findings: Findings): Statement {
  const no = (reason: string, message: string): Statement => ({ status: 'False', reason, message });
  if (specOf(view)?.suspend === true) return no('Suspended', 'spec.suspend is true; set it to false to go on');
  const paused = pausedNow(view, findings);
  if (paused.status === 'True') return no(paused.reason, paused.message);
  if (findings.startRefusal !== undefined) return no('Refused', `the Job can't be started: ${findings.startRefusal}`);
  if (openAttempt(view.attempts) !== undefined) return no('NotStarted', 'about to start');
  const startsAt = view.decision?.chosen?.windows[0]?.startsAt;
  return startsAt === undefined
    ? no('AwaitingPlan', view.decision?.message ?? 'not planned yet')
    : no('AwaitingWindow', `waits until ${formatTime(startsAt)}`);
}
