import { HOUR_MS, type EpochMs } from '../../../../operator/domain/units.ts';
import { foreseen, withNoise } from '../../../../operator/simulation/foresight.ts';
import { simulate } from '../../../../operator/simulation/simulate.ts';
import type { World } from '../../../../operator/simulation/world.ts';
import { cheapestStart } from '../published-rules/cheapest.ts';
import { daysOf, HALF_HOUR, halfHourlySeries, type Country } from '../data/half-hourly.ts';
import { SlotSums, slotsOf } from '../data/series.ts';
import { type CaseSession, type QualityCase, type QualityRow } from '../quality-case.ts';
import { kilowattJob, worldIn } from '../setup.ts';
import { Tally } from '../tally.ts';
import { everyNth, forEachInTurn } from '../walk.ts';

const AT_ONE = HOUR_MS;
const WINDOWS_HOURS = [2, 4, 6, 8];
const NOISE = 0.05;
const SEEDS = 10;
/** As many nights as the paper has, of a year that has one more. */
const NIGHTS = 365;

/** Savings within 8 h, in percent: with forecasts that are 5 % off, and with perfect ones. */
const PUBLISHED: Readonly<Record<Country, { readonly noisy: number; readonly perfect: number }>> = {
  DE: { noisy: 11.74, perfect: 13.76 },
  GB: { noisy: 7.95, perfect: 10.41 },
  FR: { noisy: 5.58, perfect: 7.79 },
};
const PUBLISHED_HOURS = 8;

interface Grid {
  readonly zone: Country;
  readonly sums: SlotSums;
  readonly nights: readonly EpochMs[];
  readonly perfect: World;
  readonly noisy: readonly { readonly world: World; readonly forecast: SlotSums }[];
}

/**
 * A job of half an hour at 01:00 each night that may run some hours earlier or later: scenario I of Wiesner et al., "Let's
 * Wait Awhile" (Middleware '21).
 */
export const nightlyWindow: QualityCase = {
  id: '1',
  title: 'nightly window',
  async run(data, session) {
    const rows: QualityRow[] = [];
    const notes: string[] = [];
    for (const grid of (await halfHourlySeries(data)).map(gridOf)) {
      for (const hours of WINDOWS_HOURS) {
        const measured = await measure(grid, hours, session);
        rows.push(...measured.rows);
        if (hours === PUBLISHED_HOURS) notes.push(measured.note);
      }
    }
    return { rows, notes: [...notes, LEFT_OUT] };
  },
};

const LEFT_OUT =
  'Rows "as published" leave the first night out of what was run, but not out of the baseline, as the paper\'s simulator does: its window begins before its data. That adds about 0.3 points to every saving.';

function gridOf({ zone, came, year }: Awaited<ReturnType<typeof halfHourlySeries>>[number]): Grid {
  const widest = Math.max(...WINDOWS_HOURS) * HOUR_MS;
  const [first, last] = [came.samples[0]?.startsAt ?? 0, came.samples.at(-1)?.endsAt ?? 0];
  const nights = daysOf(year)
    .slice(0, NIGHTS)
    .map((midnight) => midnight + AT_ONE)
    .filter((night) => night - widest >= first && night + widest + HALF_HOUR <= last);
  const noisy = Array.from({ length: SEEDS }, (_, seed) => {
    const forecast = withNoise(came, { share: NOISE, seed });
    // Nobody tells the planner how far off it is: the paper's didn't know either.
    const foresight = foreseen(new Map([[zone, forecast]]));
    const world = worldIn(new Map([[zone, came]]), { slot: HALF_HOUR, foresight });
    return { world, forecast: new SlotSums(slotsOf(forecast, HALF_HOUR)) };
  });
  const perfect = worldIn(new Map([[zone, came]]), { slot: HALF_HOUR });
  return { zone, sums: new SlotSums(slotsOf(came, HALF_HOUR)), nights, perfect, noisy };
}

