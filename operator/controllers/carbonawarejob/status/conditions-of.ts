import {
  findCondition,
  setCondition,
  type Condition,
  type JobConditionType,
} from '../../../api/v1alpha1/conditions.ts';
import type { Reason } from '../../../api/v1alpha1/reasons.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import type { Decision } from '../../../domain/decision.ts';
import { isAccepted, isOver, type Refusal } from '../job-record.ts';
import { openAttempt } from '../attempts/attempts.ts';
import { heldBackBy, tooLateFrom } from '../held-back.ts';
import { idleDevices, ownWorkload, specOf, type JobView } from '../job-view.ts';
import { handOn, type OtherHand } from '../attempts/whose-hand.ts';
import { describeDrift, driftOf } from './drift.ts';
import { isTurnedAway, type Findings, type Statement } from './findings.ts';
import { pausedNow, runningNow } from './running.ts';
import { slowerThanAllowed } from './slower.ts';

type Statements = Partial<Readonly<Record<JobConditionType, Statement>>>;

export function conditionsOf(view: JobView, findings: Findings): readonly Condition[] {
  let conditions = view.record.status.conditions ?? [];
  for (const [type, statement] of Object.entries(statementsOf(view, findings))) {
    const observedGeneration = view.record.metadata.generation ?? 0;
    const update = {
      ...statement,
      type: type as JobConditionType,
      reason: statement.reason as Reason,
      observedGeneration,
    };
    conditions = setCondition(conditions, update, view.now);
  }
  return conditions;
}

function statementsOf(view: JobView, findings: Findings): Statements {
  if (isOver(view.record)) return {};
  if (findings.refusal !== undefined) return { Accepted: { status: 'False', ...findings.refusal } };
  if (isTurnedAway(view, findings)) return {};
  return {
    ...acceptance(view),
    ...planning(view),
    ...running(view, findings),
    ...ending(view, findings.failure),
    ...otherHands(view),
    ...idling(view),
    ...slowness(view),
  };
}

function acceptance(view: JobView): Statements {
  if (ownWorkload(view) === undefined && !isAccepted(view.record)) return {};
  const message = `Job ${view.record.metadata.name} carries it, suspended until its time`;
  return { Accepted: { status: 'True', reason: 'Accepted', message } };
}

function planning(view: JobView): Statements {
  const { attempts, decision } = view;
  const by = heldBackBy(view);
  if (by !== undefined) return heldBack(view, by);
  if (decision === undefined) return {};
  const { chosen, reason, message, deadlineAtRisk } = decision;
  if (chosen === undefined) {
    const withoutPlan = { Planned: { status: 'False', reason, message } } as const;
    // What runs goes on, and was promised to be in time or not.
    if (openAttempt(attempts) !== undefined) return withoutPlan;
    return { ...withoutPlan, DeadlineAtRisk: deadlineAtRisk ? lateWithoutPlan(message) : DEADLINE_UNKNOWN };
  }
  const atRisk: Statement = deadlineAtRisk
    ? { status: 'True', reason: 'DeadlineAtRisk', message }
    : { status: 'False', reason: 'DeadlineHolds', message: 'the plan finishes before the deadline' };
  return {
    Planned: { status: 'True', reason, message },
    DeadlineAtRisk: atRisk,
    CarbonDataFresh: freshness(decision),
    CarbonDataComparable: comparability(decision),
  };
}

/** What was planned before somebody kept the job from being planned holds no more. */
function heldBack(view: JobView, by: 'User' | 'Other'): Statements {
  const { deadline, now } = view;
  const reason = by === 'User' ? 'Suspended' : 'SuspendedByOther';
  const [why, remedy] =
    by === 'User'
      ? ['spec.suspend is true', 'set it to false to go on']
      : ['somebody suspended its Job', 'set suspend of the Job to false to go on'];
  const Planned: Statement = { status: 'False', reason, message: `not planned while ${why}; ${remedy}` };
  const lateFrom = tooLateFrom(view);
  if (deadline === undefined || lateFrom === undefined) return { Planned };
  const due = `the deadline ${formatTime(deadline)}`;
  const DeadlineAtRisk: Statement =
    now > lateFrom
      ? { status: 'True', reason: 'DeadlineAtRisk', message: `${why}, and what is left takes until after ${due}` }
      : { status: 'Unknown', reason, message: `${why}; ${due} may hold if it goes on before ${formatTime(lateFrom)}` };
  return { Planned, DeadlineAtRisk };
}

function lateWithoutPlan(why: string): Statement {
  return { status: 'True', reason: 'DeadlineAtRisk', message: `no plan finishes before the deadline: ${why}` };
}

const DEADLINE_UNKNOWN: Statement = {
  status: 'Unknown',
  reason: 'AwaitingPlan',
  message:
    'there is no plan now, and there may be one that finishes before the deadline; the condition Planned says why',
};

function freshness({ rung, source = 'no source' }: Decision): Statement {
  switch (rung) {
    case 'LiveForecast':
      return { status: 'True', reason: rung, message: `planned with a forecast from ${source}` };
    case 'CachedForecast':
      return { status: 'True', reason: rung, message: `planned with an earlier forecast from ${source}` };
    case 'Persistence':
      return { status: 'False', reason: rung, message: `no forecast; planned with what ${source} measured last` };
    case 'TypicalDay':
      return { status: 'False', reason: rung, message: `no forecast; planned with the typical day of ${source}` };
    case 'None':
      return { status: 'False', reason: 'NoData', message: 'nothing is known about the grid of the site' };
  }
}

