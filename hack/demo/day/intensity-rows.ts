import { overlapOf, type Interval } from '../../../operator/domain/interval.ts';
import { HOUR_MS, SECOND_MS, type DurationMs } from '../../../operator/domain/units.ts';
import { hourAt, timeAt, type DemoDay } from './demo-day.ts';
import { SHAPES, shapeAt } from './intensity-shapes.ts';

/** What the operator is told, be it by a file or by a provider. */
export interface IntensityRow extends Interval {
  readonly zone: string;
  readonly gramsPerKilowattHour: number;
}

/** Two days: whoever is late still finds figures. */
const HOURS = 48;
export const ROW_MS = SECOND_MS;

/** Zones that there are rows of. */
export const ZONES = Object.keys(SHAPES);

/** Rows that there are of each zone. */
export function rowsOfDay(hour: DurationMs): number {
  return Math.ceil((HOURS * hour) / ROW_MS);
}

/** The grid of each zone, second by second, in the order that the file source wants. */
export function intensityRows(day: DemoDay): readonly IntensityRow[] {
  return ZONES.flatMap((zone) => rowsOf(zone, day));
}

function rowsOf(zone: string, day: DemoDay): readonly IntensityRow[] {
  const until = timeAt(day, HOURS);
  const rows: IntensityRow[] = [];
  for (let startsAt = day.midnight; startsAt < until; startsAt += ROW_MS) {
    const grams = shapeAt(zone, hourAt(day, startsAt + ROW_MS / 2));
    rows.push({ zone, startsAt, endsAt: startsAt + ROW_MS, gramsPerKilowattHour: Math.round(10 * grams) / 10 });
  }
  return rows;
}

/** As docs/data-sources.md describes the file. */
export function csvOf(rows: readonly IntensityRow[]): string {
  const lines = rows.map(({ zone, startsAt, endsAt, gramsPerKilowattHour }) =>
    [zone, new Date(startsAt).toISOString(), new Date(endsAt).toISOString(), gramsPerKilowattHour].join(','),
  );
  return ['zone,start,end,gramsPerKWh', ...lines, ''].join('\n');
}

/** What the demo counts emissions by: the rows that the operator was told, and nothing that it says. */
export class Grid {
  readonly #rows: ReadonlyMap<string, readonly IntensityRow[]>;

  constructor(rows: readonly IntensityRow[]) {
    const zones = new Set(rows.map(({ zone }) => zone));
    this.#rows = new Map([...zones].map((zone) => [zone, rows.filter((row) => row.zone === zone)]));
  }

  /** Mean intensity over a stretch, g/kWh. Throws where the rows don't cover it. */
  mean(zone: string, interval: Interval): number {
    const lengthHours = (interval.endsAt - interval.startsAt) / HOUR_MS;
    return lengthHours > 0 ? this.integral(zone, interval) / lengthHours : this.at(zone, interval.startsAt);
  }

  /** Integral of the intensity over a stretch, g/kWh x h. Throws where the rows don't cover it. */
  integral(zone: string, interval: Interval): number {
    let covered = 0;
    let sum = 0;
    for (const row of this.#rows.get(zone) ?? []) {
      const overlap = overlapOf(row, interval);
      covered += overlap;
      sum += row.gramsPerKilowattHour * (overlap / HOUR_MS);
    }
    if (covered < interval.endsAt - interval.startsAt) {
      const { startsAt, endsAt } = interval;
      throw new Error(
        `the grid of ${zone} is not known from ${new Date(startsAt).toISOString()} to ${new Date(endsAt).toISOString()}`,
      );
    }
    return sum;
  }

  /** Intensity at an instant, g/kWh. */
  at(zone: string, instant: number): number {
    return this.mean(zone, { startsAt: instant, endsAt: instant + 1 });
  }
}
