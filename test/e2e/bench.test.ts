import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { figure, runBench, type BenchRun } from '../fixtures/bench-run.ts';

jest.setTimeout(180_000);

const JOBS = 40;

let folder: string;
let run: BenchRun;

/** With a profile, so that it runs the source: another test may be making the bundle at this moment. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-bench-'));
  const args = ['--case', 'cold-start', '--jobs', String(JOBS), '--profile'];
  run = await runBench(args, join(folder, 'bench.json'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test('the benchmark counts what the API server saw: one Job and one status a CarbonAwareJob', () => {
  const requests = run.cases[0]?.breakdowns.find(({ title }) => title.startsWith('requests of the operator'));
  expect(requests?.counts).toMatchObject({ 'create jobs': JOBS, 'patch carbonawarejobs/status': JOBS });
  expect(figure(run, 'cold-start', 'statusWritesPerJob')).toBe(1);
});

test('it finds that everything holds, but for what depends on how busy the machine is', () => {
  const findings = run.cases[0]?.findings ?? [];
  const ofTime = findings.filter(({ claim }) => claim.includes('renewal'));
  expect(ofTime).toHaveLength(2);
  expect(findings.filter((finding) => !finding.holds && !ofTime.includes(finding))).toEqual([]);
});

test('it measures CPU and memory of the operator, and prints them with their ratio', () => {
  expect(figure(run, 'cold-start', 'cpu')).toBeGreaterThan(0.1);
  expect(figure(run, 'cold-start', 'peakMemory')).toBeGreaterThan(50);
  expect(run.output).toMatch(/CPU a job +[\d.]+ ms +2 ms +[\d.]+/);
});

test('it leaves a profile of each thread that ran', async () => {
  expect(await readdir(join(folder, 'bench-profile'))).toContainEqual(expect.stringMatching(/\.cpuprofile$/));
});
