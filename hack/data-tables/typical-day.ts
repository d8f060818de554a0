import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { csvRecords } from '../../operator/adapters/carbon/file/csv.ts';
import {
  decodeProfile,
  encodeProfile,
  HOURS_OF_DAY,
  MONTHS,
  type Profile,
} from '../../operator/adapters/carbon/typical-day/profile.ts';
import { TYPICAL_DAYS, type TypicalDayTable } from '../../operator/adapters/carbon/typical-day/table.ts';
import type { DataTable, ReadCommitted } from './command.ts';

const FOLDER = 'operator/adapters/carbon/typical-day';
const TABLE_PATH = `${FOLDER}/typical-days.json`;
const NOTICE_PATH = `${FOLDER}/LICENSE.md`;

const LICENCE = 'Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/';
const ATTRIBUTION =
  'Contains information from Electricity Maps (https://www.electricitymaps.com), by way of ' +
  'https://github.com/umassos/decarbonization-potential. See LICENSE.md beside this file.';

/** Dirtier than any grid can be: lifecycle emissions of lignite are about 1,100 g/kWh. */
const MAX_PLAUSIBLE_GRAMS = 1_500;
/** A cell of fewer days than this would be a sample of weather, not a typical day. */
const MIN_DAYS_A_CELL = 14;

export interface HourlyIntensity {
  readonly year: number;
  /** Zone to 12 x 24 averages, not yet rounded. */
  readonly averages: ReadonlyMap<string, Profile>;
}

/** Averages by month and hour of day (UTC) of a CSV with columns `hour_utc` and one a zone. Throws where it isn't one full year. */
export function averageByMonthAndHour(csv: string): HourlyIntensity {
  const [header, ...records] = csvRecords(csv);
  if (header?.cells[0] !== 'hour_utc') throw new Error('zones.csv: the first column must be hour_utc');
  const zones = header.cells.slice(1);
  const sums = new Float64Array(zones.length * MONTHS * HOURS_OF_DAY);
  const counts = new Uint16Array(sums.length);
  const years = new Set<number>();
  for (const { line, cells } of records) {
    const hour = new Date(cells[0] ?? '');
    if (Number.isNaN(hour.getTime())) throw new Error(`zones.csv line ${String(line)}: "${cells[0] ?? ''}" is no time`);
    years.add(hour.getUTCFullYear());
    const cell = hour.getUTCMonth() * HOURS_OF_DAY + hour.getUTCHours();
    for (let zone = 0; zone < zones.length; zone++) {
      const text = cells[zone + 1] ?? '';
      if (text === '') continue;
      const grams = Number(text);
      if (!(grams >= 0))
        throw new Error(`zones.csv line ${String(line)}, ${zones[zone] ?? ''}: "${text}" is no intensity`);
      const at = zone * MONTHS * HOURS_OF_DAY + cell;
      sums[at] = (sums[at] ?? 0) + grams;
      counts[at] = (counts[at] ?? 0) + 1;
    }
  }
  const [year, ...others] = years;
  if (year === undefined || others.length > 0) throw new Error('zones.csv: the rows must be of one calendar year');
  return { year, averages: new Map(zones.map((zone, index) => [zone, averagesOf(zone, index, sums, counts)])) };
}

function averagesOf(zone: string, index: number, sums: Float64Array, counts: Uint16Array): Profile {
  return Array.from({ length: MONTHS * HOURS_OF_DAY }, (_, cell) => {
    const at = index * MONTHS * HOURS_OF_DAY + cell;
    const days = counts[at] ?? 0;
    if (days < MIN_DAYS_A_CELL) {
      const month = String(Math.floor(cell / HOURS_OF_DAY) + 1);
      throw new Error(`zones.csv, ${zone}: month ${month} has an hour with ${String(days)} days of data`);
    }
    return (sums[at] ?? 0) / days;
  });
}

/** Zones in order of name; one string a zone, so that a change shows as one line. */
export function renderTable({ year, averages }: HourlyIntensity): string {
  const sorted = [...averages].sort(([a], [b]) => (a < b ? -1 : 1));
  const zones = Object.fromEntries(sorted.map(([zone, profile]) => [zone, encodeProfile(profile.map(Math.round))]));
  const table: TypicalDayTable = {
    about: 'Average carbon intensity of electricity by grid zone, month and hour of day',
    licence: LICENCE,
    attribution: ATTRIBUTION,
    year,
    signal: 'Average',
    scope: 'Lifecycle',
    unit: 'gCO2e/kWh',
    layout: 'zone: 12 months parted by ";", each the 24 hours of the day in UTC',
    zonesSha256: checksumOf(zones),
    zones,
  };
  return `${JSON.stringify(table, null, 2)}\n`;
}

function checksumOf(zones: TypicalDayTable['zones']): string {
  return createHash('sha256').update(JSON.stringify(zones)).digest('hex');
}

/** What a committed table shows to be wrong by itself. */
export function problemsOfTable(table: TypicalDayTable): string[] {
  const problems: string[] = [];
  if (table.licence !== LICENCE) problems.push(`${TABLE_PATH}: the licence must say "${LICENCE}"`);
  if (table.attribution !== ATTRIBUTION) problems.push(`${TABLE_PATH}: the attribution must say "${ATTRIBUTION}"`);
  if (table.signal !== 'Average' || table.scope !== 'Lifecycle') {
    problems.push(`${TABLE_PATH}: signal must be Average and scope Lifecycle, which is what the adapter says of it`);
  }
  if (table.zonesSha256 !== checksumOf(table.zones)) {
    problems.push(`${TABLE_PATH}: zonesSha256 does not fit the zones; the table is made by a script, not by hand`);
  }
  if (Object.keys(table.zones).length === 0) problems.push(`${TABLE_PATH}: no zones`);
  for (const [zone, encoded] of Object.entries(table.zones)) problems.push(...problemsOfZone(zone, encoded));
  return problems;
}

function problemsOfZone(zone: string, encoded: string): string[] {
  try {
    const implausible = decodeProfile(encoded).find((grams) => grams < 1 || grams > MAX_PLAUSIBLE_GRAMS);
    return implausible === undefined ? [] : [`${TABLE_PATH}, ${zone}: ${String(implausible)} g/kWh is not plausible`];
  } catch (error) {
    return [`${TABLE_PATH}, ${zone}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function decoded({ year, zones }: TypicalDayTable): HourlyIntensity {
  return { year, averages: new Map(Object.entries(zones).map(([zone, encoded]) => [zone, decodeProfile(encoded)])) };
}

export const TYPICAL_DAY_TABLE: DataTable = {
  script: 'hack/update-typical-day.ts',

  async render(dataFolder) {
    const csv = await readFile(join(dataFolder, 'intensity_2022_hourly', 'zones.csv'), 'utf8');
    return [{ path: TABLE_PATH, content: renderTable(averageByMonthAndHour(csv)) }];
  },

  committed: () => [{ path: TABLE_PATH, content: renderTable(decoded(TYPICAL_DAYS)) }],

  async problems(read: ReadCommitted) {
    const problems = problemsOfTable(JSON.parse(await read(TABLE_PATH)) as TypicalDayTable);
    const notice = await read(NOTICE_PATH);
    for (const words of ['Open Database License (ODbL) 1.0', 'Contains information from Electricity Maps']) {
      if (!notice.includes(words)) problems.push(`${NOTICE_PATH}: the notice must say "${words}"`);
    }
    return problems;
  },
};
