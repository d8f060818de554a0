import { pressed } from '../../hack/demo/day/press.ts';
import { timeAt, type DemoDay } from '../../hack/demo/day/demo-day.ts';
import { Grid, intensityRows } from '../../hack/demo/day/intensity-rows.ts';
import { shapeOf } from '../../hack/demo/setup/dressed-job.ts';
import { readScenario } from '../../hack/demo/setup/scenario.ts';
import type { DemoOutcome } from '../../hack/demo/verdict/verdict.ts';
import { DemoRecord } from '../../hack/demo/watch/record.ts';
import type { CarbonAwareJob } from '../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite } from '../../operator/api/v1alpha1/compute-site.generated.ts';

/** Hours of the day at which something runs. */
export type Hours = readonly [from: number, until: number];

/** How one job of the demo went. */
export interface Course {
  readonly site: string;
  /** A wave of pods for each. */
  readonly runs: readonly Hours[];
  readonly windows?: number;
  readonly attempts?: number;
  readonly policy?: string;
  readonly jobUids?: readonly string[];
  readonly failed?: boolean;
  /** What its Job counted; as many as it asks for, unless told. */
  readonly completions?: number;
}

export const DAY: DemoDay = { midnight: Date.parse('2026-11-22T10:00:00Z'), hour: 6_000 };
const GRID = new Grid(intensityRows(DAY));
const SCENARIO = await readScenario();
const SUBMITTED = timeAt(DAY, 4);

/** A day on which everything went as it should. */
export const GOOD_DAY: Readonly<Record<string, Course>> = {
  evaluation: { site: 'stockholm', runs: [[4.2, 6]] },
  'morning-report': { site: 'frankfurt', runs: [[4.2, 6]] },
  embeddings: {
    site: 'frankfurt',
    runs: [
      [4.2, 5],
      [11, 12],
      [12.2, 13.2],
      [13.4, 14.4],
      [14.6, 15.2],
    ],
    windows: 2,
    attempts: 2,
  },
  transcription: { site: 'paris', runs: [[5.2, 7]] },
  'fine-tune': { site: 'frankfurt', runs: [[12, 13.8]] },
  'risk-model': { site: 'warsaw', runs: [[12, 13.8]], policy: 'demo-residency' },
};

/** The end of a demo on which jobs took these courses; what is not named went as it should. */
export function anOutcome(
  courses: Partial<Record<string, Course>> = {},
  overrides: Partial<DemoOutcome> = {},
): DemoOutcome {
  const record = new DemoRecord(SCENARIO.jobs.map(({ metadata }) => metadata.name));
  const source = overrides.carbon?.source ?? 'file';
  for (const { manifest } of SCENARIO.sites) record.takeSite(onRung(manifest, 'LiveForecast', source), timeAt(DAY, 3));
  for (const job of SCENARIO.jobs) {
    const course = courses[job.metadata.name] ?? GOOD_DAY[job.metadata.name];
    if (course === undefined) record.takeJob(refused(job));
    else take(record, job, course);
  }
  return {
    day: DAY,
    grid: GRID,
    sites: SCENARIO.sites,
    record,
    shapes: new Map(SCENARIO.jobs.map((job) => [job.metadata.name, shapeOf(pressed(job, DAY))])),
    nodesOrdered: 2,
    operatorEnds: { killedAt: [], unexpected: 0 },
    killsAsked: 0,
    carbon: { source: 'file', outageAsked: false, outage: undefined },
    now: timeAt(DAY, 19),
    ...overrides,
  };
}

export function siteNamed(name: string): ComputeSite {
  const site = SCENARIO.sites.find((one) => one.name === name);
  if (site === undefined) throw new Error(`the demo has no site "${name}"`);
  return site.manifest;
}

/** The site with its figures from there. */
export function onRung(site: ComputeSite, reason: string, source: string): ComputeSite {
  const status = reason === 'LiveForecast' ? 'True' : 'False';
  const condition = { type: 'CarbonDataFresh', status, reason, message: '', lastTransitionTime: text(4) } as const;
  return { ...site, status: { conditions: [condition], intensity: { source } } };
}

function take(record: DemoRecord, job: CarbonAwareJob, course: Course): void {
  const { name } = job.metadata;
  const { parallelism, completions } = shapeOf(pressed(job, DAY));
  record.takeJob(withStatus(job, planned(course)));
  for (const uid of course.jobUids ?? ['uid']) record.takeBatchJob(name, uid, undefined);
  for (const [wave, [from, until]] of course.runs.entries()) {
    for (let index = 0; index < parallelism; index++) takePod(record, name, { ...course, wave, index, from, until });
  }
  const end = timeAt(DAY, course.runs.at(-1)?.[1] ?? NaN);
  const counted = course.completions ?? completions;
  if (course.runs.length > 0) record.takeBatchJob(name, 'uid', { outcome: 'Complete', at: end, completions: counted });
}

interface PodCourse extends Course {
  readonly wave: number;
  readonly index: number;
  readonly from: number;
  readonly until: number;
}

function takePod(record: DemoRecord, job: string, { site, wave, index, from, until, failed }: PodCourse): void {
  const id = `${job}-${wave}-${index}`;
  const [startedAt, endedAt] = [timeAt(DAY, from), timeAt(DAY, until)];
  const facts = {
    ...{ uid: id, name: id, namespace: 'sunward-demo', job, jobUid: 'uid', node: `sunward-demo-${site}-${index}-0` },
    ...{ gpus: 8, unschedulable: false, region: undefined, startedAt },
  };
  record.takePod({ ...facts, phase: 'Running', endedAt: undefined }, startedAt);
  record.takePod({ ...facts, phase: failed === true ? 'Failed' : 'Succeeded', endedAt }, endedAt);
}

function planned({ site, runs, windows = 1, attempts = 1, policy }: Course): CarbonAwareJob['status'] {
  const [from, until] = [runs[0]?.[0] ?? 4, runs.at(-1)?.[1] ?? 6];
  const window = { start: text(from), end: text(until) };
  return {
    phase: 'Succeeded',
    ...(policy !== undefined && { policy }),
    plan: {
      site,
      starts: text(from),
      windows: Array.from({ length: windows }, () => window),
      expected: { carbonGrams: '5', finish: text(until) },
      saves: '50%',
    },
    alternatives: policy === undefined ? [] : [{ site: 'stockholm', reason: 'PolicyForbidsSite' }],
    attempts: Array.from({ length: attempts }, (_, index) => ({
      ...{ number: index + 1, site, job: 'x', startedAt: text(from) },
    })),
  };
}

function refused(job: CarbonAwareJob): CarbonAwareJob {
  const message = 'strict decoding error: unknown field "spec.template.spec.containers[0].resources.limit"';
  const condition = { type: 'Accepted', status: 'False', reason: 'TemplateRefused', message } as const;
  return withStatus(job, { phase: 'Refused', conditions: [{ ...condition, lastTransitionTime: text(4) }] });
}

function withStatus(job: CarbonAwareJob, status: CarbonAwareJob['status']): CarbonAwareJob {
  const { metadata, ...rest } = pressed(job, DAY);
  const creationTimestamp = new Date(SUBMITTED).toISOString();
  return { ...rest, metadata: { ...metadata, creationTimestamp }, ...(status !== undefined && { status }) };
}

function text(hour: number): string {
  return new Date(timeAt(DAY, hour)).toISOString();
}
