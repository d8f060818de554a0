import { workloadOfJob } from '../../adapters/kubernetes/job/workload-of-job.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import { planningSettings } from '../../composition/planning.ts';
import { openAttempt } from '../../controllers/carbonawarejob/attempts/attempts.ts';
import { jobRecordOf, refusalOf, runningSince, type JobRecord } from '../../controllers/carbonawarejob/job-record.ts';
import { slowdownHistoryOf } from '../../controllers/carbonawarejob/slowdown/site-runs.ts';
import { governanceOf } from '../../controllers/carbonpolicy/governance.ts';
import { policyRecordOf, projectNamespace } from '../../controllers/carbonpolicy/policy-record.ts';
import { gatherSnapshot } from '../../controllers/planning-cycle/gather.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import type { Workload } from '../../ports/workloads.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import { Store } from '../../runtime/cache/store.ts';
import { UsageError } from '../answer.ts';
import { namespaceByName } from './reading.ts';
import type { Resources } from './resources.ts';
import { sitesKnown, type WorldOptions } from './sites-known.ts';
import { toldNotReady } from './told.ts';

/** What the operator would plan from, as far as it can be seen from here. */
export interface World {
  readonly snapshot: PlanningSnapshot;
  /** By `namespace/name`. */
  readonly records: ReadonlyMap<string, JobRecord>;
  /** What could not be seen and what was taken for it, in sentences. */
  readonly notes: readonly string[];
}

/** Every option is to be told, not the best few. */
const ALL_ALTERNATIVES = 10_000;

/**
 * The snapshot that the operator's planning cycle would gather, by the same function, from what it has published. Throws
 * {@link UsageError} for a file that can't be used.
 */
export async function worldOf(resources: Resources, options: WorldOptions, abort: AbortSignal): Promise<World> {
  const { clock, config } = options;
  const jobs = resources.jobs.map((job) => jobRecordOf(created(job, clock.now()), { resources: config.accelerators }));
  const { assumed, outlooks, published, records, unread } = await sitesKnown(resources.sites, jobs, options, abort);
  const governance = governanceOf(namespacesOf(resources), resources.policies.map(policyRecordOf));
  const sources = {
    jobs: storeOf(jobs, ({ metadata }) => objectKey(metadata)),
    workloads: workloadsOf(resources, jobs),
    sites: { list: () => records },
    inventory: published.inventory,
    outlooks,
    prices: published.prices,
    nodePrices: published.nodePrices,
    governance: () => governance,
    slowdowns: () => slowdownHistoryOf(jobs),
  };
  const { tuning, ...settings } = planningSettings(config);
  const all = { ...settings, tuning: { ...tuning, maxAlternatives: ALL_ALTERNATIVES } };
  const snapshot = gatherSnapshot(sources, all, clock.now());
  const told = toldNotReady(records);
  const sitesNotReady = snapshot.sitesNotReady.map(({ site, message }) => {
    return { site, message: told.get(site)?.message ?? message };
  });
  return {
    snapshot: { ...snapshot, sitesNotReady },
    records: new Map(jobs.map((record) => [objectKey(record.metadata), record])),
    notes: [...resources.notes, ...unread, ...assumed],
  };
}

/**
 * The resources with jobs as they would be once they were applied: new ones come now, those that are there keep what they have
 * done. Throws {@link UsageError} with everything that is wrong with them.
 */
export function withApplied(resources: Resources, jobs: readonly CarbonAwareJob[], now: number): Resources {
  const applied = jobs.map((job) => appliedTo(resources, job, now));
  const problems = applied.flatMap((job) => {
    const refusal = refusalOf(jobRecordOf(job));
    return refusal === undefined ? [] : [`${nameOf(job)}: ${refusal.message}`];
  });
  if (problems.length > 0) throw new UsageError(problems.join('\n'));
  const names = new Set(applied.map(nameOf));
  if (names.size < applied.length) {
    const twice = applied.map(nameOf).filter((name, k, all) => all.indexOf(name) !== k);
    throw new UsageError(`${twice.join(', ')}: there are two jobs of that name; give each its own`);
  }
  return { ...resources, jobs: [...resources.jobs.filter((job) => !names.has(nameOf(job))), ...applied] };
}

/** One that was written by hand has no time of creation yet: it is created now. */
function created(job: CarbonAwareJob, now: number): CarbonAwareJob {
  const { creationTimestamp = formatTime(now) } = job.metadata;
  return { ...job, metadata: { ...job.metadata, creationTimestamp } };
}

function appliedTo({ jobs, namespace }: Resources, job: CarbonAwareJob, now: number): CarbonAwareJob {
  const metadata = { ...job.metadata, namespace: job.metadata.namespace ?? namespace };
  const before = jobs.find((one) => nameOf(one) === nameOf({ ...job, metadata }));
  if (before === undefined) {
    const fresh = { uid: `to-be-${metadata.name}`, generation: 1, creationTimestamp: formatTime(now) };
    return { ...job, metadata: { ...metadata, ...fresh }, status: {} };
  }
  const { uid, generation = 0, creationTimestamp } = before.metadata;
  const kept = {
    ...(uid !== undefined && { uid }),
    ...(creationTimestamp !== undefined && { creationTimestamp }),
    generation: generation + 1,
  };
  return { ...job, metadata: { ...metadata, ...kept }, ...(before.status !== undefined && { status: before.status }) };
}

function nameOf({ metadata }: CarbonAwareJob): string {
  return objectKey(metadata);
}

/** Jobs may come from a file that has no namespaces. */
function namespacesOf({ jobs, namespace, namespaces }: Resources) {
  const known = new Set(namespaces.map(({ metadata }) => metadata.name));
  const named = new Set([namespace, ...jobs.map(({ metadata }) => metadata.namespace ?? namespace)]);
  const missing = [...named].filter((name) => !known.has(name)).map(namespaceByName);
  return [...namespaces, ...missing].map(projectNamespace);
}

/** Where the Job that carries a job out can't be seen, what the job's own status says of it must do. */
function workloadsOf({ workloads }: Resources, records: readonly JobRecord[]): Store<Workload> {
  const store = storeOf(workloads.map(workloadOfJob), ({ metadata }) => objectKey(metadata));
  for (const record of records) {
    const key = objectKey(record.metadata);
    if (store.has(key) || runningSince(record) === undefined) continue;
    store.set(key, workloadToldBy(record));
  }
  return store;
}

function workloadToldBy({ attempts, metadata }: JobRecord): Workload {
  const { jobUid, number } = openAttempt(attempts) ?? {};
  const { name, namespace } = metadata;
  return {
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(jobUid !== undefined && { uid: jobUid }) },
    ...(number !== undefined && { attempt: number }),
    ...{ suspended: false, settled: false, activePods: 1, terminatingPods: 0, foreignFields: [], placedOn: [] },
  };
}

function storeOf<T>(items: readonly T[], keyOf: (item: T) => string): Store<T> {
  const store = new Store<T>();
  for (const item of items) store.set(keyOf(item), item);
  return store;
}
