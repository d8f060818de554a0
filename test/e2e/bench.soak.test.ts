import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, runBench, type BenchRun } from '../fixtures/bench-run.ts';

let folder: string;
let run: BenchRun;

/** Enough jobs that regions fill up, that plans are made in the thread beside, and that one comes in the middle of the writes. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-bench-'));
  run = await runBench(['--case', 'scale', '--jobs', '3000'], join(folder, 'bench.json'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('a new forecast is written where it moves a plan, and nowhere else', () => {
  expect(figure(run, 'new-forecast', 'moved')).toBe(figure(run, 'new-forecast', 'concerned'));
  expect(figure(run, 'new-forecast', 'statusWrites')).toBe(figure(run, 'new-forecast', 'moved'));
  expect(figure(run, 'new-forecast', 'needlessWrites')).toBe(0);
});

test('everything holds in both cases', () => {
  expect(run.cases.map(({ name }) => name)).toEqual(['idle', 'cold-start', 'new-forecast']);
  expect(run.cases.flatMap(({ findings }) => findings).filter(({ holds }) => !holds)).toEqual([]);
});