async function measure(grid: Grid, hours: number, session: CaseSession) {
  const { zone } = grid;
  const perfect = new NightTally(grid, hours);
  const noisy = new NightTally(grid, hours);
  const nights = everyNth(grid.nights, session.stride ?? 1).filter((night) => perfect.isKnown(night));
  await forEachInTurn(nights, { what: `${zone}, ${String(hours)} h`, session }, (night) => {
    perfect.replay(grid.perfect, night);
    for (const { world, forecast } of grid.noisy) noisy.replay(world, night, forecast);
  });
  const variant = (forecast: string) => `within ${String(hours)} h, ${forecast}`;
  const published = hours === PUBLISHED_HOURS ? PUBLISHED[zone] : undefined;
  const label = { id: '1', zone };
  const rows = [
    perfect.sums.row({ ...label, variant: variant('perfect forecast'), publishedSavingPercent: null }),
    noisy.sums.row({ ...label, variant: variant('5 % noise'), publishedSavingPercent: null }),
    perfect.asPublished.row({
      ...{ ...label, variant: variant('perfect forecast, as published') },
      publishedSavingPercent: published?.perfect ?? null,
    }),
    noisy.asPublished.row({
      ...{ ...label, variant: variant('5 % noise, as published') },
      publishedSavingPercent: published?.noisy ?? null,
    }),
  ];
  const ofPaper = 100 * (1 - noisy.gramsOfPaper / noisy.asPublished.baselineGrams);
  const note = `${zone}: the paper's own rule on the same noise saves ${ofPaper.toFixed(2)} % ("as published").`;
  return { rows, note };
}

/** Sums twice: of all nights, and with the first one run by nobody. */
class NightTally {
  readonly sums = new Tally();
  readonly asPublished = new Tally();
  /** What the cheapest half hour of the forecast emits, summed as published. */
  gramsOfPaper = 0;
  readonly #grid: Grid;
  readonly #hours: number;

  constructor(grid: Grid, hours: number) {
    this.#grid = grid;
    this.#hours = hours;
  }

  isKnown(night: EpochMs): boolean {
    const { from, until } = this.#span(night);
    return !Number.isNaN(this.#grid.sums.sum(from, until));
  }

  replay(world: World, night: EpochMs, forecast: SlotSums = this.#grid.sums): void {
    const { zone, sums, nights } = this.#grid;
    const asked = kilowattJob({
      ...{ key: `nightly/${String(night)}`, arrivesAt: night - this.#hours * HOUR_MS, work: HALF_HOUR },
      ...{ deadline: night + this.#hours * HOUR_MS + HALF_HOUR, home: zone },
    });
    const [job] = simulate(world, [{ asked }], { eachAlone: true, timed: this.sums.timed }).jobs;
    if (job === undefined) return;
    // Without this operator it runs at one o'clock, not when its window begins.
    const atOne = sums.sum(sums.at(night), sums.at(night) + 1) * HALF_HOUR_HOURS;
    const baselined = { ...job, baseline: { grams: atOne } };
    this.sums.add(baselined);
    this.asPublished.wallSeconds = this.sums.wallSeconds;
    if (night === nights[0]) {
      this.asPublished.jobs += 1;
      this.asPublished.baselineGrams += atOne;
      return;
    }
    this.asPublished.add(baselined);
    const start = cheapestStart(forecast, this.#span(night), 1);
    this.gramsOfPaper += start === undefined ? NaN : sums.sum(start, start + 1) * HALF_HOUR_HOURS;
  }

  /** From so many hours before one o'clock to the half hour that begins as many after it. */
  #span(night: EpochMs) {
    const slots = (this.#hours * HOUR_MS) / HALF_HOUR;
    const one = this.#grid.sums.at(night);
    return { from: one - slots, until: one + slots + 1 };
  }
}

const HALF_HOUR_HOURS = HALF_HOUR / HOUR_MS;
