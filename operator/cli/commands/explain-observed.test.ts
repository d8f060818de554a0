import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aCarbonAwareJob, aCondition } from '../../../test/builders/carbon-aware-job.ts';
import { H100 } from '../../../test/builders/planning.ts';
import { aTerminal } from '../../../test/builders/terminal.ts';
import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { runCommandLine } from '../command-line.ts';

const SITES = fileURLToPath(new URL('../../../docs/examples/sites.yaml', import.meta.url));
const NOW = Date.parse('2026-11-23T08:00:00Z');
const BEGAN = NOW - 48 * HOUR_MS;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

function finished(name: string, site: string, hours: number): CarbonAwareJob {
  const ended = formatTime(BEGAN + hours * HOUR_MS);
  const attempt = { number: 1, site, accelerator: H100, job: name, startedAt: formatTime(BEGAN), endedAt: ended };
  return aCarbonAwareJob({
    metadata: { name, uid: name, creationTimestamp: formatTime(BEGAN) },
    status: { conditions: [aCondition('Complete')], attempts: [{ ...attempt, runSeconds: hours * 3_600 }] },
  });
}

/** The waiting job asks for Frankfurt as its home. */
async function explained(finishedJobs: readonly CarbonAwareJob[], maxSlowdownPercent: number, ...flags: string[]) {
  const waiting = aCarbonAwareJob({
    metadata: { creationTimestamp: formatTime(NOW) },
    spec: { objective: 'Carbon', placement: { home: 'frankfurt', maxSlowdownPercent } },
  });
  const jobs = [...finishedJobs, waiting].map((job) => `---\n${JSON.stringify(job)}\n`);
  const path = join(folder, 'manifests.yaml');
  await writeFile(path, `${await readFile(SITES, 'utf8')}\n${jobs.join('')}`);
  const terminal = aTerminal(NOW);
  await runCommandLine(
    ['explain', 'train', '-n', 'research', '--sites', path, ...flags],
    terminal,
    new AbortController().signal,
  );
  expect(terminal.written.err).toBe('');
  return terminal.written.out.replaceAll(/\s+/g, ' ');
}

const eight = [0, 1, 2, 3, 4, 5, 6, 7];
const SLOWER_IN_STOCKHOLM = eight.flatMap((k) => [
  finished(`f-${String(k)}`, 'frankfurt', 2),
  finished(`s-${String(k)}`, 'stockholm', 2.6),
]);

test('explain says in one line what jobs like it took at other sites, and plans with that', async () => {
  const out = await explained(SLOWER_IN_STOCKHOLM, 100);
  expect(out).toContain(
    'Measured jobs like it took 29 % longer at stockholm H100 (8 runs), against frankfurt H100 (8 runs)',
  );
  expect(out).toMatch(
    /Why .*measured: jobs like it took 29 % longer at stockholm \(8 runs\) than at frankfurt \(8 runs\)/,
  );
  const data = JSON.parse(await explained(SLOWER_IN_STOCKHOLM, 100, '-o', 'json')) as object;
  expect(data).toMatchObject({
    plan: { legs: [{ site: 'stockholm' }] },
    observedSlowdowns: [{ site: 'stockholm', runs: 8, comparedWith: { site: 'frankfurt', runs: 8 } }],
  });
});

test('a site that is slower than the job allows is left out, with what was measured', async () => {
  const out = await explained(SLOWER_IN_STOCKHOLM, 5);
  expect(out).toContain('spec.placement.maxSlowdownPercent allows 5 %');
  expect(out).not.toMatch(/Decision stockholm, NVIDIA-H100/);
});

test('nothing is said where nothing was measured', async () => {
  expect(await explained([], 5)).not.toMatch(/easured/);
});
