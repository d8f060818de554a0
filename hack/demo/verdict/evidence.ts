import { findCondition, type Condition, type JobConditionType } from '../../../operator/api/v1alpha1/conditions.ts';
import type {
  CarbonAwareJob,
  CarbonAwareJobStatusAlternative,
} from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { powerOf } from '../../../operator/domain/accelerators/accelerator-power.ts';
import { parseDuration } from '../../../operator/domain/duration.ts';
import type { Interval } from '../../../operator/domain/interval.ts';
import type { DurationMs, EpochMs } from '../../../operator/domain/units.ts';
import { siteOfNode } from '../cluster/nodes.ts';
import type { Grid } from '../day/intensity-rows.ts';
import type { Shape } from '../setup/dressed-job.ts';
import { PRODUCT, type DemoSite } from '../setup/scenario.ts';
import { runOf, stretches, type PodRun } from '../watch/pod-run.ts';
import type { JobEnd, JobRecord } from '../watch/record.ts';

const WATTS_PER_KILOWATT = 1_000;

/** What a verdict on one job is made from: its plan as told, and what pods really did. */
export interface Evidence {
  readonly name: string;
  readonly submittedAt: EpochMs | undefined;
  /** By the job's own words, not by its status. */
  readonly deadline: EpochMs | undefined;
  readonly planned: PlannedRun | undefined;
  /** Sites where its pods ran, by the nodes that they ran on. */
  readonly sites: readonly string[];
  /** When its pods ran; several where it paused. */
  readonly runs: readonly Interval[];
  readonly end: JobEnd | undefined;
  /** Grams by pods' times, the power table and the file of intensities. */
  readonly grams: number;
  /** Grams of the same work, had it begun at submission at home. */
  readonly runNowGrams: number;
  readonly home: string;
  readonly podRuns: readonly PodRun[];
  readonly shape: Shape;
  readonly jobUids: number;
  readonly attempts: number;
  /** Told with the first plan. */
  readonly alternatives: readonly CarbonAwareJobStatusAlternative[];
  readonly object: CarbonAwareJob | undefined;
}

export interface PlannedRun {
  readonly site: string;
  readonly startsAt: EpochMs;
  readonly finishesAt: EpochMs;
  readonly windows: number;
  readonly grams: number;
  readonly saves: string | undefined;
}

export interface EvidenceContext {
  readonly grid: Grid;
  readonly sites: readonly DemoSite[];
  readonly home: string;
  readonly shape: Shape;
  /** Gaps in which a pod ends and the next begins are no pauses. */
  readonly pauseFrom: DurationMs;
  readonly now: EpochMs;
}

export function evidenceOf(record: JobRecord, context: EvidenceContext): Evidence {
  const { object } = record;
  const podRuns = [...record.pods.values()];
  const ran = podRuns.filter(({ startedAt }) => startedAt !== undefined);
  const created = object?.metadata.creationTimestamp;
  const submittedAt = created === undefined ? undefined : Date.parse(created);
  return {
    name: record.name,
    submittedAt,
    deadline: object === undefined || submittedAt === undefined ? undefined : deadlineOf(object, submittedAt),
    planned: plannedRun(record),
    sites: [...new Set(ran.map(({ node }) => siteOfNode(node ?? '') ?? 'nowhere'))].sort(),
    runs: stretches(ran, context.pauseFrom, context.now),
    end: record.end,
    grams: ran.reduce((sum, run) => sum + gramsOf(run, context), 0),
    runNowGrams: submittedAt === undefined ? 0 : runNowGrams(submittedAt, context),
    home: context.home,
    podRuns,
    shape: context.shape,
    jobUids: record.jobUids.size,
    attempts: object?.status?.attempts?.length ?? 0,
    alternatives: record.firstAlternatives,
    object,
  };
}

export function conditionOf({ object }: Evidence, type: JobConditionType): Condition | undefined {
  return findCondition(object?.status?.conditions, type);
}

/** `completeBy`, or submission + expected duration + delay. Every job of the demo says one of the two. */
function deadlineOf({ spec }: CarbonAwareJob, submittedAt: EpochMs): EpochMs {
  if (spec.completeBy !== undefined) return Date.parse(spec.completeBy);
  return submittedAt + lengthOf(spec.expectedDuration ?? '') + lengthOf(spec.maxDelay ?? '');
}

function lengthOf(text: string): DurationMs {
  const parsed = parseDuration(text);
  return parsed.ok ? parsed.value : NaN;
}

function plannedRun({ firstPlan: plan }: JobRecord): PlannedRun | undefined {
  if (plan?.site === undefined || plan.starts === undefined || plan.expected?.finish === undefined) return undefined;
  return {
    site: plan.site,
    startsAt: Date.parse(plan.starts),
    finishesAt: Date.parse(plan.expected.finish),
    windows: plan.windows?.length ?? 0,
    grams: Number(plan.expected.carbonGrams ?? NaN),
    saves: plan.saves,
  };
}

function gramsOf(run: PodRun, { grid, sites, now }: EvidenceContext): number {
  const site = sites.find(({ name }) => name === siteOfNode(run.node ?? ''));
  const interval = runOf(run, now);
  if (site === undefined || interval === undefined) return 0;
  return kilowattsOf(run.gpus, site) * grid.integral(site.zone, interval);
}

/** Every pod at work from submission on, wave after wave, without a gap: the least that run-now could have used. */
function runNowGrams(submittedAt: EpochMs, { grid, sites, home, shape }: EvidenceContext): number {
  const site = sites.find(({ name }) => name === home);
  if (site === undefined) return NaN;
  const waves = Math.ceil(shape.completions / shape.parallelism);
  const interval = { startsAt: submittedAt, endsAt: submittedAt + waves * shape.podRun };
  return kilowattsOf(shape.gpusAPod * shape.parallelism, site) * grid.integral(site.zone, interval);
}

/** At the meter of the building. */
function kilowattsOf(gpus: number, { pue }: DemoSite): number {
  return (gpus * powerOf(PRODUCT).busy * pue) / WATTS_PER_KILOWATT;
}
