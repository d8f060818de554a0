import { ApiRequestError } from '../../controlplane/client/api-client.ts';
import { DEMO_LABEL } from './labels.ts';
import type { Requests } from './removal.ts';

interface Lease {
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly renewTime?: string;
    readonly leaseDurationSeconds?: number;
  };
}

interface List {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

const DEFAULT_LEASE_SECONDS = 15;
/** By how much clocks may differ. */
const CLOCK_SKEW_MS = 5_000;
const NAMED = 3;

/**
 * Why the demo can't run on a cluster without meddling: its operator would take up whatever jobs it finds, and two operators
 * would share them. Empty where nothing is in the way.
 */
export async function obstacles(api: Requests, now: number, abort: AbortSignal): Promise<readonly string[]> {
  const found = [await runningOperator(api, now, abort)];
  for (const plural of ['carbonawarejobs', 'computesites']) found.push(await foreignObjects(api, plural, abort));
  return found.filter((obstacle) => obstacle !== undefined);
}

async function runningOperator(api: Requests, now: number, abort: AbortSignal): Promise<string | undefined> {
  const path = '/apis/coordination.k8s.io/v1/namespaces/sunward-system/leases/sunward';
  const { spec } = (await orUndefined(api.request<Lease>(path, { abort }))) ?? {};
  const { holderIdentity: holder = '', renewTime = '', leaseDurationSeconds = DEFAULT_LEASE_SECONDS } = spec ?? {};
  if (holder === '' || now - Date.parse(renewTime) > 1_000 * leaseDurationSeconds + CLOCK_SKEW_MS) return undefined;
  const lease = `${holder} holds the lease sunward-system/sunward`;
  return `a Sunward operator runs here already (${lease}); stop it first, or wait ${leaseDurationSeconds} s where it is dead`;
}

async function foreignObjects(api: Requests, plural: string, abort: AbortSignal): Promise<string | undefined> {
  const path = `/apis/sunward.dev/v1alpha1/${plural}?labelSelector=${encodeURIComponent(`!${DEMO_LABEL}`)}`;
  const { items } = (await orUndefined(api.request<List>(path, { abort }))) ?? { items: [] };
  if (items.length === 0) return undefined;
  const names = items.slice(0, NAMED).map(({ metadata: { namespace, name } }) => `${namespace ?? ''}/${name}`);
  const shown = names.map((name) => name.replace(/^\//, '')).join(', ');
  const more = items.length > NAMED ? ` and ${items.length - NAMED} more` : '';
  return `there are ${plural} already (${shown}${more}), and the demo's operator would act on them; use another cluster`;
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiRequestError && error.status === 404) return undefined;
    throw error;
  }
}
