import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { figure, runBench, type BenchRun } from '../fixtures/bench-run.ts';

jest.setTimeout(120_000);

const NAME = 'usage: 20 GPUs held by 10 workloads, CPU time';

let folder: string;
let run: BenchRun;

beforeAll(async () => {
  await ensureBinaries(['prometheus', 'promtool']);
  folder = await mkdtemp(join(tmpdir(), 'sunward-usage-'));
  run = await runBench(['--case', 'usage', '--jobs', '100'], join(folder, 'usage.json'));
}, TOOL_SETUP_MS);

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe('what it costs to see what GPUs do', () => {
  test('is told of the first look and of those after it, of the assessment and of a scrape', () => {
    for (const id of ['firstTurn', 'turn', 'assessment', 'scrape', 'series', 'peakMemory']) {
      expect(figure(run, NAME, id)).toBeGreaterThan(0);
    }
  });

  test('finds that all is answered and that the idle GPUs are those that are found', () => {
    expect(run.cases[0]?.findings.map(({ claim, holds }) => [claim, holds])).toEqual([
      ['every question about activity and power was answered', true],
      ['the 6 GPUs that do nothing are found, and no others', true],
      ['no more than 4000 series', true],
    ]);
  });
});
