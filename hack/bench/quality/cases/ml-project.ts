import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import { seededRandom, wholeBelow } from '../../../../operator/domain/random.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../../operator/domain/units.ts';
import { foreseen, withNoise } from '../../../../operator/simulation/foresight.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import type { World } from '../../../../operator/simulation/world.ts';
import { cheapestSlots, cheapestStart, type Span } from '../published-rules/cheapest.ts';
import { DAY_MS, daysOf, HALF_HOUR, halfHourlySeries, type Country, type Year } from '../data/half-hourly.ts';
import { SlotSums, slotsOf } from '../data/series.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { freelyPausable, kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const JOBS_A_YEAR = 3_387;
const WORKDAYS_OF_THE_PAPER = 262;
const SHORTEST = 4 * HOUR_MS;
/** Nobody takes as long as this. */
const LONGEST = 90 * HOUR_MS;
const OPENS = 9 * HOUR_MS;
const CLOSES = 17 * HOUR_MS;
const NOISES = [0, 0.05, 0.1];
const SEEDS = 10;
const SEED_OF_JOBS = 2020;
/** Of the jobs every so many-th is replayed, with each forecast: all of them. */
const STRIDE = 1;

/** Savings in percent at 5 % noise until the next Monday or Thursday morning. */
const PUBLISHED: Readonly<Record<Country, { readonly pausable: number; readonly contiguous: number }>> = {
  DE: { pausable: 18.11, contiguous: 14.11 },
  GB: { pausable: 19.66, contiguous: 14.73 },
  FR: { pausable: 13.33, contiguous: 11.12 },
};

/**
 * The jobs of a machine-learning project, handed in during working hours and wanted by a morning of the calendar: scenario II
 * of Wiesner et al., "Let's Wait Awhile" (Middleware '21).
 */
export const mlProject: QualityCase = {
  id: '2',
  title: 'ML project with calendar deadlines',
  async run(data, session) {
    const rows: QualityRow[] = [];
    const notes: string[] = [];
    for (const grid of await halfHourlySeries(data)) {
      const jobs = everyNth(projectJobs(grid.year), session.stride ?? STRIDE);
      for (const deadlines of DEADLINES) {
        for (const noise of NOISES) {
          const measured = await measure({ ...grid, jobs, deadlines, noise }, session);
          rows.push(...measured.rows);
          if (measured.note !== undefined) notes.push(measured.note);
        }
      }
    }
    const stride = session.stride ?? STRIDE;
    const drawn = `${stride === 1 ? 'All' : `One in ${String(stride)}`} of ${String(JOBS_A_YEAR)} jobs a year, drawn from a seed of our own: other draws move the savings by some tenths of a point.`;
    return { rows, notes: [...notes, GRACE_NOTE, drawn] };
  },
};

const GRACE_NOTE =
  "Deadlines are half an hour later than the calendar says, as in the paper's simulator. The baseline is a run on arrival; the paper's may start half an hour late.";

interface ProjectJob {
  readonly arrivesAt: EpochMs;
  readonly work: DurationMs;
}

/** Evenly over the workdays of a year and their hours, 4 h to 90 h long, drawn from a fixed seed. */
function projectJobs(year: Year): readonly ProjectJob[] {
  const random = seededRandom(SEED_OF_JOBS);
  const workdays = daysOf(year).filter((day) => weekdayOf(day) < SATURDAY);
  const count = Math.round((JOBS_A_YEAR * workdays.length) / WORKDAYS_OF_THE_PAPER);
  const jobs = Array.from({ length: count }, () => ({
    arrivesAt:
      (workdays[wholeBelow(random, workdays.length)] ?? NaN) +
      OPENS +
      wholeBelow(random, (CLOSES - OPENS) / HALF_HOUR) * HALF_HOUR,
    work: SHORTEST + wholeBelow(random, (LONGEST - SHORTEST) / HALF_HOUR) * HALF_HOUR,
  }));
  return jobs.sort((a, b) => a.arrivesAt - b.arrivesAt || a.work - b.work);
}

const SATURDAY = 5;

/** 0 is Monday, as 1970-01-01 was a Thursday. */
function weekdayOf(instant: EpochMs): number {
  return (Math.floor(instant / DAY_MS) + 3) % 7;
}

interface Deadlines {
  readonly name: string;
  /** @param finish of a run on arrival */
  wantedBy(finish: EpochMs): EpochMs;
}

