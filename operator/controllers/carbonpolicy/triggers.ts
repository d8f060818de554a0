import type { Change } from '../../runtime/cache/replica.ts';
import type { StoreReader } from '../../runtime/cache/store.ts';
import type { NamespaceFacts, PolicyRecord } from './policy-record.ts';

/** Says which policies are to be looked at again after a change. */
export interface PolicyTriggers {
  /** Handler of the cache of CarbonPolicies. `true`: something that is planned with has changed, not just a status. */
  policyChanged(change: Change<PolicyRecord>): boolean;
  /** Handler of the cache of namespaces. `true` as above. */
  namespaceChanged(change: Change<NamespaceFacts>): boolean;
}

export function policyTriggers(policies: StoreReader<PolicyRecord>, enqueue: (name: string) => void): PolicyTriggers {
  /** One that comes or goes may overrule all others, or no longer. */
  const enqueueAll = (): boolean => {
    for (const { name } of policies.list()) enqueue(name);
    return true;
  };
  return {
    policyChanged: (change) => {
      enqueue(change.key);
      const isSame = change.type === 'updated' && change.previous.generation === change.current.generation;
      return isSame ? false : enqueueAll();
    },
    namespaceChanged: (change) => {
      const isSame = change.type === 'updated' && sameLabels(change.previous.labels, change.current.labels);
      return isSame ? false : enqueueAll();
    },
  };
}

function sameLabels(a: NamespaceFacts['labels'], b: NamespaceFacts['labels']): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
