import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import { legsOf } from '../../../domain/decision.ts';
import type { Interruptible } from '../../../domain/job.ts';
import { isSamePlace } from '../../../domain/place.ts';
import type { EpochMs } from '../../../domain/units.ts';
import { closed, pausesIn, type Attempt, type AttemptEnd } from '../attempts/attempts.ts';
import { avoidances } from '../attempts/avoidances.ts';
import {
  idleDevices,
  openRunningSince,
  pausableFrom,
  provisioningAt,
  ranUntil,
  specOf,
  type JobView,
} from '../job-view.ts';
import type { Step } from './step.ts';
import { timeLimitOf } from './time-limit.ts';

/** Others may take the devices meanwhile, so that they are not free when the job wants them back. */
const SLACK_FOR_PAUSE = 2;

/**
 * When the job may be paused for idle devices, as far as it and its policy go. What comes before all of its pods run, such as images
 * and data on their way, also those of a pod in place of one that failed, is no idling of the job, and would have to be done again.
 */
export function idlePausableFrom(view: JobView): EpochMs {
  const idle = idleDevices(view);
  const { allSince } = view.pods;
  if (idle === undefined || allSince === undefined) return Infinity;
  return Math.max(pausableFrom(view, openRunningSince(view)), Math.max(idle.since, allSince) + idle.for);
}

/**
 * The devices do nothing, and the policy wants such jobs paused: the job lets them go, where it can be interrupted, has run for
 * as long as it asks for, has a pause left, and has the time to make up for it. It is not tried there again for a while, as after
 * unschedulable pods.
 */
export function pauseIdle(view: JobView, open: Attempt): Step | undefined {
  const idle = idleDevices(view);
  const interruptible = specOf(view)?.interruptible;
  if (idle?.action !== 'Pause' || interruptible === undefined || view.now < idlePausableFrom(view)) return undefined;
  if (pausesIn(view.attempts) >= interruptible.maxPauses) return undefined;
  const end: AttemptEnd = { at: view.now, ran: ranUntil(view, view.now), reason: 'Idle' };
  const until = avoidedUntil(view, open, end);
  if (!leavesTime(view, { open, interruptible, until })) return undefined;
  const message = `${idle.message}: paused, so that others can use them; not tried there again before ${formatTime(until)}`;
  return { do: 'Suspend', end, message };
}

function avoidedUntil({ attempts, avoidanceBackoff, now }: JobView, open: Attempt, end: AttemptEnd): EpochMs {
  const avoided = avoidances(closed(attempts, end), avoidanceBackoff, now);
  return avoided.find((place) => isSamePlace(place, open))?.until ?? now;
}

interface Pause {
  readonly open: Attempt;
  readonly interruptible: Interruptible;
  readonly until: EpochMs;
}

/**
 * Whether the deadline would hold by twice the time that the pause takes, and the Job's own time limit at all, if the job began again
 * with what it did in this run: a run that ends idle counts as no work. Nothing is known without a plan, and nothing is risked where the plan calls the
 * deadline at risk, or has the job finished by now.
 */
function leavesTime(view: JobView, { open, interruptible, until }: Pause): boolean {
  const { decision, deadline, now } = view;
  if (decision?.chosen === undefined || decision.deadlineAtRisk || deadline === undefined) return false;
  const windows = legsOf(decision.chosen).flatMap((leg) => leg.windows);
  const left = windows.reduce((sum, { startsAt, endsAt }) => sum + Math.max(0, endsAt - Math.max(startsAt, now)), 0);
  if (left === 0) return false;
  const { restartOverhead, moveOverhead = 0 } = interruptible;
  const ran = ranUntil(view, now);
  const limit = timeLimitOf(view)?.left ?? Infinity;
  if (ran + restartOverhead + moveOverhead + ran + left > limit) return false;
  // The nodes that it leaves may sleep, or be gone, when it comes back.
  const takes = until - now + provisioningAt(view, open) + restartOverhead + moveOverhead;
  return deadline - now - left - ran >= SLACK_FOR_PAUSE * takes;
}
