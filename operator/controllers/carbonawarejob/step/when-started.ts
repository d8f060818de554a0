import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { contains } from '../../../domain/interval.ts';
import { isSamePlace } from '../../../domain/place.ts';
import type { Workload } from '../../../ports/workloads.ts';
import { openAttempt, type Attempt } from '../attempts/attempts.ts';
import { givenUpAt, pausableFrom, ranUntil, specOf, type JobView } from '../job-view.ts';
import { tooSlowAt } from '../slowdown/own-work.ts';
import { HANDED_BACK } from '../attempts/whose-hand.ts';
import { legDue, legToCome } from './legs.ts';
import { wait, waitUntil, type Step } from './step.ts';
import { idlePausableFrom, pauseIdle } from './when-idle.ts';
import { adopted } from './when-other-hand.ts';

/** The Job is unsuspended, by us: it runs on, unless its user, the scheduler or the plan says otherwise. */
export function stepWhenStarted(view: JobView, workload: Workload): Step {
  const open = openAttempt(view.attempts);
  if (open === undefined) return { do: 'Announce', attempt: adopted(view, workload, recoveredReason(view, workload)) };
  if (!isSeenStarted(workload)) return wait;
  if (specOf(view)?.suspend === true) {
    return suspendFor(view, 'Suspended', 'spec.suspend is true');
  }
  const giveUpAt = givenUpAt(view);
  if (giveUpAt !== undefined && view.now >= giveUpAt) {
    return suspendFor(view, 'Unschedulable', schedulersWords(view, open));
  }
  const byPlan = view.now < pausableFrom(view, open.startedAt) ? undefined : pauseByPlan(view, open);
  const pause = byPlan ?? pauseIdle(view, open);
  return pause ?? waitUntil(Math.min(giveUpAt ?? Infinity, nextChange(view, open), tooSlowAt(view) ?? Infinity));
}

/**
 * The Job controller has seen the start. One that lags behind still calls the Job suspended: paused now, it would seem to be at
 * rest, and could start here what is meant to go on elsewhere.
 */
function isSeenStarted({ suspendedAt }: Workload): boolean {
  return suspendedAt === undefined;
}

/** Where nothing is planned later, the job goes on. */
function pauseByPlan(view: JobView, open: Attempt): Step | undefined {
  const why = view.decision?.message ?? '';
  const due = legDue(view);
  if (due !== undefined) {
    return isSamePlace(open, due)
      ? undefined
      : suspendFor(view, 'Moved', `moves from ${open.site} to ${due.site}: ${why}`);
  }
  const next = legToCome(view);
  if (next === undefined) return undefined;
  const elsewhere = `goes on at ${next.leg.site} from ${formatTime(next.startsAt)}: ${why}`;
  return suspendFor(view, 'Paused', isSamePlace(open, next.leg) ? why : elsewhere);
}

/** When the job may pause: where its devices do nothing, or at the end of the window that runs, where another one follows. */
function nextChange(view: JobView, open: Attempt): number {
  const idlePausable = idlePausableFrom(view);
  const forIdleness = view.now < idlePausable ? idlePausable : Infinity;
  if (legToCome(view) === undefined) return forIdleness;
  const running = legDue(view)?.windows.find((window) => contains(window, view.now));
  return Math.min(forIdleness, Math.max(running?.endsAt ?? view.now, pausableFrom(view, open.startedAt)));
}

function suspendFor(view: JobView, reason: 'Suspended' | 'Unschedulable' | 'Moved' | 'Paused', message: string): Step {
  return { do: 'Suspend', end: { at: view.now, ran: ranUntil(view, view.now), reason }, message };
}

function schedulersWords({ pods }: JobView, { site }: Attempt): string {
  const { count = 0, message = '' } = pods.unschedulable ?? {};
  return `${count} ${count === 1 ? 'pod' : 'pods'} stayed unschedulable at ${site}: ${message}`;
}

/** The status was lost, or a late write of an earlier leader started the Job: the object itself says which attempt it is. */
function recoveredReason(view: JobView, workload: Workload): Attempt['reason'] {
  return workload.attempt === (view.attempts.at(-1)?.number ?? 0) + 1 ? undefined : HANDED_BACK;
}
