import type { CarbonPolicyStatus } from '../../api/v1alpha1/carbon-policy.generated.ts';
import { setCondition, type ConditionUpdate } from '../../api/v1alpha1/conditions.ts';
import { describeProblems } from '../../api/v1alpha1/parse/field-reader.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';
import type { Dominion } from './governance.ts';
import type { PolicyRecord } from './policy-record.ts';

export interface PolicyContext {
  /** `undefined` for a policy that can't be read. */
  readonly dominion: Dominion | undefined;
  /** Where accelerators are idle or underused for longer, that is never found. */
  readonly longestFound: DurationMs;
  readonly now: EpochMs;
}

export function policyStatus(record: PolicyRecord, { dominion, longestFound, now }: PolicyContext): CarbonPolicyStatus {
  const update = {
    ...readiness(record, dominion, longestFound),
    type: 'Ready',
    observedGeneration: record.generation,
  } as const;
  return {
    observedGeneration: record.generation,
    conditions: setCondition(record.status.conditions ?? [], update, now),
    namespaces: dominion?.governs.length ?? 0,
  };
}

type Readiness = Pick<ConditionUpdate, 'status' | 'reason' | 'message'>;

function readiness({ spec }: PolicyRecord, dominion: Dominion | undefined, longestFound: DurationMs): Readiness {
  if (!spec.ok) return { status: 'False', reason: 'InvalidSpec', message: describeProblems(spec.problems) };
  const { governs, overruled } = dominion ?? { governs: [], overruled: [] };
  if (governs.length === 0 && overruled.length === 0) {
    return { status: 'False', reason: 'SelectsNothing', message: 'spec.namespaceSelector selects no namespace' };
  }
  if (governs.length === 0) {
    const message = `every namespace that it selects is governed by a more specific or older policy: ${listed(overruled)}`;
    return { status: 'False', reason: 'Overruled', message };
  }
  const count = governs.length === 1 ? '1 namespace' : `${String(governs.length)} namespaces`;
  const others =
    overruled.length === 0 ? '' : `; others that it selects have a policy of their own: ${listed(overruled)}`;
  const unseen = neverFound(spec.value.usage, longestFound);
  return { status: 'True', reason: 'Governs', message: `governs ${count}${others}${unseen}` };
}

function neverFound({ idle, underused }: UsagePolicy, longest: DurationMs): string {
  const tooLong = [
    ...(idle.for > longest ? ['spec.idle.for'] : []),
    ...(underused.for > longest ? ['spec.underused.for'] : []),
  ];
  if (tooLong.length === 0) return '';
  return `; ${tooLong.join(' and ')} must be at most ${formatDuration(longest)} for anything to be found, as far as the operator looks back with its usage.interval`;
}

const MAX_LISTED = 5;

function listed(overruled: Dominion['overruled']): string {
  const shown = overruled.slice(0, MAX_LISTED).map(({ namespace, by }) => `${namespace} (${by})`);
  const rest = overruled.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${String(rest)} more` : shown.join(', ');
}
