import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MINUTE_MS, HOUR_MS } from '../../../../operator/domain/units.ts';
import { csvRows } from './csv.ts';
import { DataError, DataFolder, numbersOf, timesOf, type Table } from './folder.ts';
import { sampledEvery, seriesByZone, seriesOf, slotFor, slotsOf, SlotSums } from './series.ts';

function tableOf(columns: readonly string[], ...rows: readonly (readonly string[])[]): Table {
  return { path: 'some.csv', columns, rows };
}

const FROM = Date.UTC(2031, 0, 1);

describe('a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sunward-data-'));
    await writeFile(join(folder, 'there.csv'), '\uFEFFtime, figure\n2031-01-01,1\n');
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  test('is read by the names of its columns', async () => {
    expect(await new DataFolder(folder).table('there.csv', ['figure'])).toMatchObject({
      columns: ['time', 'figure'],
      rows: [['2031-01-01', '1']],
    });
  });

  test('that is missing is an error, or none where it may be', async () => {
    const data = new DataFolder(folder);
    await expect(data.table('gone.csv', [])).rejects.toThrow(
      /gone\.csv is not there: give a folder that has it as DATA/,
    );
    expect(await data.tableIfThere('gone.csv', [])).toBeUndefined();
  });

  test('without a column is an error that names both', async () => {
    const reading = new DataFolder(folder).table('there.csv', ['intensity']);
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(/there\.csv has no column "intensity" \(it has time, figure\)/);
  });
});

test('quotes keep commas, quotes and line breaks together', () => {
  expect(csvRows('a,"b, c",d\r\n\n"say ""so""","two\nlines",\n')).toEqual([
    ['a', 'b, c', 'd'],
    ['say "so"', 'two\nlines', ''],
  ]);
});

test('times are UTC unless they say where they are', () => {
  const rows = ['2031-01-01 01:00:00', '2031-01-01T01:00Z', '2031-01-01T03:00+02:00', '2031-01-01'].map((text) => [
    text,
  ]);
  expect([...timesOf(tableOf(['t'], ...rows), 't')].map((time) => (time - FROM) / HOUR_MS)).toEqual([1, 1, 1, 0]);
  expect(() => timesOf(tableOf(['t'], ['yesterday']), 't')).toThrow('some.csv, row 2, column "t" is "yesterday"');
});

test('an empty field is no number, and no fault', () => {
  expect([...numbersOf(tableOf(['x'], ['1.5'], [''], ['nan']), 'x')]).toEqual([1.5, NaN, NaN]);
  expect(() => numbersOf(tableOf(['x'], ['many']), 'x')).toThrow('column "x" is "many": it must be a number, or empty');
});

describe('a series', () => {
  const halfHourly = tableOf(
    ['Time', 'DE'],
    ['2031-01-01 00:30:00', '20'],
    ['2031-01-01 00:00:00', '10'],
    ['2031-01-01 01:00:00', ''],
    ['2031-01-01 01:30:00', '40'],
  );
  const series = seriesOf(halfHourly, { time: 'Time', figure: 'DE', zone: 'DE' });

  test('holds each row until the next, in order of time, and knows its gaps', () => {
    expect(
      series.samples.map(({ startsAt, endsAt }) => [(startsAt - FROM) / MINUTE_MS, (endsAt - FROM) / MINUTE_MS]),
    ).toEqual([
      [0, 30],
      [30, 60],
      [90, 120],
    ]);
  });

  test('lies on slots by its mean, and not where a part is unknown', () => {
    const slots = slotsOf(series, HOUR_MS);
    expect([...slots.figures]).toEqual([15, NaN]);
    const sums = new SlotSums(slotsOf(series, 30 * MINUTE_MS));
    expect(sums.sum(0, 2)).toBe(30);
    expect(sums.sum(1, 4)).toBeNaN();
    expect(sums.at(FROM + HOUR_MS)).toBe(2);
  });

  test('is sampled by the row that holds', () => {
    const hourly = sampledEvery(HOUR_MS, series);
    expect(hourly.samples.map(({ gramsPerKilowattHour }) => gramsPerKilowattHour)).toEqual([10]);
  });

  test('has a zone a column, and slots that fit its rows', () => {
    const zones = seriesByZone(halfHourly, 'Time');
    expect([...zones.keys()]).toEqual(['DE']);
    expect(slotFor(zones.values())).toBe(30 * MINUTE_MS);
  });
});
