import { HOUR_MS } from '../../../../operator/domain/units.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import type { DataFolder } from '../data/folder.ts';
import { arrivalsIn, publishedFigure, type Zones } from '../data/zones.ts';
import { homeAt, meanAtHome } from './homes.ts';
import type { CaseSession, QualityRow } from '../quality-case.ts';
import { freelyPausable, kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const LENGTH_HOURS = 24;
/** Hours from one arrival to the next. */
const STRIDE = 13;

const VARIANTS = [
  { name: 'one move', row: 'one', pausable: false },
  { name: 'hourly hopping', row: 'inf', pausable: true },
] as const;

/** A day's work without slack at the best place, or at the best place of each hour; moving costs nothing. */
export async function spatialRows(
  data: DataFolder,
  zones: Zones,
  session: CaseSession,
): Promise<readonly QualityRow[]> {
  const world = worldIn(zones.series, { slot: zones.slot });
  const arrivals = everyNth(arrivalsIn(zones, LENGTH_HOURS * HOUR_MS), session.stride ?? STRIDE);
  const tallies = VARIANTS.map(() => new Tally());
  await forEachInTurn([...arrivals.entries()], { what: 'between zones', session }, ([k, arrivesAt]) => {
    VARIANTS.forEach(({ pausable }, v) => {
      const tally = tallies[v] ?? new Tally();
      const work = LENGTH_HOURS * HOUR_MS;
      const setup = { key: 'sweep/spatial', arrivesAt, work, deadline: arrivesAt + work, home: homeAt(zones, k) };
      const interruptible = freelyPausable(work, zones.slot);
      const asked = kilowattJob(pausable ? { ...setup, interruptible } : setup);
      const { jobs } = simulate(world, [{ asked }], { eachAlone: true, timed: tally.timed });
      const baseline = meanAtHome(zones, arrivesAt, LENGTH_HOURS);
      if (Number.isNaN(baseline.grams)) return;
      jobs.forEach((job) => tally.add({ ...job, baseline }));
    });
  });
  return Promise.all(
    VARIANTS.map(async ({ name, row }, v) =>
      (tallies[v] ?? new Tally()).row({
        ...{ id: '3', variant: `${String(LENGTH_HOURS)} h, no slack, ${name}`, zone: 'mean' },
        publishedSavingPercent: await publishedSaving(data, row),
      }),
    ),
  );
}

/** The paper tells grams a kWh: against what all zones emit on average, which is what one move saves and the cleanest zone. */
async function publishedSaving(data: DataFolder, row: 'one' | 'inf'): Promise<number | null> {
  const name = 'sim_spatial__one_and_inf__data_output__savings_mean';
  const figure = (of: string) => publishedFigure(data, { name, key: 'migration', row: of, column: 'Global' });
  const [saved, byOne] = await Promise.all([figure(row), figure('one')]);
  return saved === undefined || byOne === undefined ? null : (100 * saved) / (byOne + CLEANEST_OF_THE_PAPER);
}

/** Mean of the paper's cleanest zone over its year, g/kWh. */
const CLEANEST_OF_THE_PAPER = 15.9;
