import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, runBench, type BenchRun } from '../fixtures/bench-run.ts';

jest.setTimeout(120_000);

let folder: string;
let run: BenchRun;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-speed-'));
  run = await runBench(['--case', 'speed', '--jobs', '10'], join(folder, 'speed.json'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('the speed of the planner', () => {
  test('is told of a plan made anew, of one job more and of plans made from the one before', () => {
    expect(run.cases.map(({ figures }) => figures.map(({ id }) => id))).toEqual([FIGURES]);
    for (const id of FIGURES) expect(figure(run, NAME, id)).toBeGreaterThan(0);
  });

  test('is also told by job, site and slot, and as a ratio to a bare loop over as many numbers', () => {
    const anew = figure(run, NAME, 'anew');
    expect(figure(run, NAME, 'anewPerEntry')).toBeCloseTo((1e6 * anew) / (10 * 20 * 576), 6);
    expect(figure(run, NAME, 'anewPerBareLoop')).toBeCloseTo(anew / figure(run, NAME, 'bareLoop'), 6);
  });

  test('finds that nobody is late, and that a plan made from the one before is the same', () => {
    expect(run.cases[0]?.findings.map(({ holds }) => holds)).toEqual([true, true]);
  });

  test('is printed as a table, with a column for limits', () => {
    expect(run.output).toMatch(/^ +figure +measured +limit +ratio$/m);
    expect(run.output).toMatch(/^ +one job more +[\d.]+ ms/m);
  });
});

const NAME = 'speed: 10 jobs x 20 sites x 576 slots, CPU time';

const FIGURES = [
  ...['anew', 'anewMedian', 'anewWall', 'anewPerEntry', 'bareLoop', 'anewPerBareLoop', 'cold', 'pausable'],
  ...['oneJobMore', 'promisedAnew', 'unchanged', 'oneJobCame', 'newForecast'],
  ...['oneJobMoreUncertain', 'promisedAnewUncertain', 'unchangedUncertain'],
  ...['oneJobCameUncertain', 'newForecastUncertain', 'peakMemory', 'heap'],
];
