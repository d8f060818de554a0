import { HOUR_MS, watts, type EpochMs } from '../../../../operator/domain/units.ts';
import type { AcceleratorPool } from '../../../../operator/domain/site.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import { worldOf } from '../../../../operator/simulation/world.ts';
import { numbersOf, type DataFolder } from '../data/folder.ts';
import { only, readZones, type Zones } from '../data/zones.ts';
import { runByLeastLaxity, type SharingJob } from '../many-jobs/least-laxity.ts';
import type { CaseResult, QualityCase } from '../quality-case.ts';
import { freelyPausable, kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';

const JOBS_FILE = 'jobs/elasticflow_philly_103959.csv';
const ZONE = 'DE';
const DEVICES = 64;
const SLACK_HOURS = 24;
/** Of a greedy plan with a perfect forecast. */
const PUBLISHED_SHARE = 0.883;

const GPUS: AcceleratorPool = {
  product: 'GPU',
  resource: 'nvidia.com/gpu',
  capacity: DEVICES,
  heldByOthers: 0,
  maxCapacity: DEVICES,
  provisioning: 0,
  power: { busy: watts(1_000), idle: watts(0), basis: 'Assumed' },
  pricePerHour: 0,
};

/** Jobs of a cluster with deadlines, more of them at times than there are devices for. */
export const finiteDevices: QualityCase = {
  id: '9',
  title: 'finite GPUs, deadlines',
  async run(data): Promise<CaseResult> {
    const all = await readZones(data);
    const zone = all.series.has(ZONE) ? ZONE : ([...all.series.keys()][0] ?? ZONE);
    const zones = only(all, [zone]);
    const jobs = await readJobs(data);
    const known = jobs.filter((job) => isKnown(job, zones));
    const tally = replayed(known, zones, zone);
    const row = tally.row({ id: '9', variant: VARIANT, zone, publishedSavingPercent: 100 * (1 - PUBLISHED_SHARE) });
    const above = 100 * (row.planGrams / row.boundGrams - 1);
    const { late, leastToSpare } = runByLeastLaxity({ devices: DEVICES, jobs: known.map((job) => spanOf(job, zones)) });
    const toSpare = (leastToSpare * zones.slot) / HOUR_MS;
    const left = jobs.length - known.length;
    return {
      rows: [row],
      notes: [
        `${String(known.length)} jobs arrive one by one, at the next full hour of a trace that begins with the data, with as many full hours of work as they need; they are planned as they arrive, and nothing is known of those to come. Each GPU draws 1 kW.`,
        `The bound is Lagrangian, for somebody who knew all of them in advance; the plan is ${above.toFixed(2)} % above it.`,
        `Without regard to carbon, by least laxity first, ${String(late)} would be late; the tightest would have ${String(toSpare)} h to spare.`,
        ...(left === 0 ? [] : [`${String(left)} jobs are left out: too wide, or not wholly within the data.`]),
      ],
      findings: [
        {
          claim: `no job is late (${String(row.late)} are), or so much work comes at once that it has to begin at once`,
          holds: row.late === 0 || toSpare < SLACK_HOURS / 2,
        },
      ],
    };
  },
};

const VARIANT = `${String(DEVICES)} GPUs, slack ${String(SLACK_HOURS)} h, pausable`;

/** In whole hours from the beginning of the data. */
interface TraceJob {
  readonly key: string;
  readonly arrives: number;
  readonly length: number;
  readonly devices: number;
}

async function readJobs(data: DataFolder): Promise<readonly TraceJob[]> {
  const table = await data.table(JOBS_FILE, ['submit_time', 'num_gpu', 'duration']);
  const submits = numbersOf(table, 'submit_time');
  const devices = numbersOf(table, 'num_gpu');
  const durations = numbersOf(table, 'duration');
  return Array.from(submits, (seconds, k) => ({
    key: `trace/job-${String(k)}`,
    arrives: Math.ceil(seconds / SECONDS_AN_HOUR),
    length: Math.ceil((durations[k] ?? NaN) / SECONDS_AN_HOUR),
    devices: devices[k] ?? NaN,
  }));
}

const SECONDS_AN_HOUR = 3_600;

function isKnown(job: TraceJob, zones: Zones): boolean {
  const { from, until } = spanOf(job, zones);
  const [sums] = zones.sums.values();
  const isWhole = sums !== undefined && !Number.isNaN(sums.sum(from, until));
  return isWhole && job.length > 0 && job.devices > 0 && job.devices <= DEVICES;
}

function spanOf({ arrives, length, devices }: TraceJob, { slot }: Zones): SharingJob {
  const slotsAnHour = HOUR_MS / slot;
  const from = arrives * slotsAnHour;
  return { from, until: from + (length + SLACK_HOURS) * slotsAnHour, count: length * slotsAnHour, devices };
}

function replayed(jobs: readonly TraceJob[], zones: Zones, zone: string): Tally {
  const [sums] = zones.sums.values();
  const tally = new Tally();
  if (sums === undefined) return tally;
  const { scenario } = worldIn(zones.series, { slot: zones.slot });
  const world = worldOf({ ...scenario, sites: scenario.sites.map((site) => ({ ...site, pools: [GPUS] })) });
  const asked = jobs.map((job) => ({ asked: askedFor(job, zones, { zone, startsAt: sums.slots.startsAt }) }));
  const { jobs: judged, score } = simulate(world, asked, { timed: tally.timed });
  judged.forEach((job) => tally.add(job));
  // What they come to together is more than the sum of what each could have alone.
  tally.boundGrams = score.boundGrams;
  return tally;
}

function askedFor(job: TraceJob, { slot }: Zones, { zone, startsAt }: { zone: string; startsAt: EpochMs }) {
  const arrivesAt = startsAt + job.arrives * HOUR_MS;
  const work = job.length * HOUR_MS;
  const deadline = arrivesAt + work + SLACK_HOURS * HOUR_MS;
  const interruptible = freelyPausable(work, slot);
  return {
    ...kilowattJob({ key: job.key, arrivesAt, work, deadline, home: zone, interruptible }),
    devices: job.devices,
    resource: GPUS.resource,
    otherPower: watts(0),
  };
}
