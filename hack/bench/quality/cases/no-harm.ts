import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import type { Interval } from '../../../../operator/domain/interval.ts';
import { seededRandom, wholeBelow } from '../../../../operator/domain/random.ts';
import { gapsIn } from '../../../../operator/domain/samples.ts';
import { HOUR_MS, type EpochMs } from '../../../../operator/domain/units.ts';
import { foreseen, staleSince, unforeseen, withGaps, within } from '../../../../operator/simulation/foresight.ts';
import type { Foresight } from '../../../../operator/simulation/scenario.ts';
import type { JudgedJob } from '../../../../operator/simulation/score.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import { arrivalsIn, only, readZones, type Zones } from '../data/zones.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const LENGTHS_HOURS = [1, 6, 24];
const SLACK_HOURS = 24;
/** Hours from one arrival to the next. */
const STRIDE = 25;
const VARIED_ZONES = 4;
const OVERHEAD_MS = HOUR_MS / 4;
const SEED = 10;

interface Signal {
  readonly name: string;
  /** Nothing is gained by pausing, so that a pause is harm. */
  readonly isFlat: boolean;
  foresightOf(zones: Zones): Foresight;
}

const FLAT: Signal = { name: 'constant', isFlat: true, foresightOf: ({ series }) => foreseen(series) };
const BROKEN: readonly Signal[] = [
  { name: 'gaps', isFlat: false, foresightOf: ({ series }) => foreseen(new Map([...series].map(gappy))) },
  {
    name: 'stale',
    isFlat: false,
    foresightOf: ({ series }) => renewedEvery(72 * HOUR_MS, within(24 * HOUR_MS, foreseen(series))),
  },
  { name: 'missing', isFlat: true, foresightOf: () => unforeseen },
];

/** Signals that say nothing, too little or nothing new: nobody may be worse off than without a planner. */
export const noHarm: QualityCase = {
  id: '10',
  title: 'do no harm',
  async run(data, session) {
    const zones = await readZones(data, OVERHEAD_MS);
    const { constant, varied } = kindsOf(zones);
    const measured: Measurement[] = [];
    for (const zone of constant) measured.push(...(await measureBoth(only(zones, [zone]), FLAT, session)));
    for (const signal of BROKEN) {
      for (const zone of varied) measured.push(...(await measureBoth(only(zones, [zone]), signal, session)));
    }
    const notes = [
      `Jobs of ${LENGTHS_HOURS.join(', ')} h with 24 h of slack arrive every ${String(session.stride ?? STRIDE)} h and are planned anew every hour; a resume repeats a quarter of an hour.`,
      ...(constant.length === 0 ? ['No zone of this data is constant.'] : []),
      ...measured
        .filter(({ harmed }) => harmed.unforeseen > 0)
        .map(
          ({ row, harmed }) =>
            `${row.zone}, ${row.variant}: ${String(harmed.unforeseen)} jobs above run on arrival, which nobody could foresee.`,
        ),
    ];
    return { rows: measured.map(({ row }) => row), notes, findings: findingsOf(measured) };
  },
};

interface Measurement {
  readonly row: QualityRow;
  /** Jobs that emitted more than run on arrival, by whether that was foreseen on arrival. */
  readonly harmed: { readonly foreseen: number; readonly unforeseen: number };
  readonly isFlat: boolean;
}

function findingsOf(measured: readonly Measurement[]) {
  const sum = (count: (one: Measurement) => number) => measured.reduce((total, one) => total + count(one), 0);
  const harmed = sum((one) => one.harmed.foreseen);
  const late = sum(({ row }) => row.late);
  const needless = sum(({ row, isFlat }) => (isFlat ? row.restarts : 0));
  return [
    {
      claim: `no job emitted more than run on arrival where that was foreseen (${String(harmed)} did)`,
      holds: harmed === 0,
    },
    {
      claim: 'no row is above run on arrival',
      holds: measured.every(({ row }) => row.savingPercent > -ROUNDING_PERCENT),
    },
    { claim: `no job was late (${String(late)} were)`, holds: late === 0 },
    { claim: `none paused where the signal was flat or missing (${String(needless)} restarts)`, holds: needless === 0 },
  ];
}

