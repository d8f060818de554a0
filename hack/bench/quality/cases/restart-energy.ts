import { HOUR_MS } from '../../../../operator/domain/units.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import { arrivalsIn, only, readZones, type Zones } from '../data/zones.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const ZONES = ['DE', 'GB', 'US-CAL-CISO', 'US-MIDA-PJM'];
const LENGTH_HOURS = 24;
const SLACKS_HOURS = [24, 48];
const OVERHEADS_HOURS = [0.25, 1];
/** Hours from one arrival to the next. */
const STRIDE = 1;

/** Optima as shares of run on arrival, for a slack of 24 h. */
const PUBLISHED_OPTIMUM: Readonly<Record<string, number>> = { 'DE 0.25': 0.878, 'US-MIDA-PJM 1': 0.982 };

/** A day's work that may pause, where each resume repeats a quarter of an hour or a whole one, in time and in energy. */
export const restartEnergy: QualityCase = {
  id: '6',
  title: 'restart energy',
  async run(data, session) {
    const rows: QualityRow[] = [];
    for (const overhead of OVERHEADS_HOURS) {
      const zones = await readZones(data, overhead * HOUR_MS);
      const there = ZONES.filter((zone) => zones.series.has(zone));
      for (const zone of there.length > 0 ? there : [...zones.series.keys()].slice(0, ZONES.length)) {
        for (const slack of SLACKS_HOURS)
          rows.push(await measure(only(zones, [zone]), { zone, slack, overhead }, session));
      }
    }
    const note = `Jobs arrive every ${String(session.stride ?? STRIDE)} h; up to ${String(LENGTH_HOURS)} pauses.`;
    return { rows, notes: [note] };
  },
};

interface Setting {
  readonly zone: string;
  readonly slack: number;
  readonly overhead: number;
}

async function measure(zones: Zones, { zone, slack, overhead }: Setting, session: CaseSession): Promise<QualityRow> {
  const { series, sums, slot } = zones;
  const world = worldIn(series, { slot });
  const known = sums.get(zone);
  const tally = new Tally();
  const window = (LENGTH_HOURS + slack) * HOUR_MS;
  const variant = `24 h, slack ${String(slack)} h, ${String(overhead)} h a restart`;
  const arrivals = everyNth(arrivalsIn(zones, window), session.stride ?? STRIDE);
  await forEachInTurn(arrivals, { what: `${zone}, ${variant}`, session }, (arrivesAt) => {
    const from = known?.at(arrivesAt) ?? 0;
    if (known === undefined || Number.isNaN(known.sum(from, from + window / slot))) return;
    const asked = kilowattJob({
      ...{ key: 'restart/job', arrivesAt, work: LENGTH_HOURS * HOUR_MS, deadline: arrivesAt + window, home: zone },
      interruptible: { minimumRun: 0, restartOverhead: overhead * HOUR_MS, maxPauses: LENGTH_HOURS },
    });
    const { jobs } = simulate(world, [{ asked }], { eachAlone: true, timed: tally.timed });
    jobs.forEach((job) => tally.add(job));
  });
  const optimum = slack === 24 ? PUBLISHED_OPTIMUM[`${zone} ${String(overhead)}`] : undefined;
  return tally.row({
    ...{ id: '6', variant, zone },
    publishedSavingPercent: optimum === undefined ? null : 100 * (1 - optimum),
  });
}
