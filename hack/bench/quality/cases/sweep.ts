import { HOUR_MS, type EpochMs } from '../../../../operator/domain/units.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import type { DataFolder } from '../data/folder.ts';
import { arrivalsIn, only, publishedFigure, readZones, type Zones } from '../data/zones.ts';
import type { CaseSession, QualityCase, QualityRow } from '../quality-case.ts';
import { freelyPausable, kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';
import { spatialRows } from './sweep-spatial.ts';

const LENGTHS_HOURS = [1, 6, 12, 24, 48, 96, 168];
const SLACKS_HOURS = [24, 168];

/** Hours from one arrival to the next: all hours of the day come up, since 24 and these have no divisor in common. */
const STRIDE = { contiguous: 5, pausable: 67 };

/**
 * Jobs of many lengths that arrive at any hour in any zone and may wait for a day or a week: Sukprasert et al., "On the
 * Limitations of Carbon-Aware Temporal and Spatial Workload Shifting in the Cloud" (EuroSys '24).
 */
export const sweep: QualityCase = {
  id: '3',
  title: 'length x slack sweep',
  async run(data, session) {
    const zones = await readZones(data);
    const rows: QualityRow[] = [];
    for (const how of ['contiguous', 'pausable'] as const)
      rows.push(...(await temporalRows(data, zones, how, session)));
    rows.push(...(await spatialRows(data, zones, session)));
    return { rows, notes: [strideNote(session)] };
  },
};

function strideNote({ stride }: CaseSession): string {
  const of = (how: keyof typeof STRIDE) => String(stride ?? STRIDE[how]);
  return `Jobs arrive every ${of('contiguous')} h (contiguous) and every ${of('pausable')} h (pausable) in every zone; STRIDE=1 replays every hour. Savings are of the sums over all zones. The paper has 123 zones.`;
}

type How = keyof typeof STRIDE;

interface Variant {
  readonly length: number;
  readonly slack: number;
  readonly tally: Tally;
}

async function temporalRows(
  data: DataFolder,
  zones: Zones,
  how: How,
  session: CaseSession,
): Promise<readonly QualityRow[]> {
  const variants = SLACKS_HOURS.flatMap((slack) =>
    LENGTHS_HOURS.map((length) => ({ length, slack, tally: new Tally() })),
  );
  const visits = [...zones.series.keys()].map((zone) => only(zones, [zone]));
  await forEachInTurn(
    visits.flatMap((zone) => monthsOf(zone, session.stride ?? STRIDE[how])),
    { what: `${how}, all zones`, session },
    ({ zone, arrivals }) => {
      replayIn(zone, arrivals, { variants, how });
    },
  );
  return Promise.all(
    variants.map(async ({ length, slack, tally }) =>
      tally.row({
        ...{ id: '3', variant: `${String(length)} h, slack ${String(slack)} h, ${how}`, zone: 'mean' },
        publishedSavingPercent: await publishedSaving(data, { length, slack, how }),
      }),
    ),
  );
}

const ARRIVALS_AT_ONCE = 100;

/** The arrivals in one zone, some at a time, so that progress can be told. */
function monthsOf(zone: Zones, stride: number) {
  const room = Math.max(...LENGTHS_HOURS) + Math.max(...SLACKS_HOURS);
  const arrivals = everyNth(arrivalsIn(zone, room * HOUR_MS), stride);
  return Array.from({ length: Math.ceil(arrivals.length / ARRIVALS_AT_ONCE) }, (_, k) => ({
    zone,
    arrivals: arrivals.slice(k * ARRIVALS_AT_ONCE, (k + 1) * ARRIVALS_AT_ONCE),
  }));
}

/** All variants that arrive at one moment are one plan. */
function replayIn(
  { series, sums, slot }: Zones,
  arrivals: readonly EpochMs[],
  { variants, how }: { readonly variants: readonly Variant[]; readonly how: How },
): void {
  const world = worldIn(series, { slot });
  const [[zone, known] = []] = sums;
  if (zone === undefined || known === undefined) return;
  for (const arrivesAt of arrivals) {
    const jobs = variants.map(({ length, slack }, k) => {
      const setup = {
        ...{ key: `sweep/${String(k)}`, arrivesAt, work: length * HOUR_MS, home: zone },
        deadline: arrivesAt + (length + slack) * HOUR_MS,
      };
      const interruptible = freelyPausable(setup.work, slot);
      return { asked: kilowattJob(how === 'pausable' ? { ...setup, interruptible } : setup) };
    });
    const together = new Tally();
    const judged = simulate(world, jobs, { eachAlone: true, timed: together.timed }).jobs;
    judged.forEach((job, k) => {
      const variant = variants[k];
      if (variant === undefined) return;
      variant.tally.wallSeconds += together.wallSeconds / variants.length;
      const isKnown = !Number.isNaN(known.sum(known.at(arrivesAt), known.at(job.deadline)));
      if (isKnown) variant.tally.add(job);
    });
  }
}

/** Deferring alone, or with what interrupting adds to it. */
async function publishedSaving(
  data: DataFolder,
  { length, slack, how }: { readonly length: number; readonly slack: number; readonly how: How },
): Promise<number | null> {
  const name = `sim_temporal__deferrability_and_interruptibility_combined__data_output__absolute_slack__slack_${String(slack)}`;
  const figure = (row: string) => publishedFigure(data, { name, key: 'stats', row, column: String(length) });
  const [defer, interrupt] = await Promise.all([figure('defer'), figure('interrupt')]);
  if (defer === undefined || interrupt === undefined) return null;
  return how === 'pausable' ? defer + interrupt : defer;
}