/** Zones whose intensity never changes, and some of the others from all over the table. */
function kindsOf({ series }: Zones) {
  const isConstant = ({ samples }: IntensitySeries): boolean =>
    samples.every(({ gramsPerKilowattHour }) => gramsPerKilowattHour === samples[0]?.gramsPerKilowattHour);
  const constant = [...series].filter(([, one]) => isConstant(one)).map(([zone]) => zone);
  const others = [...series.keys()].filter((zone) => !constant.includes(zone));
  const varied = everyNth(others, Math.max(1, Math.ceil(others.length / VARIED_ZONES)));
  return { constant, varied };
}

async function measureBoth(zones: Zones, signal: Signal, session: CaseSession): Promise<readonly Measurement[]> {
  return [await measure(zones, signal, false, session), await measure(zones, signal, true, session)];
}

async function measure(zones: Zones, signal: Signal, isPausable: boolean, session: CaseSession): Promise<Measurement> {
  const [zone = ''] = zones.series.keys();
  const world = worldIn(zones.series, { slot: zones.slot, foresight: signal.foresightOf(zones) });
  const variant = `${signal.name}, ${isPausable ? 'pausable' : 'contiguous'}`;
  const tally = new Tally();
  const harmed = { foreseen: 0, unforeseen: 0 };
  const room = (Math.max(...LENGTHS_HOURS) + SLACK_HOURS) * HOUR_MS;
  const arrivals = everyNth(arrivalsIn(zones, room), session.stride ?? STRIDE);
  await forEachInTurn(arrivals, { what: `${zone}, ${variant}`, session }, (arrivesAt) => {
    const asked = LENGTHS_HOURS.map((length) => ({ asked: jobOf({ zone, arrivesAt, length, isPausable }) }));
    const { jobs } = simulate(world, asked, { every: HOUR_MS, timed: tally.timed });
    jobs.forEach((job) => {
      if (!isWhollyKnown(zones, job, arrivesAt) || Number.isNaN(job.grams)) return;
      tally.add(job);
      if (job.grams <= job.baseline.grams * (1 + ROUNDING_SHARE)) return;
      const atOnce = { startsAt: arrivesAt, endsAt: job.baseline.finishesAt };
      if (isForeseen(world.scenario.foresight, zone, atOnce)) harmed.foreseen += 1;
      else harmed.unforeseen += 1;
    });
  });
  const row = tally.row({ id: '10', variant, zone, publishedSavingPercent: null });
  return { row, harmed, isFlat: signal.isFlat };
}

function jobOf({
  zone,
  arrivesAt,
  length,
  isPausable,
}: {
  readonly zone: string;
  readonly arrivesAt: EpochMs;
  readonly length: number;
  readonly isPausable: boolean;
}) {
  const setup = {
    ...{ key: `harm/${String(length)}`, arrivesAt, work: length * HOUR_MS, home: zone },
    deadline: arrivesAt + (length + SLACK_HOURS) * HOUR_MS,
  };
  const interruptible = { minimumRun: 0, restartOverhead: OVERHEAD_MS, maxPauses: 4 };
  return kilowattJob(isPausable ? { ...setup, interruptible } : setup);
}

function isWhollyKnown({ sums }: Zones, { deadline }: JudgedJob, arrivesAt: EpochMs): boolean {
  const [known] = sums.values();
  return known !== undefined && !Number.isNaN(known.sum(known.at(arrivesAt), known.at(deadline)));
}

function isForeseen(foresight: Foresight, zone: string, interval: Interval): boolean {
  const samples = foresight(zone, interval.startsAt, interval.endsAt)?.series.samples ?? [];
  return gapsIn(samples, interval).length === 0;
}

/** Sums of floating point differ in their last digits. */
const ROUNDING_SHARE = 1e-9;
const ROUNDING_PERCENT = 100 * ROUNDING_SHARE;

/** About a tenth of the time is unknown, an hour to half a day at a time. */
function gappy([zone, series]: readonly [string, IntensitySeries]): readonly [string, IntensitySeries] {
  const random = seededRandom(SEED);
  const until = series.samples.at(-1)?.endsAt ?? 0;
  const gaps: Interval[] = [];
  let edge = series.samples[0]?.startsAt ?? until;
  while (edge < until) {
    const startsAt = edge + wholeBelow(random, 120) * HOUR_MS;
    const endsAt = startsAt + (1 + wholeBelow(random, 12)) * HOUR_MS;
    gaps.push({ startsAt, endsAt });
    edge = endsAt;
  }
  return [zone, withGaps(gaps, series)];
}

/** A source that speaks every so often only, and is silent between. */
function renewedEvery(interval: number, foresight: Foresight): Foresight {
  return (zone, at, until) => staleSince(Math.floor(at / interval) * interval, foresight)(zone, at, until);
}