const DEADLINES: readonly Deadlines[] = [
  {
    name: 'next workday',
    // During working hours somebody waits for it; after a Friday's, the paper's simulator wants it on Saturday.
    wantedBy(finish) {
      const morning = Math.floor(finish / DAY_MS) * DAY_MS + OPENS;
      const weekday = weekdayOf(finish);
      if (weekday >= SATURDAY) return morning + (7 - weekday) * DAY_MS;
      if (finish < morning) return morning;
      return finish - morning > CLOSES - OPENS ? morning + DAY_MS : finish;
    },
  },
  {
    name: 'semi-weekly',
    wantedBy(finish) {
      let morning = Math.floor(finish / DAY_MS) * DAY_MS + OPENS;
      while (morning < finish || ![0, 3].includes(weekdayOf(morning))) morning += DAY_MS;
      return morning;
    },
  },
];

interface Setting {
  readonly zone: Country;
  readonly came: IntensitySeries;
  readonly jobs: readonly ProjectJob[];
  readonly deadlines: Deadlines;
  readonly noise: number;
}

interface Forecast {
  readonly world: World;
  readonly sums: SlotSums;
}

function forecastsOf({ zone, came, noise }: Setting): readonly Forecast[] {
  const draws =
    noise === 0 ? [came] : Array.from({ length: SEEDS }, (_, seed) => withNoise(came, { share: noise, seed }));
  return draws.map((forecast) => ({
    // Nobody tells the planner how far off it is: the paper's didn't know either.
    world: worldIn(new Map([[zone, came]]), { slot: HALF_HOUR, foresight: foreseen(new Map([[zone, forecast]])) }),
    sums: new SlotSums(slotsOf(forecast, HALF_HOUR)),
  }));
}

async function measure(setting: Setting, session: CaseSession) {
  const { zone, came, deadlines, noise } = setting;
  const sums = new SlotSums(slotsOf(came, HALF_HOUR));
  const known = setting.jobs.filter((job) => !Number.isNaN(sums.sum(...edgesOf(spanOf(job, deadlines, sums)))));
  const pieces = { contiguous: new Tally(), pausable: new Tally() };
  const paper = { contiguous: 0, pausable: 0 };
  const forecasts = forecastsOf(setting);
  const label = `${deadlines.name}, ${String(100 * noise)} % noise`;
  await forEachInTurn(known, { what: `${zone}, ${label}`, session }, (job) => {
    const span = spanOf(job, deadlines, sums);
    const slots = job.work / HALF_HOUR;
    for (const forecast of forecasts) {
      for (const how of ['contiguous', 'pausable'] as const) {
        const asked = askedFor(job, { zone, deadline: deadlines.wantedBy(job.arrivesAt + job.work) + GRACE, how });
        const { jobs } = simulate(forecast.world, [{ asked }], { eachAlone: true, timed: pieces[how].timed });
        jobs.forEach((one) => pieces[how].add(one));
      }
      const start = cheapestStart(forecast.sums, span, slots) ?? NaN;
      paper.contiguous += sums.sum(start, start + slots) * SLOT_HOURS;
      for (const k of cheapestSlots(forecast.sums.slots.figures, span, slots)) {
        paper.pausable += sums.sum(k, k + 1) * SLOT_HOURS;
      }
    }
  });
  const isPublished = deadlines.name === 'semi-weekly' && noise === 0.05;
  const rows = (['contiguous', 'pausable'] as const).map((how) =>
    pieces[how].row({
      ...{ id: '2', variant: `${label}, ${how}`, zone },
      publishedSavingPercent: isPublished ? PUBLISHED[zone][how] : null,
    }),
  );
  const saved = (how: 'contiguous' | 'pausable') => (100 * (1 - paper[how] / pieces[how].baselineGrams)).toFixed(2);
  const note = `${zone}, ${label}: the paper's own rule on the same jobs and noise saves ${saved('contiguous')} % contiguous, ${saved('pausable')} % pausable.`;
  return { rows, note: noise === 0 ? undefined : note };
}

const SLOT_HOURS = HALF_HOUR / HOUR_MS;
/** What the paper's simulator gives beyond the deadline. */
const GRACE = HALF_HOUR;

function spanOf({ arrivesAt, work }: ProjectJob, deadlines: Deadlines, sums: SlotSums): Span {
  return { from: sums.at(arrivesAt), until: sums.at(deadlines.wantedBy(arrivesAt + work) + GRACE) };
}

function edgesOf({ from, until }: Span): [number, number] {
  return [from, until];
}

function askedFor(
  { arrivesAt, work }: ProjectJob,
  { zone, deadline, how }: { zone: string; deadline: EpochMs; how: 'contiguous' | 'pausable' },
) {
  const setup = { key: 'project/job', arrivesAt, work, deadline, home: zone };
  return kilowattJob(how === 'pausable' ? { ...setup, interruptible: freelyPausable(work, HALF_HOUR) } : setup);
}
