import { HOUR_MS } from '../../../../operator/domain/units.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import { arrivalsIn, europeanZones, readZones, type Zones } from '../data/zones.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { freelyPausable, kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';
import { homeAt, meanAtHome } from './homes.ts';

const LENGTH_HOURS = 24;
const SLACK_HOURS = 24;
const HALF_HOUR_MS = HOUR_MS / 2;
/** Hours from one arrival to the next. */
const STRIDE = 13;

/** What a move costs, in hours of work, and the optimum that is published for it, as a share of run on arrival. */
const MOVES = [
  { hours: 0, optimum: 0.327 },
  { hours: 0.5, optimum: 0.339 },
  { hours: 2, optimum: 0.364 },
];

/** A day's work that may go from region to region, where each move repeats some of it. Pausing where it is costs nothing. */
export const regions: QualityCase = {
  id: '8',
  title: 'regions with a cost of moving',
  async run(data, session) {
    const zones = await europeanZones(data, await readZones(data, HALF_HOUR_MS));
    const rows: QualityRow[] = [];
    for (const move of MOVES) rows.push(await measure(zones, move, session));
    const note = `${String(zones.series.size)} zones, each at home in turn; jobs arrive every ${String(session.stride ?? STRIDE)} h. The baseline is the mean over all homes. The set of the published optima is not known to be this one.`;
    return { rows, notes: [note] };
  },
};

async function measure(zones: Zones, move: (typeof MOVES)[number], session: CaseSession): Promise<QualityRow> {
  const world = worldIn(zones.series, { slot: zones.slot });
  const tally = new Tally();
  const window = (LENGTH_HOURS + SLACK_HOURS) * HOUR_MS;
  const variant = `24 h, slack 24 h, ${String(move.hours)} h a move`;
  const arrivals = everyNth(arrivalsIn(zones, window), session.stride ?? STRIDE);
  await forEachInTurn([...arrivals.entries()], { what: variant, session }, ([k, arrivesAt]) => {
    const work = LENGTH_HOURS * HOUR_MS;
    const interruptible = { ...freelyPausable(work, zones.slot), moveOverhead: move.hours * HOUR_MS };
    const asked = kilowattJob({
      ...{ key: 'regions/job', arrivesAt, work, deadline: arrivesAt + window, home: homeAt(zones, k) },
      interruptible,
    });
    const { jobs } = simulate(world, [{ asked }], { eachAlone: true, timed: tally.timed });
    const baseline = meanAtHome(zones, arrivesAt, LENGTH_HOURS);
    if (Number.isNaN(baseline.grams)) return;
    jobs.forEach((job) => tally.add({ ...job, baseline }));
  });
  return tally.row({
    ...{ id: '8', variant, zone: 'mean' },
    publishedSavingPercent: 100 * (1 - move.optimum),
  });
}
