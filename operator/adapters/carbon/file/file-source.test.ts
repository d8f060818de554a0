import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileSource } from './file-source.ts';

const NEVER = new AbortController().signal;
const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);
const EIGHT_TO_TEN = { startsAt: at('08:00:00'), endsAt: at('10:00:00') };

const HEADER = 'zone,start,length,gramsPerKWh\n';
const HOURLY = `${HEADER}DE,2026-11-23T07:00:00Z,1h,410\nDE,2026-11-23T08:00:00Z,1h,420\nDE,2026-11-23T11:00:00Z,1h,430\n`;

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-file-source-'));
  path = join(folder, 'intensity.csv');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const figures = async (source: FileSource, interval = EIGHT_TO_TEN) =>
  (await source.forecast({ zone: 'DE', signal: 'Average', interval }, NEVER)).samples.map(
    (sample) => sample.gramsPerKilowattHour,
  );

describe('the file source', () => {
  test('answers with the samples that touch the interval, cut to it, gaps left open', async () => {
    await writeFile(path, HOURLY);
    const interval = { startsAt: at('07:30:00'), endsAt: at('11:20:00') };
    const { samples } = await new FileSource({ path }).forecast({ zone: 'DE', signal: 'Average', interval }, NEVER);

    expect(samples.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [at('07:30:00'), at('08:00:00')],
      [at('08:00:00'), at('09:00:00')],
      [at('11:00:00'), at('11:20:00')],
    ]);
  });

  test('claims no live forecast unless the owner of the file does', async () => {
    await writeFile(path, HOURLY);
    const byDefault = new FileSource({ path });
    const vouchedFor = new FileSource({ path, rung: 'LiveForecast', synthetic: false });
    const query = { zone: 'DE', signal: 'Average', interval: EIGHT_TO_TEN } as const;

    expect(byDefault.rung).toBe('TypicalDay');
    expect(await byDefault.forecast(query, NEVER)).toMatchObject({ synthetic: true, source: 'file' });
    expect(vouchedFor.rung).toBe('LiveForecast');
    expect(await vouchedFor.forecast(query, NEVER)).toMatchObject({ synthetic: false });
  });

  test('says that the figures are as old as the file, where the file does not say', async () => {
    await writeFile(path, HOURLY);
    await utimes(path, at('05:00:00') / 1_000, at('05:00:00') / 1_000);
    const query = { zone: 'DE', signal: 'Average', interval: EIGHT_TO_TEN } as const;

    expect((await new FileSource({ path }).forecast(query, NEVER)).issuedAt).toBe(at('05:00:00'));

    const sample = { zone: 'DE', start: '2026-11-23T08:00:00Z', length: '1h', gramsPerKWh: 1 };
    const jsonPath = join(folder, 'intensity.json');
    await writeFile(jsonPath, JSON.stringify({ issuedAt: '2026-11-23T06:00:00Z', samples: [sample] }));
    expect((await new FileSource({ path: jsonPath }).forecast(query, NEVER)).issuedAt).toBe(at('06:00:00'));
  });

  test('reads the file again when it changes: written, or replaced by another of the same size and time', async () => {
    await writeFile(path, HOURLY);
    const source = new FileSource({ path });
    expect(await figures(source)).toEqual([420]);

    await writeFile(path, `${HOURLY}DE,2026-11-23T12:00:00Z,1h,1\n`);
    expect(await figures(source, { startsAt: at('12:00:00'), endsAt: at('13:00:00') })).toEqual([1]);

    const before = await stat(path);
    const replacement = join(folder, 'next');
    await writeFile(replacement, `${HOURLY}DE,2026-11-23T12:00:00Z,1h,2\n`);
    await utimes(replacement, before.atime, before.mtime);
    await rename(replacement, path);
    expect(await figures(source, { startsAt: at('12:00:00'), endsAt: at('13:00:00') })).toEqual([2]);
  });

  test('recovers when a broken file is mended, and when a missing one comes', async () => {
    const source = new FileSource({ path });
    await expect(figures(source)).rejects.toMatchObject({ code: 'Unavailable' });

    await writeFile(path, `${HEADER}DE,2026-11-23T08:00:00Z,1h,-1\n`);
    await expect(figures(source)).rejects.toMatchObject({ code: 'Malformed' });
    await expect(figures(source)).rejects.toThrow(`carbon file ${path}, line 2, gramsPerKWh: "-1"`);

    await writeFile(path, HOURLY);
    expect(await figures(source)).toEqual([420]);
  });

  test('says what the file has, where it has not what was asked for', async () => {
    await writeFile(path, HOURLY);
    const source = new FileSource({ path });

    await expect(source.forecast({ zone: 'FR', signal: 'Average', interval: EIGHT_TO_TEN }, NEVER)).rejects.toThrow(
      'has no zone "FR"; it has DE',
    );
    await expect(source.forecast({ zone: 'DE', signal: 'Marginal', interval: EIGHT_TO_TEN }, NEVER)).rejects.toThrow(
      'no Marginal intensity for zone DE, only Average',
    );
    await expect(figures(source, { startsAt: at('09:00:00'), endsAt: at('10:00:00') })).rejects.toThrow(
      'it covers 2026-11-23T07:00:00.000Z to 2026-11-23T12:00:00.000Z',
    );
  });

  test('has no answer for an empty interval', async () => {
    await writeFile(path, HOURLY);
    const empty = { startsAt: at('08:30:00'), endsAt: at('08:30:00') };
    await expect(figures(new FileSource({ path }), empty)).rejects.toMatchObject({ code: 'NoData' });
  });

  test('takes no file of which it does not know the format', () => {
    expect(() => new FileSource({ path: 'intensity.xlsx' })).toThrow('.csv or .json');
  });
});
