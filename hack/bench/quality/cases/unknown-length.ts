import { lengthLearnt } from '../../../../operator/accounting/length-history/length-learnt.ts';
import { lengthPrior } from '../../../../operator/accounting/length-history/length-prior.ts';
import { parseConfig } from '../../../../operator/config/parse-config.ts';
import type { PlannableJob } from '../../../../operator/domain/job.ts';
import type { SurvivalPoint } from '../../../../operator/domain/length/length-belief.ts';
import { HOUR_MS, SECOND_MS, watts, type DurationMs, type EpochMs } from '../../../../operator/domain/units.ts';
import { lengthAsPlanned } from '../../../../operator/planning/unknown-length/planned-work.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import type { World } from '../../../../operator/simulation/world.ts';
import { numbersOf, type DataFolder } from '../data/folder.ts';
import { only, readZones, type Zones } from '../data/zones.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { HourlyCosts } from '../published-rules/hourly-costs.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const JOBS_FILE = 'jobs/gaia_pai_1k.csv';
const ZONE = 'AU-SA';
/** Where the trace begins in the data. */
const FIRST_HOUR = 7_000;
const SHORT: DurationMs = 2 * HOUR_MS;
const WAIT_OF_SHORT: DurationMs = 6 * HOUR_MS;
const WAIT_OF_LONG: DurationMs = 24 * HOUR_MS;
/** Published shares of run on arrival: Ecovisor's rule, and the best start of those that know only the mean length. */
const PUBLISHED_PAUSABLE = 0.6391;
const PUBLISHED_IN_ONE_PIECE = 0.6837;
/** Jobs of one queue have no more in common than those of a namespace; what the prior counts for there. */
const PRIOR_RUNS = 10;
/** Plans are made anew as often as the figures change. */
const EVERY: DurationMs = HOUR_MS;

/**
 * Jobs of a cluster whose users say nothing but which queue they are for, as in Hanafy et al., "Going Green for Less Green:
 * Optimizing the Cost of Reducing Cloud Carbon Emissions" (ASPLOS '24). What a job may wait is the queue's; its length is read
 * by nobody before it ends.
 */
export const unknownLength: QualityCase = {
  id: '4',
  title: 'cluster, job length unknown',
  async run(data, session) {
    const all = await readZones(data);
    const zone = all.series.has(ZONE) ? ZONE : ([...all.series.keys()][0] ?? ZONE);
    const zones = only(all, [zone]);
    const costs = new HourlyCosts(zones.series.get(zone)?.samples ?? []);
    const trace = await readTrace(data, costs);
    const jobs = everyNth(
      trace.filter((job) => costs.areKnown(job.arrivesAt, job.arrivesAt + job.length + job.mayWait)),
      session.stride ?? 1,
    );
    const rows: QualityRow[] = [];
    for (const variant of VARIANTS) rows.push(await measure(jobs, { zones, zone, variant }, session));
    const rule = jobs.reduce((sum, job) => sum + job.watts * costs.byThreshold(job), 0) / 1_000;
    const share = (rule / (rows[0]?.baselineGrams ?? NaN)).toFixed(4);
    const beaten = rows.filter((_, i) => VARIANTS[i]?.pausable).every((row) => row.planGrams <= rule * (1 + 1e-9));
    return {
      rows,
      notes: [
        `${String(jobs.length)} jobs of a CPU's watt each CPU, from hour ${String(costs.firstHour(FIRST_HOUR))} of the zone on; those of less than 2 h come to a queue in which they may wait for 6 h, the others for 24 h. Nobody reads a length before the job ends.`,
        `Learnt is from the jobs of the same queue that have finished before one arrives. Plans are made anew every hour.`,
        `Ecovisor's rule (run below the 30 % quantile of the next day, or when the wait is used up) comes to ${share} of the baseline on these jobs.`,
        ...(jobs.length === trace.length || session.stride !== undefined
          ? []
          : [`${String(trace.length - jobs.length)} jobs are left out: not wholly within the data.`]),
      ],
      findings: [{ claim: `pausable plans emit no more than Ecovisor's rule on the same jobs`, holds: beaten }],
    };
  },
};