function comparability({ notComparable }: Decision): Statement {
  if (notComparable !== undefined) return { status: 'False', reason: 'SignalNotComparable', message: notComparable };
  return { status: 'True', reason: 'Comparable', message: 'all figures that were compared are of one kind' };
}

function running(view: JobView, findings: Findings): Statements {
  const paused = pausedNow(view, findings);
  const wasPaused = findCondition(view.record.status.conditions, 'Paused') !== undefined;
  return {
    ...((ownWorkload(view) !== undefined || view.attempts.length > 0) && { Running: runningNow(view, findings) }),
    ...((paused.status === 'True' || wasPaused) && { Paused: paused }),
  };
}

function ending(view: JobView, failure: Refusal | undefined): Statements {
  if (failure !== undefined) return { Failed: { status: 'True', ...failure } };
  const end = ownWorkload(view)?.end;
  if (end === undefined) return {};
  const message = end.message === '' ? `the Job ended in attempt ${view.attempts.length}` : end.message;
  return { [end.outcome]: { status: 'True', reason: end.reason, message } };
}

/** Conditions that are there only once there was something to say. */
function otherHands(view: JobView): Statements {
  const { record, attempts } = view;
  const own = ownWorkload(view);
  const hand = handOn(attempts, own);
  // From a spec that can't be read, or with no Job, nobody can tell: what was said stays.
  const drift =
    record.spec.ok && own !== undefined ? driftOf(own, record.metadata.name, record.spec.value.template) : undefined;
  const has = (type: JobConditionType): boolean => findCondition(record.status.conditions, type) !== undefined;
  const quiet: Statement = { status: 'False', reason: 'InSync', message: 'the Job is as Sunward set it' };
  return {
    ...(hand !== undefined && { SuspendedByOther: handStatement(hand, own?.suspendSetBy ?? '') }),
    ...(hand === undefined && has('SuspendedByOther') && { SuspendedByOther: quiet }),
    ...(drift?.length === 0 && has('JobDrifted') && { JobDrifted: quiet }),
    ...(drift !== undefined && drift.length > 0 && { JobDrifted: driftStatement(drift) }),
  };
}

/** There once there was something to say. Figures of how long move all the time: the words are those of when it began. */
function idling(view: JobView): Statements {
  const before = findCondition(view.record.status.conditions, 'GPUsIdle');
  const idle = idleDevices(view);
  if (idle !== undefined) {
    const message = before?.status === 'True' ? before.message : idle.message;
    return { GPUsIdle: { status: 'True', reason: 'GPUsIdle', message } };
  }
  // A pause may come in the same turn in which they are first found idle.
  if (before === undefined && !view.attempts.some(({ reason }) => reason === 'Idle')) return {};
  const use = openAttempt(view.attempts) === undefined ? 'Working' : view.use;
  // What does nothing is not in use, also where that began too lately to be called idle: it is left at what was said.
  if (use === 'Quiet') return {};
  return { GPUsIdle: use === 'Working' ? IN_USE : USE_UNKNOWN };
}

/** There once there was something to say. */
function slowness(view: JobView): Statements {
  const slower = slowerThanAllowed(view);
  if (slower !== undefined) return { SlowerThanAllowed: slower };
  const spec = specOf(view);
  const wasTold = findCondition(view.record.status.conditions, 'SlowerThanAllowed') !== undefined;
  // What limit a spec has that can't be read, nobody knows: it is left at what was said.
  if (!wasTold || spec === undefined) return {};
  return { SlowerThanAllowed: spec.maxSlowdownShare === undefined ? NO_LIMIT : WITHIN_LIMIT };
}

const WITHIN_LIMIT: Statement = {
  status: 'False',
  reason: 'SlowdownWithinLimit',
  message: 'nothing that was measured shows it to be slower than spec.placement.maxSlowdownPercent allows',
};
const NO_LIMIT: Statement = {
  ...WITHIN_LIMIT,
  message: 'spec.placement.maxSlowdownPercent is not set, so it may take as long as its deadline allows',
};

const IN_USE: Statement = { status: 'False', reason: 'GPUsInUse', message: 'it holds no accelerators that do nothing' };
const USE_UNKNOWN: Statement = {
  status: 'Unknown',
  reason: 'UsagePartial',
  message: 'it is not known what its accelerators do; the condition UsageKnown of the site says why',
};

function driftStatement(fields: readonly string[]): Statement {
  return { status: 'True', reason: 'JobDrifted', message: describeDrift(fields) };
}

function handStatement(hand: OtherHand, who: string): Statement {
  const message =
    hand === 'SuspendedByOther'
      ? `${who} suspended the Job, and Sunward leaves it so; set spec.suspend of the Job to false to go on`
      : `${who} started the Job, and Sunward lets it run; set spec.suspend of the Job to true to have it planned again`;
  return { status: 'True', reason: 'SuspendedByOther', message };
}
