import { HOUR_MS, type EpochMs } from '../../../../operator/domain/units.ts';
import { foreseen, sameHourBefore } from '../../../../operator/simulation/foresight.ts';
import type { Foresight } from '../../../../operator/simulation/scenario.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import type { World } from '../../../../operator/simulation/world.ts';
import type { DataFolder } from '../data/folder.ts';
import { seriesOf, SlotSums, slotsOf } from '../data/series.ts';
import { learntForesight } from '../foresight/learnt-outlooks.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { freelyPausable, kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const FILE = 'forecast_ciso/ciso_2019_2021.csv';
const TIME = 'UTC time';
const ZONE = 'US-CAL-CISO';
const DAY_MS = 24 * HOUR_MS;

const LENGTHS_HOURS = [1, 4, 8, 12, 24];
const SLACKS_HOURS = [12, 24];
/** No divisor of a day, so that jobs arrive at all hours of it. */
const STRIDE = 11;

/** A way to know what comes. */
interface Source {
  readonly name: string;
  readonly world: World;
}

interface Shape {
  readonly hours: number;
  readonly slack: number;
  readonly pausable: boolean;
}

interface Ground {
  readonly sums: SlotSums;
  readonly sources: readonly Source[];
}

/**
 * Jobs planned by a machine-learned forecast (CarbonCast, Maji et al., BuildSys '22) and scored by what came, planned anew
 * every hour.
 */
export const realForecast: QualityCase = {
  id: '5',
  title: 'a real forecast',
  async run(data, session) {
    const ground = await groundOf(data, session);
    const byShape: (readonly QualityRow[])[] = [];
    for (const shape of SHAPES) byShape.push(await measure(ground, shape, session));
    const rows = byShape.flat();
    const late = rows.reduce((sum, row) => sum + row.late, 0);
    return {
      rows,
      notes: [besideTheBetter(byShape), KNOWN, SOURCES],
      findings: [{ claim: `no job was late (${String(late)} were)`, holds: late === 0 }],
    };
  },
};

const KNOWN =
  'CarbonCast forecasts reach 96 h; the file has one figure an hour, of the first day of its forecast. "Known ahead" takes ' +
  'those figures as known up to 96 h ahead, as the publications do that use the file: the figures of tomorrow are a little ' +
  'better than what was known of it today. "Daily issue" takes as known at an hour what is left of its day (UTC), and nothing of tomorrow.';
const SOURCES =
  'Ours is what the operator plans with: its memory hears the forecast and what came hour by hour, weighs the forecast and ' +
  'persistence by their errors of the last seven days, and plans with its default tuning. "Forecast alone" and "same hour ' +
  'yesterday" are planned at their word, by the same planner. Hours of an unknown figure are left out with the jobs that could use them.';

/** In whole hours a job of one hour can't pause. */
const SHAPES: readonly Shape[] = LENGTHS_HOURS.flatMap((hours) =>
  SLACKS_HOURS.flatMap((slack) =>
    (hours === 1 ? [false] : [false, true]).map((pausable) => ({ hours, slack, pausable })),
  ),
);

/** Ours with the forecast known ahead against the better of what everybody has. */
function besideTheBetter(byShape: readonly (readonly QualityRow[])[]): string {
  const behind = byShape.map(([ours, , forecast, yesterday]) => {
    const better = Math.min(forecast?.planGrams ?? Infinity, yesterday?.planGrams ?? Infinity);
    return ((ours?.planGrams ?? NaN) - better) / (ours?.baselineGrams ?? NaN);
  });
  const noWorse = behind.filter((share) => !(share > 0)).length;
  const points = (100 * Math.max(0, ...behind)).toFixed(2);
  return `Ours emits no more than the better of "forecast alone" and "same hour yesterday" in ${String(noWorse)} of ${String(behind.length)} shapes; at most ${points} points of the baseline more.`;
}

async function groundOf(data: DataFolder, { progress }: CaseSession): Promise<Ground> {
  const table = await data.table(FILE, [TIME, 'carbon_intensity', 'avg_carbon_intensity_forecast']);
  const came = seriesOf(table, { time: TIME, figure: 'carbon_intensity', zone: ZONE });
  const told = seriesOf(table, { time: TIME, figure: 'avg_carbon_intensity_forecast', zone: ZONE });
  const forecast = { ...told, perspective: 'Forecast' as const, source: 'carboncast' };
  progress('    learning from the forecast, hour by hour');
  const worldOf = (foresight: Foresight): World => worldIn(new Map([[ZONE, came]]), { slot: HOUR_MS, foresight });
  const ahead = { came, forecast, knownUntil: () => Infinity };
  const daily = { came, forecast, knownUntil: (now: EpochMs) => (Math.floor(now / DAY_MS) + 1) * DAY_MS };
  return {
    sums: new SlotSums(slotsOf(came, HOUR_MS)),
    sources: [
      { name: 'ours, known ahead', world: worldOf(learntForesight(ahead)) },
      { name: 'ours, daily issue', world: worldOf(learntForesight(daily)) },
      { name: 'forecast alone, known ahead', world: worldOf(foreseen(new Map([[ZONE, forecast]]))) },
      { name: 'same hour yesterday', world: worldOf(sameHourBefore(new Map([[ZONE, came]]))) },
      { name: 'perfect knowledge', world: worldOf(foreseen(new Map([[ZONE, came]]))) },
    ],
  };
}

async function measure({ sums, sources }: Ground, shape: Shape, session: CaseSession): Promise<readonly QualityRow[]> {
  const { hours, slack, pausable } = shape;
  const slots = hours + slack;
  const { figures, startsAt } = sums.slots;
  const all = Array.from({ length: Math.max(0, figures.length - slots + 1) }, (_, from) => from);
  // A day is known before the first of them arrives.
  const arrivals = everyNth(all.slice(24), session.stride ?? STRIDE).filter(
    (from) => !Number.isNaN(sums.sum(from, from + slots)),
  );
  const variant = `${String(hours)} h, slack ${String(slack)} h, ${pausable ? 'pausable' : 'in one piece'}`;
  const tallies = sources.map(() => new Tally());
  await forEachInTurn(arrivals, { what: variant, session }, (from) => {
    const asked = kilowattJob({
      key: `forecast/${String(from)}`,
      arrivesAt: startsAt + from * HOUR_MS,
      work: hours * HOUR_MS,
      deadline: startsAt + (from + slots) * HOUR_MS,
      home: ZONE,
      ...(pausable && { interruptible: freelyPausable(hours * HOUR_MS, HOUR_MS) }),
    });
    for (const [k, { world }] of sources.entries()) {
      const tally = tallies[k];
      if (tally === undefined) continue;
      const { jobs } = simulate(world, [{ asked }], { every: HOUR_MS, timed: tally.timed });
      jobs.forEach((job) => tally.add(job));
    }
  });
  const labels = { id: '5', zone: ZONE, publishedSavingPercent: null };
  return sources.flatMap(({ name }, k) => tallies[k]?.row({ ...labels, variant: `${variant}, ${name}` }) ?? []);
}