interface Variant {
  readonly name: string;
  readonly pausable: boolean;
  readonly learns: boolean;
}

const VARIANTS: readonly Variant[] = [
  { name: 'pausable, no history', pausable: true, learns: false },
  { name: 'pausable, learnt', pausable: true, learns: true },
  { name: 'in one piece, no history', pausable: false, learns: false },
  { name: 'in one piece, learnt', pausable: false, learns: true },
];

/** A job as it really was. */
export interface TraceJob {
  readonly key: string;
  readonly arrivesAt: EpochMs;
  readonly length: DurationMs;
  readonly watts: number;
  readonly mayWait: DurationMs;
}

async function readTrace(data: DataFolder, costs: HourlyCosts): Promise<readonly TraceJob[]> {
  const table = await data.table(JOBS_FILE, ['arrival_time', 'length', 'cpus']);
  const arrivals = numbersOf(table, 'arrival_time');
  const lengths = numbersOf(table, 'length');
  const cpus = numbersOf(table, 'cpus');
  const from = costs.startsAt + costs.firstHour(FIRST_HOUR) * HOUR_MS;
  return Array.from(arrivals, (seconds, k): TraceJob => {
    const length = (lengths[k] ?? NaN) * SECOND_MS;
    return {
      key: `trace/job-${String(k)}`,
      arrivesAt: from + seconds * SECOND_MS,
      length,
      watts: cpus[k] ?? NaN,
      mayWait: length < SHORT ? WAIT_OF_SHORT : WAIT_OF_LONG,
    };
  })
    .filter((job) => job.length > 0 && job.watts > 0 && !Number.isNaN(job.arrivesAt))
    .sort((a, b) => a.arrivesAt - b.arrivesAt);
}

interface Setting {
  readonly zones: Zones;
  readonly zone: string;
  readonly variant: Variant;
}

/** Jobs have nothing to do with one another but for what is learnt from those that are done. */
async function measure(
  jobs: readonly TraceJob[],
  { zones, zone, variant }: Setting,
  session: CaseSession,
): Promise<QualityRow> {
  const world = worldIn(zones.series, { slot: parseConfig('', 'the defaults').planning.slot });
  const tally = new Tally();
  const ended: { readonly at: EpochMs; readonly length: DurationMs; readonly mayWait: DurationMs }[] = [];
  await forEachInTurn(jobs, { what: variant.name, session }, (job) => {
    const known = ended.filter(({ at, mayWait }) => at <= job.arrivesAt && mayWait === job.mayWait);
    const prior = lengthPrior(job.mayWait);
    const points = variant.learns
      ? lengthLearnt(
          known.map(({ length }) => length),
          prior,
          PRIOR_RUNS,
        )
      : prior;
    const simulated = { asked: asked(job, { points, zone, variant, world }), work: job.length };
    const [judged] = simulate(world, [simulated], { every: EVERY, timed: tally.timed }).jobs;
    if (judged === undefined) return;
    ended.push({ at: judged.finishesAt ?? Infinity, length: job.length, mayWait: job.mayWait });
    tally.add(judged);
  });
  const published = variant.pausable ? PUBLISHED_PAUSABLE : PUBLISHED_IN_ONE_PIECE;
  return tally.row({ id: '4', variant: variant.name, zone, publishedSavingPercent: 100 * (1 - published) });
}

function asked(
  { arrivesAt, key, mayWait, watts: draw }: TraceJob,
  { points, zone, variant, world }: { points: readonly SurvivalPoint[]; zone: string; variant: Variant; world: World },
): PlannableJob {
  const lengthBelief = { points, mayWait };
  const { totalWork: work, deadline } = lengthAsPlanned(lengthBelief, 0, {
    ...{ createdAt: arrivesAt, deadline: Infinity },
    least: world.scenario.slot,
  });
  const interruptible = variant.pausable ? { minimumRun: 0, restartOverhead: 0, maxPauses: 1_000 } : undefined;
  return {
    ...kilowattJob({ key, arrivesAt, work, deadline, home: zone, ...(interruptible && { interruptible }) }),
    lengthBelief,
    otherPower: watts(draw),
  };
}
