import { createHash } from 'node:crypto';
import type { WorkloadIdentity } from '../../../accounting/length-history/length-history.ts';
import { WORKLOAD_LABEL } from '../../../api/v1alpha1/labels.ts';
import type { ObjectMeta } from '../../../api/v1alpha1/object-meta.ts';

/** What a job has in common with others, by which its length can be learnt from theirs. */
export function workloadIdentity(metadata: ObjectMeta, template: unknown): WorkloadIdentity {
  const owner = (metadata.ownerReferences ?? []).find(({ controller }) => controller === true);
  return {
    namespace: metadata.namespace ?? '',
    template: createHash('sha256').update(inOrder(template)).digest('base64'),
    workload: metadata.labels?.[WORKLOAD_LABEL],
    owner: owner && `${owner.kind}/${owner.name}`,
  };
}

/** The same text for objects that differ only in the order of their fields. */
function inOrder(value: unknown): string {
  return JSON.stringify(value ?? null, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
