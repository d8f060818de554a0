import type { CarbonPolicyStatus } from '../../api/v1alpha1/carbon-policy.generated.ts';
import { setCondition, type ConditionUpdate } from '../../api/v1alpha1/conditions.ts';
import { describeProblems } from '../../api/v1alpha1/parse/field-reader.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { Dominion } from './governance.ts';
import type { PolicyRecord } from './policy-record.ts';

/** @param dominion `undefined` for a policy that can't be read */
export function policyStatus(record: PolicyRecord, dominion: Dominion | undefined, now: EpochMs): CarbonPolicyStatus {
  const update = { ...readiness(record, dominion), type: 'Ready', observedGeneration: record.generation } as const;
  return {
    observedGeneration: record.generation,
    conditions: setCondition(record.status.conditions ?? [], update, now),
    namespaces: dominion?.governs.length ?? 0,
  };
}

type Readiness = Pick<ConditionUpdate, 'status' | 'reason' | 'message'>;

function readiness({ spec }: PolicyRecord, dominion: Dominion | undefined): Readiness {
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
  return { status: 'True', reason: 'Governs', message: `governs ${count}${others}` };
}

const MAX_LISTED = 5;

function listed(overruled: Dominion['overruled']): string {
  const shown = overruled.slice(0, MAX_LISTED).map(({ namespace, by }) => `${namespace} (${by})`);
  const rest = overruled.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${String(rest)} more` : shown.join(', ');
}
