import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../../operator/domain/units.ts';
import { numbersOf, textsOf, type DataFolder } from './folder.ts';
import { seriesByZone, slotFor, SlotSums, slotsOf } from './series.ts';

const FOLDER = 'intensity_2022_hourly';
const PUBLISHED = `${FOLDER}/published_results`;

/** What came in many zones, and the slots that it is planned in. */
export interface Zones {
  readonly series: ReadonlyMap<string, IntensitySeries>;
  readonly sums: ReadonlyMap<string, SlotSums>;
  readonly slot: DurationMs;
}

/** @param finest slots are no longer than this, e.g. so that an overhead is a whole number of them */
export async function readZones(data: DataFolder, finest: DurationMs = HOUR_MS): Promise<Zones> {
  const table = await data.table(`${FOLDER}/zones.csv`, ['hour_utc']);
  const series = seriesByZone(table, 'hour_utc');
  return zonesOf(series, Math.min(finest, slotFor(series.values())));
}

function zonesOf(series: ReadonlyMap<string, IntensitySeries>, slot: DurationMs): Zones {
  const sums = new Map([...series].map(([zone, one]) => [zone, new SlotSums(slotsOf(one, slot))]));
  return { series, sums, slot };
}

/** Some of the zones, in the order given; those that are not there are left out. */
export function only({ series, slot }: Zones, names: readonly string[]): Zones {
  const some = names.flatMap((zone) => {
    const one = series.get(zone);
    return one === undefined ? [] : [[zone, one] as const];
  });
  return zonesOf(new Map(some), slot);
}

/** The zones of Europe, by the paper's own table; all zones where that is missing. */
export async function europeanZones(data: DataFolder, zones: Zones): Promise<Zones> {
  const table = await data.tableIfThere(`${PUBLISHED}/global_modules__static_files__name_stats.csv`, [
    'zone_code',
    'Europe',
  ]);
  if (table === undefined) return zones;
  const isEuropean = numbersOf(table, 'Europe');
  const european = only(
    zones,
    textsOf(table, 'zone_code').filter((_, k) => isEuropean[k] === 1),
  );
  return european.series.size > 0 ? european : zones;
}

/** Hours at which a job may arrive so that `room` from then on is in the data, in order. */
export function arrivalsIn({ sums }: Zones, room: DurationMs): readonly EpochMs[] {
  const all = [...sums.values()].map(({ slots }) => slots);
  const from = Math.max(...all.map(({ startsAt }) => startsAt));
  const until = Math.min(...all.map(({ startsAt, slot, figures }) => startsAt + slot * figures.length));
  const first = Math.ceil(from / HOUR_MS) * HOUR_MS;
  const count = Math.max(0, Math.floor((until - room - first) / HOUR_MS) + 1);
  return Array.from({ length: count }, (_, k) => first + k * HOUR_MS);
}

/**
 * A table of the paper's: a row's figure by the text of its first column; `undefined` where the paper's results are not in
 * the folder.
 */
export async function publishedFigure(
  data: DataFolder,
  { name, key, row, column }: { name: string; key: string; row: string; column: string },
): Promise<number | undefined> {
  const table = await data.tableIfThere(`${PUBLISHED}/${name}.csv`, [key]);
  if (table?.columns.includes(column) !== true) return undefined;
  const figure = numbersOf(table, column)[textsOf(table, key).indexOf(row)];
  return figure === undefined || Number.isNaN(figure) ? undefined : figure;
}
