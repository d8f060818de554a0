import type { AcceleratorChoice, Interruptible, JobData, Objective } from '../../../domain/job.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import type { CarbonAwareJobSpecTemplate } from '../carbon-aware-job.generated.ts';
import { SCHEMA_DEFAULTS } from '../defaults.ts';
import { FieldReader, type Problem, type Reading } from './field-reader.ts';
import { readData } from './job-data.ts';
import { parseObjective } from './objective.ts';

/** `spec` of a CarbonAwareJob with its texts read. What is absent is the policy's to say, or needs saying nowhere. */
export interface CarbonAwareJobSpecParsed {
  readonly template: CarbonAwareJobSpecTemplate;
  /** Absent: it is learnt. */
  readonly expectedDuration: DurationMs | undefined;
  /** At most one of `completeBy` and `maxDelay` is there. */
  readonly completeBy: EpochMs | undefined;
  readonly maxDelay: DurationMs | undefined;
  readonly interruptible: Interruptible | undefined;
  readonly objective: Objective | undefined;
  readonly home: string | undefined;
  /** `spec.placement.sites.allow`; absent: any site. */
  readonly sitesAllowed: readonly string[] | undefined;
  readonly sitesDenied: readonly string[];
  /** Share of the job's length that reading its data may add. */
  readonly maxSlowdownShare: number | undefined;
  /** As declared: nothing of it has been staged yet. */
  readonly data: readonly JobData[];
  /** Empty: any product, at speed 1. */
  readonly accelerators: readonly AcceleratorChoice[];
  readonly suspend: boolean;
}

/**
 * Reads the spec of a CarbonAwareJob. The API server has judged it already, but by the schema of the day when it was
 * stored: nothing is trusted here, and every problem is named at once.
 */
export function parseCarbonAwareJob(raw: { readonly spec?: unknown }): Reading<CarbonAwareJobSpecParsed> {
  const problems: Problem[] = [];
  const spec = new FieldReader('spec', raw.spec, problems).required('write what to run');
  const placement = spec.field('placement');
  const template = readTemplate(spec.field('template'));
  const rest = {
    expectedDuration: spec.field('expectedDuration').durationAboveZero(),
    completeBy: spec.field('completeBy').time(),
    maxDelay: readMaxDelay(spec),
    interruptible: readInterruptible(spec.field('interruptible')),
    objective: parseObjective(spec),
    home: placement.field('home').text(),
    ...readSites(placement.field('sites')),
    maxSlowdownShare: shareOf(placement.field('maxSlowdownPercent').wholeNumber({ atLeast: 0, atMost: 10_000 })),
    data: spec.field('data').items().flatMap(readData),
    accelerators: spec.field('accelerators').items().flatMap(readAccelerator),
    suspend: spec.field('suspend').boolean() ?? false,
  };
  if (problems.length > 0 || template === undefined) return { ok: false, problems };
  return { ok: true, value: { template, ...rest } };
}

function readTemplate(template: FieldReader): CarbonAwareJobSpecTemplate | undefined {
  const pods = template.required('write a batch/v1 JobTemplateSpec').field('spec').field('template');
  if (template.isAbsent) return undefined;
  if (pods.required('put the pods, with their containers, there').isAbsent) return undefined;
  return template.value as CarbonAwareJobSpecTemplate;
}

function readMaxDelay(spec: FieldReader): DurationMs | undefined {
  const field = spec.field('maxDelay');
  if (!field.isAbsent && !spec.field('completeBy').isAbsent) {
    field.refuse('is a second deadline beside completeBy; remove one of them');
  }
  return field.durationAboveZero();
}

function readInterruptible(field: FieldReader): Interruptible | undefined {
  if (field.isAbsent) return undefined;
  const { minimumRun, restartOverhead, moveOverhead, maxPauses } = SCHEMA_DEFAULTS;
  return {
    minimumRun: field.field('minimumRun').durationAboveZero() ?? minimumRun,
    restartOverhead: field.field('restartOverhead').duration() ?? restartOverhead,
    moveOverhead: field.field('moveOverhead').duration() ?? moveOverhead,
    maxPauses: field.field('maxPauses').wholeNumber({ atLeast: 1, atMost: 50 }) ?? maxPauses,
  };
}

function readSites(sites: FieldReader): Pick<CarbonAwareJobSpecParsed, 'sitesAllowed' | 'sitesDenied'> {
  const allow = sites.field('allow');
  const deny = sites.field('deny');
  const sitesAllowed = allow.names();
  const sitesDenied = deny.names() ?? [];
  if (sitesAllowed?.length === 0) allow.refuse('names no site; add one, or remove allow to allow every site');
  const both = sitesAllowed?.filter((site) => sitesDenied.includes(site)) ?? [];
  if (both.length > 0) deny.refuse(`has ${both.join(', ')} in common with allow; remove it from one of them`);
  return { sitesAllowed, sitesDenied };
}

function shareOf(percent: number | undefined): number | undefined {
  return percent === undefined ? undefined : percent / 100;
}

function readAccelerator(field: FieldReader): readonly AcceleratorChoice[] {
  const product = field.field('product').required('write the label nvidia.com/gpu.product of its nodes').text();
  const speed = field.field('speed').decimal({ above: 0 }) ?? SCHEMA_DEFAULTS.speed;
  return product === undefined ? [] : [{ product, speed }];
}
