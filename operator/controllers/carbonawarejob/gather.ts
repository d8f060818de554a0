import type { SlowdownHistory } from '../../accounting/slowdown/slowdown-history.ts';
import { ACCELERATOR_RESOURCES, type AcceleratorResource } from '../../domain/accelerators/accelerator-resource.ts';
import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import { legsOf } from '../../domain/decision.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { SuspendableWorkload, Workload, WorkloadPod } from '../../ports/workloads.ts';
import type { StoreReader } from '../../runtime/cache/store.ts';
import { parseObjectKey } from '../../runtime/cache/object-key.ts';
import type { SiteRecord } from '../computesite/site-record.ts';
import type { Decisions } from '../planning-cycle/decisions.ts';
import type { IdleReader } from '../usage/idle-reader.ts';
import { openAttempt } from './attempts/attempts.ts';
import type { AvoidanceBackoff } from './attempts/avoidances.ts';
import { isOver, revisionOf, type JobRecord } from './job-record.ts';
import { isOwn, type JobView, type SitePlace } from './job-view.ts';
import { nodesToFill, type PartlyUsedReader } from './packing.ts';
import { deadlineTold } from './plannable/deadline.ts';
import { homeOf } from './plannable/to-plannable.ts';
import { podsView } from './pods-view.ts';
import { sitePlaceOf } from './site-place.ts';
import { productLabelOf } from './template/demand.ts';

/** Index of the cache of pods: the uid of the workload that controls them. */
export const PODS_BY_WORKLOAD = 'workload';

/** The caches and other loops that a reconcile reads. */
export interface JobSources {
  /** By key, as are the workloads: a workload has the name of its job. */
  readonly jobs: Pick<StoreReader<JobRecord>, 'get'>;
  readonly workloads: Pick<StoreReader<Workload>, 'get'>;
  readonly pods: Pick<StoreReader<WorkloadPod, typeof PODS_BY_WORKLOAD>, 'byIndex'>;
  /** By name. */
  readonly sites: Pick<StoreReader<SiteRecord>, 'get'>;
  readonly decisions: Decisions;
  readonly policyOf: (namespace: string) => EffectivePolicy;
  readonly usage: IdleReader;
  /** Costly after each job that has finished; asked only of jobs that have run and say how much longer they may take. */
  readonly slowdowns: () => SlowdownHistory;
  readonly inventory: PartlyUsedReader;
}

export interface GatherSettings {
  readonly unschedulableAfter: DurationMs;
  readonly avoidanceBackoff: AvoidanceBackoff;
  readonly resources?: readonly AcceleratorResource[];
}

/** All that the next step depends on, at one moment; `undefined` where the job is gone. */
export async function gather(
  key: string,
  from: {
    readonly sources: JobSources;
    readonly api: SuspendableWorkload;
    readonly settings: GatherSettings;
    readonly now: EpochMs;
    readonly createNotBefore: EpochMs | undefined;
  },
  abort: AbortSignal,
): Promise<JobView | undefined> {
  const { sources, api, settings, now, createNotBefore } = from;
  const record = sources.jobs.get(key);
  if (record === undefined) return undefined;
  const workload = await workloadOf(key, record, { sources, api }, abort);
  const decision = sources.decisions.get(key, revisionOf(record));
  const legs = decision?.chosen === undefined ? [] : legsOf(decision.chosen);
  const policy = sources.policyOf(record.metadata.namespace ?? '');
  const names = [...legs.map(({ site }) => site), openAttempt(record.attempts)?.site];
  const view = {
    now,
    record,
    attempts: record.attempts,
    workload,
    pods: podsView(sources.pods.byIndex(PODS_BY_WORKLOAD, workload?.metadata.uid ?? ''), workload),
    decision,
    sites: placesOf(names, sources),
    productLabel: productLabelOf(record.demand.resource, settings.resources ?? ACCELERATOR_RESOURCES),
    unschedulableAfter: settings.unschedulableAfter,
    avoidanceBackoff: settings.avoidanceBackoff,
    deadline: deadlineTold(record, decision, policy),
    idle: sources.usage.idle(key),
    use: sources.usage.use(key),
    slowdowns: sources.slowdowns,
    home: homeOf(record, policy),
    createNotBefore,
  };
  return { ...view, nodesToFill: nodesToFill(view, sources.inventory) };
}

/**
 * The workload as the cache has it. A cache may lag, and a job whose Job is gone has failed for good: where one that was
 * started seems to be missing, the API server is asked.
 */
async function workloadOf(
  key: string,
  record: JobRecord,
  { sources, api }: { readonly sources: JobSources; readonly api: SuspendableWorkload },
  abort: AbortSignal,
): Promise<Workload | undefined> {
  const cached = sources.workloads.get(key);
  const seemsGone = cached === undefined || !isOwn(cached, record);
  if (!seemsGone || record.attempts.length === 0 || isOver(record)) return cached;
  return api.read(parseObjectKey(key), abort);
}

function placesOf(names: readonly (string | undefined)[], { sites }: JobSources): ReadonlyMap<string, SitePlace> {
  const places = new Map<string, SitePlace>();
  for (const name of names) {
    const record = name === undefined ? undefined : sites.get(name);
    const place = record === undefined ? undefined : sitePlaceOf(record);
    if (name !== undefined && place !== undefined) places.set(name, place);
  }
  return places;
}
