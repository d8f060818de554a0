import type { SlowdownHistory } from '../../accounting/slowdown/slowdown-history.ts';
import { REGION_LABEL } from '../../api/v1alpha1/labels.ts';
import type { CarbonAwareJobSpecParsed } from '../../api/v1alpha1/parse/carbon-aware-job.ts';
import type { Decision, Leg } from '../../domain/decision.ts';
import { MINUTE_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { NodeRequirement } from '../../ports/node-selection.ts';
import type { Workload } from '../../ports/workloads.ts';
import type { DeviceUse, IdleDevices } from '../usage/idle-reader.ts';
import { openAttempt, type Attempt } from './attempts/attempts.ts';
import type { AvoidanceBackoff } from './attempts/avoidances.ts';
import { runningSince, type JobRecord } from './job-record.ts';
import type { PodsView } from './pods-view.ts';
import { runTime } from './attempts/progress.ts';

/** What is known of a ComputeSite where a job may be placed. */
export interface SitePlace {
  /** Value of `topology.kubernetes.io/region` on its nodes. */
  readonly region: string;
  /** Nodes that nobody uses go to sleep, or away. */
  readonly idleNodesSleep: boolean;
  /** How long nodes may take to come, by product. */
  readonly provisioning: ReadonlyMap<string, DurationMs>;
  /** Products of which it can have more than are there now. */
  readonly toCome: ReadonlySet<string>;
}

/** All that the next step of one job depends on. */
export interface JobView {
  readonly now: EpochMs;
  readonly record: JobRecord;
  /** As they are to be: those of the status, and what this reconcile has done since. */
  readonly attempts: readonly Attempt[];
  readonly workload: Workload | undefined;
  readonly pods: PodsView;
  readonly decision: Decision | undefined;
  /** Of the sites that the decision and the open attempt name. */
  readonly sites: ReadonlyMap<string, SitePlace>;
  /** Of the site where it is due: nodes that its pods had better fill up, best first. */
  readonly nodesToFill: readonly string[];
  /** Node label that tells the product of the accelerators that the job asks for. */
  readonly productLabel: string;
  /** How long pods may stay unschedulable at a site that has its nodes. */
  readonly unschedulableAfter: DurationMs;
  /** How long a place that failed the job is not tried again. */
  readonly avoidanceBackoff: AvoidanceBackoff;
  /** When the job is to be finished; `undefined` where that is not known. */
  readonly deadline: EpochMs | undefined;
  /** Devices of its pods that do nothing, as last assessed; see {@link idleDevices}. */
  readonly idle: IdleDevices | undefined;
  /** What the devices of its pods do, as last assessed. */
  readonly use: DeviceUse;
  /** What jobs that are complete tell about sites. */
  readonly slowdowns: () => SlowdownHistory;
  /** Where the job would run without this operator, as it or its policy says. */
  readonly home: string | undefined;
  /** After a Job that was refused: when to try again. */
  readonly createNotBefore: EpochMs | undefined;
}

export function specOf({ record }: Pick<JobView, 'record'>): CarbonAwareJobSpecParsed | undefined {
  return record.spec.ok ? record.spec.value : undefined;
}

/** The Job is the one that this CarbonAwareJob controls, not one of the same name. */
export function isOwn(workload: Workload, { metadata }: JobRecord): boolean {
  return (workload.metadata.ownerReferences ?? []).some(
    ({ uid, controller }) => controller === true && uid === metadata.uid,
  );
}

/** The Job, where there is one and it is ours. */
export function ownWorkload({ workload, record }: JobView): Workload | undefined {
  return workload !== undefined && isOwn(workload, record) ? workload : undefined;
}

/** The nodes of a leg; `undefined` where its site is not known. */
export function placementOf(
  view: JobView,
  { site, product }: Pick<Leg, 'site' | 'product'>,
): readonly NodeRequirement[] | undefined {
  const place = view.sites.get(site);
  if (place === undefined) return undefined;
  const region = { label: REGION_LABEL, value: place.region };
  return product === undefined ? [region] : [region, { label: view.productLabel, value: product }];
}

/** When unschedulable pods of the open attempt are given up; `undefined` where none waits, or where others do the work. */
export function givenUpAt(view: JobView): EpochMs | undefined {
  const open = openAttempt(view.attempts);
  const { unschedulable, running } = view.pods;
  if (open === undefined || unschedulable === undefined) return undefined;
  if (running > 0 && specOf(view)?.interruptible === undefined) return undefined;
  const { product = '', site } = open;
  const provisioning = view.sites.get(site)?.toCome.has(product) === true ? provisioningAt(view, open) : 0;
  return Math.max(unschedulable.since, open.startedAt) + view.unschedulableAfter + provisioning;
}

/** How long nodes of a place may take to come; 0 where that is not known, or none have to. */
export function provisioningAt(
  { sites }: JobView,
  { site, product = '' }: Pick<Attempt, 'site' | 'product'>,
): DurationMs {
  return sites.get(site)?.provisioning.get(product) ?? 0;
}

/** Since when the pods of the open attempt run: as the status has it, else as the pods say. */
export function openRunningSince({ record, attempts, pods }: JobView): EpochMs | undefined {
  const open = openAttempt(attempts);
  if (open === undefined) return undefined;
  const recorded = runningSince({ status: record.status, attempts });
  return recorded ?? (pods.runningSince === undefined ? undefined : Math.max(pods.runningSince, open.startedAt));
}

/** When the job may be paused if it counts from such a moment: it is to run for a while first, and not all can be interrupted. */
export function pausableFrom(view: Pick<JobView, 'record'>, since: EpochMs | undefined): EpochMs {
  const interruptible = specOf(view)?.interruptible;
  return interruptible === undefined || since === undefined ? Infinity : since + interruptible.minimumRun;
}

/** How long the pods of the open attempt have run. */
export function ranUntil(view: JobView, at: EpochMs): DurationMs {
  const open = openAttempt(view.attempts);
  return open === undefined ? 0 : runTime(open, openRunningSince(view), at);
}

/** Clocks of the API server, of nodes and of the operator differ by less. */
const CLOCKS_DIFFER_BY: DurationMs = MINUTE_MS;

/** Devices of the open attempt that do nothing. What was assessed of the pods of an attempt before it says nothing of them. */
export function idleDevices({ attempts, idle }: JobView): IdleDevices | undefined {
  const open = openAttempt(attempts);
  if (open === undefined || idle === undefined) return undefined;
  return idle.since > open.startedAt - CLOCKS_DIFFER_BY ? idle : undefined;
}
