import { SCHEMA_DEFAULTS } from '../../api/v1alpha1/defaults.ts';
import type { Decision } from '../../domain/decision.ts';
import { differenceOf } from '../../domain/intensity.ts';
import type { PlannableJob } from '../../domain/job.ts';
import { HOUR_MS, type DurationMs } from '../../domain/units.ts';
import type { Candidate } from '../candidate.ts';
import type { Placed } from '../placing.ts';
import type { Planned } from '../plan.ts';
import { beatsBy, compareScores } from '../pricing/score.ts';
import { aroundOthers, placedIn, wouldBe } from './around-others.ts';

/** What its owner could change about a job. */
export type Change =
  | { readonly kind: 'LaterDeadline'; readonly by: DurationMs }
  | { readonly kind: 'MayPause' }
  | { readonly kind: 'AnySite' }
  | { readonly kind: 'NoSlowdownLimit' };

/** What a change would bring. */
export interface WhatIf {
  readonly change: Change;
  readonly decision: Decision;
}

/** Absent where nothing can carry the job. */
export interface WhatIfs {
  /** What the job would get today without any change, and without a bonus for what it was promised. */
  readonly unchanged: Decision;
  /** Those that are worth it, in the order of the list below. */
  readonly changes: readonly WhatIf[];
}

const LATER: readonly DurationMs[] = [2 * HOUR_MS, 6 * HOUR_MS, 24 * HOUR_MS];
/** A change that brings less than this is not worth a word, as a share of what the job costs without it. */
const WORTH_TELLING = 0.01;

/**
 * What would change the decision about a job, all others keeping theirs: a later deadline, the right to pause, sites that the
 * job itself shuts out, more slowdown. What the policy forbids is not the owner's to change. Throws `RangeError` where the plan
 * has no such job.
 */
export function whatIfs(planned: Planned, key: string): WhatIfs {
  const { job } = placedIn(planned, key);
  const changes = changesOf(job);
  const variants = changes.map((change) => changed(job, change));
  const context = aroundOthers(planned, key, [job, ...variants]);
  const unchanged = wouldBe(job, context);
  const found: WhatIf[] = [];
  let best = unchanged;
  for (const [k, change] of changes.entries()) {
    const variant = variants[k];
    if (variant === undefined) continue;
    const placed = wouldBe(variant, context);
    // Two hours later and six: the six are only told where they bring more than the two.
    const rival = change.kind === 'LaterDeadline' ? best : unchanged;
    if (!isWorthTelling(placed, rival)) continue;
    if (change.kind === 'LaterDeadline') best = placed;
    found.push({ change, decision: placed.decision });
  }
  return { unchanged: unchanged.decision, changes: found };
}

function changesOf(job: PlannableJob): readonly Change[] {
  const { interruptible, maxSlowdownShare, observedSlowdowns = [], phase, placementRules } = job;
  // A job that runs and can't be paused goes on, whatever is changed.
  if (phase === 'Running' && interruptible === undefined) return [];
  const changes: Change[] = LATER.map((by) => ({ kind: 'LaterDeadline', by }));
  if (interruptible === undefined && job.lengthBelief === undefined) changes.push({ kind: 'MayPause' });
  const isNarrowed = placementRules.jobAllows !== undefined || placementRules.jobDenies.length > 0;
  if (isNarrowed && phase === 'Waiting') changes.push({ kind: 'AnySite' });
  const isSlowed = job.data.length > 0 || observedSlowdowns.length > 0;
  if (maxSlowdownShare !== undefined && isSlowed) changes.push({ kind: 'NoSlowdownLimit' });
  return changes;
}

function changed(job: PlannableJob, change: Change): PlannableJob {
  switch (change.kind) {
    case 'LaterDeadline':
      return withLaterDeadline(job, change.by);
    case 'MayPause':
      return { ...job, interruptible: SCHEMA_DEFAULTS };
    case 'AnySite':
      return { ...job, placementRules: { ...job.placementRules, jobAllows: undefined, jobDenies: [] } };
    case 'NoSlowdownLimit':
      return { ...job, maxSlowdownShare: undefined };
  }
}

/** Of a job of unknown length that has no fixed deadline, it is how long it may wait. */
function withLaterDeadline(job: PlannableJob, by: DurationMs): PlannableJob {
  const { deadline, lengthBelief } = job;
  const mayWait = lengthBelief?.mayWait;
  return {
    ...job,
    deadline: deadline + by,
    ...(lengthBelief !== undefined &&
      mayWait !== undefined && { lengthBelief: { ...lengthBelief, mayWait: mayWait + by } }),
  };
}

function isWorthTelling({ chosen, decision }: Placed, rival: Placed): boolean {
  if (chosen === undefined) return false;
  if (rival.chosen === undefined) return true;
  if (decision.deadlineAtRisk !== rival.decision.deadlineAtRisk) return !decision.deadlineAtRisk;
  if (decision.deadlineAtRisk || compareScores(chosen.score, rival.chosen.score) >= 0) return false;
  return beatsBy(chosen.score, rival.chosen.score, WORTH_TELLING) || isCleaner(chosen, rival.chosen);
}

/** Where accelerators are dear, the gram that a change saves is lost in the sum, and is what people ask for all the same. */
function isCleaner({ expected }: Candidate, { expected: rival }: Candidate): boolean {
  if (expected.carbon === undefined || rival.carbon === undefined) return false;
  const difference = differenceOf(rival.carbon, expected.carbon);
  return difference !== undefined && difference > WORTH_TELLING * Math.abs(rival.carbon.grams);
}
