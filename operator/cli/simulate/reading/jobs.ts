import { BUILT_IN_POLICY, SCHEMA_DEFAULTS } from '../../../api/v1alpha1/defaults.ts';
import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import { parseObjective } from '../../../api/v1alpha1/parse/objective.ts';
import type { Signal } from '../../../domain/intensity.ts';
import type { AcceleratorChoice, Interruptible, Objective, PlannableJob } from '../../../domain/job.ts';
import { kilowattHours, watts, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { SimulatedJob } from '../../../simulation/scenario.ts';
import {
  flagIn,
  instantIn,
  lengthAboveZeroIn,
  lengthIn,
  numberIn,
  refuseOthers,
  wholeNumberIn,
  wordsIn,
} from './fields.ts';

/** What holds for jobs that don't say otherwise. */
export interface JobDefaults {
  readonly objective: Objective;
  readonly signal: Signal;
  readonly withoutData: PlannableJob['withoutData'];
  readonly home: string | undefined;
  /** Arrivals that are numbers are seconds since then. */
  readonly origin: EpochMs;
  /** Names of the sites. */
  readonly sites: readonly string[];
}

const PAUSING = ['minimumRun', 'restartOverhead', 'moveOverhead', 'maxPauses'];
const FIELDS = [
  ...['name', 'namespace', 'arrival', 'expectedDuration', 'actualDuration', 'maxDelay', 'completeBy'],
  ...[
    'devices',
    'resource',
    'accelerators',
    'watts',
    'interruptible',
    'home',
    'sites',
    'weight',
    'objective',
    'prices',
  ],
];

/** Columns of a table: what a list has below `interruptible` are columns of their own, and custom prices there are none. */
export const COLUMNS = [...FIELDS.filter((name) => name !== 'prices'), ...PAUSING];

const MOST_DEVICES = 1_000_000;

/** The fields of one row of a table, as a member of a list has them. */
export function rowAsFields(cells: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const pausing = Object.entries(cells).filter(([name]) => PAUSING.includes(name));
  const others = Object.entries(cells).filter(([name]) => !PAUSING.includes(name));
  const { interruptible } = cells;
  // A column that holds for all jobs doesn't make those interruptible that say they are not.
  const isPausable = interruptible !== 'false' && (interruptible === undefined || interruptible === 'true');
  const nested = isPausable && pausing.length > 0 ? { interruptible: Object.fromEntries(pausing) } : {};
  return { ...Object.fromEntries(others), ...nested };
}

/**
 * Reads one job; `undefined` where it can't be used, with a problem for each field.
 * @param position counted from 1, for a name where it has none
 */
export function readJob(field: FieldReader, position: number, defaults: JobDefaults): SimulatedJob | undefined {
  refuseOthers(field, FIELDS);
  const createdAt = instantIn(field.field('arrival').required('write when the job comes'), defaults.origin);
  const work = lengthAboveZeroIn(field.field('expectedDuration').required('write how long it takes, like 6h'));
  const actual = lengthAboveZeroIn(field.field('actualDuration'));
  const deadline = readDeadline(field, { createdAt, work, origin: defaults.origin });
  const demand = readDemand(field);
  const home = readSite(field.field('home'), defaults.sites) ?? defaults.home;
  const jobAllows = wordsIn(field.field('sites'));
  jobAllows?.forEach((name) => refuseUnknownSite(field.field('sites'), name, defaults.sites));
  const asked = {
    key: `${field.field('namespace').text() ?? 'default'}/${field.field('name').text() ?? `job-${String(position)}`}`,
    interruptible: readInterruptible(field.field('interruptible')),
    objective: parseObjective(field) ?? defaults.objective,
    ...demand,
    accelerators: readAccelerators(field.field('accelerators')),
    weight: wholeNumberIn(field.field('weight'), { atLeast: 1, atMost: 1_000_000 }) ?? SCHEMA_DEFAULTS.weight,
  };
  if (createdAt === undefined || work === undefined || deadline === undefined) return undefined;
  const { signal, withoutData } = defaults;
  return {
    asked: {
      ...UNTOUCHED,
      ...asked,
      createdAt,
      home,
      deadline,
      signal,
      withoutData,
      placementRules: { ...ANYWHERE, jobAllows },
      ...lengths(work),
    },
    ...(actual !== undefined && { work: actual }),
  };
}

const ANYWHERE = {
  ...{ jobDenies: [], policyAllows: undefined, templateRegions: undefined, templateProducts: undefined },
};

/** A job that nobody has planned yet, and that reads nothing. */
const UNTOUCHED: Pick<
  PlannableJob,
  'revision' | 'phase' | 'pausesSoFar' | 'baseline' | 'current' | 'avoid' | 'data' | 'maxSlowdownShare' | 'spent'
> = {
  ...{ revision: '1', phase: 'Waiting', pausesSoFar: 0, baseline: undefined, current: undefined, avoid: [], data: [] },
  ...{ maxSlowdownShare: undefined, spent: { energy: kilowattHours(0), carbon: 0, money: 0 } },
};

function lengths(work: DurationMs) {
  return { totalWork: work, remainingWork: work };
}

function readDeadline(
  field: FieldReader,
  { createdAt, work, origin }: { createdAt: EpochMs | undefined; work: DurationMs | undefined; origin: EpochMs },
): EpochMs | undefined {
  const maxDelay = field.field('maxDelay');
  const completeBy = field.field('completeBy');
  if (!maxDelay.isAbsent && !completeBy.isAbsent)
    maxDelay.refuse('is a second deadline beside completeBy; remove one of them');
  const delay = lengthIn(maxDelay);
  const instant = instantIn(completeBy, origin);
  if (createdAt === undefined || work === undefined) return undefined;
  if (instant === undefined) return createdAt + work + (delay ?? BUILT_IN_POLICY.defaultMaxDelay);
  if (instant <= createdAt) completeBy.refuse('is not later than the arrival; write a later time, or correct arrival');
  return instant;
}

function readDemand(field: FieldReader): Pick<PlannableJob, 'devices' | 'resource' | 'otherPower'> {
  const devices = wholeNumberIn(field.field('devices'), { atLeast: 0, atMost: MOST_DEVICES }) ?? 0;
  const power = numberIn(field.field('watts'), { atLeast: 0 });
  if (field.field('devices').isAbsent && field.field('watts').isAbsent) {
    field.field('devices').required('write how many accelerators the job holds, or its watts where it needs none');
  }
  const resource = field.field('resource').text() ?? (devices > 0 ? SCHEMA_DEFAULTS.resource : '');
  return { devices, resource, otherPower: watts(power ?? 0) };
}

/** As the resource has it, or only whether. */
function readInterruptible(field: FieldReader): Interruptible | undefined {
  const { minimumRun, restartOverhead, moveOverhead, maxPauses } = SCHEMA_DEFAULTS;
  const usual = { minimumRun, restartOverhead, moveOverhead, maxPauses };
  if (field.isAbsent || typeof field.value !== 'object') return flagIn(field) === true ? usual : undefined;
  refuseOthers(field, PAUSING);
  return {
    minimumRun: lengthIn(field.field('minimumRun')) ?? minimumRun,
    restartOverhead: lengthIn(field.field('restartOverhead')) ?? restartOverhead,
    moveOverhead: lengthIn(field.field('moveOverhead')) ?? moveOverhead,
    maxPauses: wholeNumberIn(field.field('maxPauses'), { atLeast: 1, atMost: 1_000 }) ?? maxPauses,
  };
}

/** A list as the resource has it, or words: `NVIDIA-H100-80GB-HBM3 NVIDIA-A100-SXM4-80GB:0.45`. */
function readAccelerators(field: FieldReader): readonly AcceleratorChoice[] {
  if (typeof field.value === 'string') {
    return (wordsIn(field) ?? []).map((word) => {
      const [product = '', speed] = word.split(':');
      const factor = speed === undefined ? SCHEMA_DEFAULTS.speed : Number(speed);
      if (product === '' || !(factor > 0)) {
        field.refuse('is not a list of products; write each with its speed, like NVIDIA-A100-SXM4-80GB:0.45');
      }
      return { product, speed: factor };
    });
  }
  return field.items().flatMap((item) => {
    refuseOthers(item, ['product', 'speed']);
    const product = item.field('product').required('write the label nvidia.com/gpu.product of its nodes').text();
    const speed = numberIn(item.field('speed'), { above: 0 }) ?? SCHEMA_DEFAULTS.speed;
    return product === undefined ? [] : [{ product, speed }];
  });
}

function readSite(field: FieldReader, sites: readonly string[]): string | undefined {
  const name = field.text();
  if (name !== undefined) refuseUnknownSite(field, name, sites);
  return name;
}

export function refuseUnknownSite(field: FieldReader, name: string, sites: readonly string[]): void {
  if (!sites.includes(name)) field.refuse(`is no site of the scenario; there are ${sites.join(', ')}`);
}
