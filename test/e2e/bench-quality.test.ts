import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QualityRow } from '../../hack/bench/quality/quality-case.ts';
import { writeBenchData } from '../fixtures/bench-data.ts';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-quality-'));
  data = join(folder, 'data');
  await writeBenchData(data);
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** As `make bench` does. */
async function bench(args: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    execFile(process.execPath, ['hack/bench/main.ts', ...args], { cwd: ROOT }, (error, output, errors) => {
      done({ code: typeof error?.code === 'number' ? error.code : 0, output, errors });
    });
  });
}

async function rowsOf(id: string, stride: number): Promise<{ rows: readonly QualityRow[]; ended: Ended }> {
  const file = join(folder, `${id}.json`);
  const ended = await bench(['--case', id, '--data', data, '--stride', String(stride), '--out', file]);
  const { cases } = JSON.parse(await readFile(file, 'utf8')) as { cases: readonly QualityRow[] };
  return { rows: cases, ended };
}

describe('quality on data that nobody has seen', () => {
  test.each([
    ['1', 5, 48],
    ['2', 25, 36],
    ['3', 53, 30],
    ['6', 97, 16],
    ['8', 211, 3],
    ['9', 1, 1],
    ['10', 97, 20],
  ])('case %s has a row for each variant and zone, above no bound, and late is nobody', async (id, stride, count) => {
    const { rows, ended } = await rowsOf(id, stride);
    expect(ended.errors).not.toContain('rror');
    expect(rows).toHaveLength(count);
    for (const row of rows) {
      expect(Object.keys(row).sort()).toEqual(COLUMNS);
      expect(row).toMatchObject({ id, late: 0 });
      expect(row.jobs).toBeGreaterThan(0);
      expect(row.baselineGrams).toBeGreaterThan(0);
      expect(row.planGrams).toBeGreaterThanOrEqual(row.boundGrams * (1 - 1e-9));
      expect(ended.output).toContain(row.variant);
    }
  });

  test('with a perfect forecast a job in one piece saves nearly all that can be saved', async () => {
    const { rows } = await rowsOf('1', 1);
    const perfect = rows.filter(({ variant }) => variant === 'within 8 h, perfect forecast');
    expect(perfect.map(({ zone }) => zone)).toEqual(['DE', 'GB', 'FR']);
    for (const { planGrams, boundGrams } of perfect) expect(planGrams).toBeLessThanOrEqual(1.011 * boundGrams);
  });
});

describe('data that can not be used', () => {
  test('a folder without the file says which, and what to do', async () => {
    const { code, errors } = await bench([
      '--case',
      '6',
      '--data',
      join(folder, 'empty'),
      '--out',
      join(folder, 'x.json'),
    ]);
    expect(code).toBe(1);
    expect(errors).toMatch(/empty\/intensity_2022_hourly\/zones\.csv is not there: give a folder that has it as DATA/);
  });

  test('a file without the column says which, and what it has', async () => {
    const other = join(folder, 'other');
    await writeBenchData(other);
    await writeFile(join(other, 'intensity_2020_halfhourly/gb_ci.csv'), 'Time,Intensity\n2031-01-01 00:00:00,5\n');
    const { code, errors } = await bench(['--case', '1', '--data', other, '--out', join(folder, 'x.json')]);
    expect(code).toBe(1);
    expect(errors).toMatch(/gb_ci\.csv has no column "Carbon Intensity" \(it has Time, Intensity\)/);
  });
});

const COLUMNS = [
  'baselineGrams',
  'boundGrams',
  'id',
  'jobs',
  'late',
  'planGrams',
  'publishedSavingPercent',
  'restarts',
  'savingPercent',
  'score',
  'variant',
  'wallSeconds',
  'zone',
];
