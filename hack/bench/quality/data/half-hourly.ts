import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import { lengthOf } from '../../../../operator/domain/interval.ts';
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../../../operator/domain/units.ts';
import type { DataFolder } from './folder.ts';
import { sampledEvery, seriesOf } from './series.ts';

/** The grids of Wiesner et al. with the names that their files have. */
const COUNTRIES = [
  { zone: 'DE', file: 'ger_ci.csv' },
  { zone: 'GB', file: 'gb_ci.csv' },
  { zone: 'FR', file: 'fr_ci.csv' },
] as const;

/** Of the grids that the paper has figures for. */
export type Country = (typeof COUNTRIES)[number]['zone'];

export const HALF_HOUR = 30 * MINUTE_MS;

/** A grid's intensity, as the paper takes it: the row that holds at the beginning of each half hour. */
export async function halfHourlySeries(
  data: DataFolder,
): Promise<readonly { readonly zone: Country; readonly came: IntensitySeries; readonly year: Year }[]> {
  return Promise.all(
    COUNTRIES.map(async ({ zone, file }) => {
      const columns = { time: 'Time', figure: 'Carbon Intensity' };
      const table = await data.table(`intensity_2020_halfhourly/${file}`, Object.values(columns));
      const came = sampledEvery(HALF_HOUR, seriesOf(table, { ...columns, zone }));
      return { zone, came, year: fullestYear(came) };
    }),
  );
}

/** A calendar year in UTC. */
export interface Year {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
}

/** The calendar year that a series knows most of. */
function fullestYear({ samples }: IntensitySeries): Year {
  const known = new Map<number, number>();
  for (const sample of samples) {
    const year = new Date(sample.startsAt).getUTCFullYear();
    known.set(year, (known.get(year) ?? 0) + lengthOf(sample));
  }
  const [[year] = [1970]] = [...known].sort(([a, often], [b, oftener]) => oftener - often || a - b);
  return { startsAt: Date.UTC(year), endsAt: Date.UTC(year + 1) };
}

export const DAY_MS = 24 * HOUR_MS;

/** Midnights of a year, in order. */
export function daysOf({ startsAt, endsAt }: Year): readonly EpochMs[] {
  return Array.from({ length: Math.round((endsAt - startsAt) / DAY_MS) }, (_, day) => startsAt + day * DAY_MS);
}
