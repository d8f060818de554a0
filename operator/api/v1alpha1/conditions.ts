import type { EpochMs } from '../../domain/units.ts';
import type { Reason } from './reasons.ts';
import { formatTime } from './timestamps.ts';

export const JOB_CONDITIONS = [
  'Accepted',
  'Planned',
  'Running',
  'Paused',
  'Complete',
  'Failed',
  'CarbonDataFresh',
  'CarbonDataComparable',
  'DeadlineAtRisk',
  'SuspendedByOther',
  'JobDrifted',
  'GPUsIdle',
  'SlowerThanAllowed',
] as const;
export const SITE_CONDITIONS = ['Ready', 'CarbonDataFresh', 'InventoryFresh', 'PricesFresh', 'UsageKnown'] as const;
export const POLICY_CONDITIONS = ['Ready'] as const;

export type JobConditionType = (typeof JOB_CONDITIONS)[number];
export type SiteConditionType = (typeof SITE_CONDITIONS)[number];
export type PolicyConditionType = (typeof POLICY_CONDITIONS)[number];
export type ConditionType = JobConditionType | SiteConditionType | PolicyConditionType;

export type ConditionStatus = 'True' | 'False' | 'Unknown';

/** A condition as the API server holds it. */
export interface Condition {
  readonly type: string;
  readonly status: ConditionStatus;
  readonly observedGeneration?: number;
  /** RFC 3339; when `status` last changed. */
  readonly lastTransitionTime: string;
  readonly reason: string;
  readonly message: string;
}

/** What a condition is to say; when it began to be so is derived. */
export interface ConditionUpdate {
  readonly type: ConditionType;
  readonly status: ConditionStatus;
  readonly reason: Reason;
  readonly message: string;
  readonly observedGeneration: number;
}

/** `maxLength` of a condition's message in the CRDs; some messages carry the API server's own words, which may be long. */
export const MAX_MESSAGE_LENGTH = 1024;

/**
 * The list with one condition set, others as they were, and in their order. Where nothing changes it is the same list.
 * `lastTransitionTime` moves to `now` only when the status flips.
 */
export function setCondition(
  conditions: readonly Condition[],
  update: ConditionUpdate,
  now: EpochMs,
): readonly Condition[] {
  const before = findCondition(conditions, update.type);
  const after: Condition = {
    ...update,
    message: shortened(update.message, MAX_MESSAGE_LENGTH),
    lastTransitionTime: before?.status === update.status ? before.lastTransitionTime : formatTime(now),
  };
  if (before === undefined) return [...conditions, after];
  if (sameCondition(before, after)) return conditions;
  return conditions.map((condition) => (condition === before ? after : condition));
}

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function conditionIsTrue(conditions: readonly Condition[] | undefined, type: ConditionType): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** The text, cut at `length` UTF-16 units with an ellipsis where it is longer; never in the middle of a character. */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function sameCondition(a: Condition, b: Condition): boolean {
  return (
    a.status === b.status &&
    a.reason === b.reason &&
    a.message === b.message &&
    a.observedGeneration === b.observedGeneration
  );
}
