import { NOTHING_LEARNT, type LengthHistory } from '../../../accounting/length-history/length-history.ts';
import { NOTHING_OBSERVED, type SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import { REGION_LABEL } from '../../../api/v1alpha1/labels.ts';
import type { AcceleratorResource } from '../../../domain/accelerators/accelerator-resource.ts';
import type { JobData, JobPhase, PlacementRules, PlannableJob, Spent } from '../../../domain/job.ts';
import { bothSlowdowns, observedAt } from '../../../domain/length/observed-slowdown.ts';
import type { Site } from '../../../domain/site.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { objectKey } from '../../../runtime/cache/object-key.ts';
import type { Workload } from '../../../ports/workloads.ts';
import { openAttempt, pausesIn } from '../attempts/attempts.ts';
import { avoidances, type AvoidanceBackoff } from '../attempts/avoidances.ts';
import { lengthOf } from './length.ts';
import { isOver, isRefused, refusalOf, revisionOf, runningSince, unlistedWork, type JobRecord } from '../job-record.ts';
import { completedWork, hasRun, runTime, type ProgressBasis } from '../attempts/progress.ts';
import { promisedBaseline, promisedIntensity, promisedPlacement } from './promise.ts';
import { spentOn, type Run } from './spent.ts';
import { productLabelOf } from '../template/demand.ts';
import { admittedValues } from '../../pod-spec/node-filter.ts';
import { podSpecOf } from '../../pod-spec/unstructured.ts';
import { handOn } from '../attempts/whose-hand.ts';

/** What surrounds all jobs of one planning cycle. */
export interface PlanningSurroundings {
  readonly now: EpochMs;
  /** Length of a slot: a job that should be finished and isn't has at least so much work left. */
  readonly slot: DurationMs;
  readonly sites: ReadonlyMap<string, Site>;
  /** Of all the sites. */
  readonly regions: readonly string[];
  readonly products: readonly string[];
  readonly resources: readonly AcceleratorResource[];
  readonly avoidanceBackoff: AvoidanceBackoff;
  /** Of jobs that are complete. Absent: none is. */
  readonly history?: LengthHistory;
  /** As above, of how much longer they took at some sites. */
  readonly slowdowns?: SlowdownHistory;
}

export function planningSurroundings(
  sites: readonly Site[],
  settings: Omit<PlanningSurroundings, 'sites' | 'regions' | 'products'>,
): PlanningSurroundings {
  return {
    ...settings,
    sites: new Map(sites.map((site) => [site.name, site])),
    regions: [...new Set(sites.map(({ region }) => region))],
    products: [...new Set(sites.flatMap(({ pools }) => pools.map(({ product }) => product)))],
  };
}

/**
 * A CarbonAwareJob as the planner sees it. `undefined` where there is nothing to plan: it is over, refused, suspended by
 * its user or by another hand, or about to be deleted.
 * @param workload the Job that carries it, as the cache has it
 */
export function toPlannable(
  record: JobRecord,
  workload: Workload | undefined,
  policy: EffectivePolicy,
  surroundings: PlanningSurroundings,
): PlannableJob | undefined {
  if (!isPlanned(record, workload) || !record.spec.ok) return undefined;
  const spec = record.spec.value;
  const { history = NOTHING_LEARNT, slowdowns = NOTHING_OBSERVED, now, slot } = surroundings;
  const home = homeOf(record, policy);
  const observedSlowdowns = slowdowns.observed(record.identity, home);
  const progress = { ...progressOf(record, spec), observedSlowdowns };
  const phase = phaseOf(record, workload);
  return {
    key: objectKey(record.metadata),
    revision: revisionOf(record),
    createdAt: record.createdAt,
    phase,
    home,
    ...lengthOf(record, spec, policy, { done: completedWork(progress, now), slot, home, history }),
    interruptible: spec.interruptible,
    pausesSoFar: pausesIn(record.attempts),
    objective: spec.objective ?? policy.objective,
    ...record.demand,
    accelerators: spec.accelerators,
    placementRules: placementRules(spec, record, policy, surroundings),
    data: dataOf(spec, record, phase, now),
    maxSlowdownShare: spec.maxSlowdownShare,
    ...(observedSlowdowns.length > 0 && { observedSlowdowns }),
    weight: policy.weight,
    spent: spentSoFar(record, spec, policy, { ...surroundings, observedSlowdowns }),
    baseline: promisedBaseline(record),
    current: promisedPlacement(record, phase, now),
    avoid: avoidances(record.attempts, surroundings.avoidanceBackoff, now),
    signal: policy.signal,
    withoutData: policy.withoutData,
  };
}

/** Where a job would run without this operator, as it or its policy says. */
export function homeOf({ spec }: Pick<JobRecord, 'spec'>, policy: Pick<EffectivePolicy, 'home'>): string | undefined {
  return (spec.ok ? spec.value.home : undefined) ?? policy.home;
}

/** Whether the job is the planner's: then what its pods hold is in its own books. */
export function isPlanned(record: JobRecord, workload: Workload | undefined): boolean {
  if (record.metadata.deletionTimestamp !== undefined || isOver(record) || isRefused(record)) return false;
  if (workload?.end !== undefined || refusalOf(record) !== undefined) return false;
  if (record.spec.ok && record.spec.value.suspend) return false;
  return handOn(record.attempts, workload) !== 'SuspendedByOther';
}

export function progressOf(record: JobRecord, spec: CarbonAwareJobSpecParsed): ProgressBasis {
  return {
    attempts: record.attempts,
    unlistedWork: unlistedWork(record),
    accelerators: spec.accelerators,
    restartOverhead: spec.interruptible?.restartOverhead ?? 0,
    moveOverhead: spec.interruptible?.moveOverhead ?? 0,
    runningSince: runningSince(record),
  };
}

function phaseOf({ attempts }: JobRecord, workload: Workload | undefined): JobPhase {
  const open = openAttempt(attempts);
  if (open !== undefined && workload?.suspended === false) return 'Running';
  return hasRun(attempts) ? 'Paused' : 'Waiting';
}

/** What the job reads, with the sites where a run of it has copied what it needs. */
function dataOf(
  { data }: CarbonAwareJobSpecParsed,
  { attempts, ...record }: JobRecord,
  phase: JobPhase,
  now: EpochMs,
): readonly JobData[] {
  const open = openAttempt(attempts);
  const since = runningSince({ ...record, attempts });
  const sites = attempts
    .filter((attempt) => runTime(attempt, since, now) > 0 || (attempt === open && phase === 'Running'))
    .map(({ site }) => site);
  return data.map((set) => (set.access === 'Stage' ? { ...set, stagedAt: [...new Set(sites)] } : set));
}

function placementRules(
  spec: CarbonAwareJobSpecParsed,
  { demand }: JobRecord,
  policy: EffectivePolicy,
  { regions, products, resources }: PlanningSurroundings,
): PlacementRules {
  const productLabel = productLabelOf(demand.resource, resources);
  const pods = podSpecOf(spec.template);
  return {
    jobAllows: spec.sitesAllowed,
    jobDenies: spec.sitesDenied,
    policyAllows: policy.sitesAllowed,
    templateRegions: admittedValues(pods, REGION_LABEL, regions),
    templateProducts: admittedValues(pods, productLabel, products),
  };
}

function spentSoFar(
  record: JobRecord,
  { data, accelerators }: CarbonAwareJobSpecParsed,
  { signal }: EffectivePolicy,
  { sites, now, observedSlowdowns }: PlanningSurroundings & Required<Pick<PlannableJob, 'observedSlowdowns'>>,
): Spent {
  const since = runningSince(record);
  const runs = record.attempts.map((attempt): Run => {
    const endsAt = attempt.endedAt ?? now;
    const startsAt = endsAt - runTime(attempt, since, now);
    const { site, product, slowdown: planned = 0 } = attempt;
    const observed = observedAt(observedSlowdowns, site, product);
    const slowdown = observed === undefined ? planned : bothSlowdowns(planned, observed.share);
    return { site, product, slowdown, startsAt, endsAt };
  });
  const ran = runs.filter(({ startsAt, endsAt }) => endsAt > startsAt);
  const { demand } = record;
  const spent = spentOn(ran, { demand, data, accelerators, sites, signal, promised: promisedIntensity(record) });
  return unlistedWork(record) > 0 ? { ...spent, carbon: undefined } : spent;
}
