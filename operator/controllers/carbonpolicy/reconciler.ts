import type { CarbonPolicy } from '../../api/v1alpha1/carbon-policy.generated.ts';
import { CARBON_POLICIES } from '../../api/v1alpha1/kinds.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { KubernetesApi } from '../../ports/kubernetes-api.ts';
import type { StoreReader } from '../../runtime/cache/store.ts';
import type { Reconciler, ReconcileResult } from '../../runtime/controller.ts';
import { applyStatusIfThere } from '../apply-status.ts';
import { sameJson } from '../same-json.ts';
import type { Governance } from './governance.ts';
import type { PolicyRecord } from './policy-record.ts';
import { policyStatus } from './policy-status.ts';

export interface CarbonPolicyReconcilerOptions {
  readonly api: Pick<KubernetesApi, 'apply'>;
  readonly clock: Clock;
  readonly policies: StoreReader<PolicyRecord>;
  /** Of the namespaces and policies as the caches have them now. */
  readonly governance: () => Governance;
  /** See {@link PolicyContext}. */
  readonly longestFound: DurationMs;
  /** Takes in what a write returned, so that the next reconcile reads it back. */
  readonly observe?: (policy: CarbonPolicy) => void;
}

/** Says of a policy which namespaces it governs. Writes only its status. */
export class CarbonPolicyReconciler implements Reconciler {
  readonly name = 'carbonpolicy';
  readonly #options: CarbonPolicyReconcilerOptions;

  constructor(options: CarbonPolicyReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: string, abort: AbortSignal): Promise<ReconcileResult> {
    const { api, clock, governance, longestFound, observe, policies } = this.#options;
    const record = policies.get(key);
    if (record === undefined) return {};
    const dominion = governance().dominionOf(record.name);
    const status = policyStatus(record, { dominion, longestFound, now: clock.now() });
    if (sameJson(record.status, status)) return {};
    const written = await applyStatusIfThere<CarbonPolicy>(api, CARBON_POLICIES, { object: record, status }, abort);
    if (written !== undefined) observe?.(written);
    return {};
  }
}
