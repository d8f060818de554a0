import { rm } from 'node:fs/promises';
import { buildBundle } from '../../build/build-bundle.ts';
import { hotSpotLines, hotSpots, readProfiles } from '../profile/summary.ts';
import { step, type Progress } from '../progress.ts';
import type { BenchOptions, CaseName } from '../options.ts';
import { environmentNow } from '../report/environment.ts';
import type { CaseReport } from '../report/figure.ts';
import type { Report } from '../report/write-report.ts';
import { MIX } from '../load/jobs.ts';
import { BENCH_SITES } from '../load/sites.ts';
import { NODE_FLAGS } from '../operator-process.ts';
import { coldStart } from './cold-start.ts';
import { idle } from './idle.ts';
import { operatorConfig, prepareGround, type Ground } from './ground.ts';
import { newForecast } from './new-forecast.ts';

const HOT_SPOTS = 25;

/** What the operator uses, alone and on many jobs. The third case goes on where the second ends, so it runs that as well. */
export const SCALE_CASES: readonly CaseName[] = [
  { name: 'idle', description: 'the operator starts where there are sites and no jobs, and has nothing to do' },
  { name: 'cold-start', description: 'the operator starts on jobs that nobody has planned, until all are' },
  { name: 'new-forecast', description: 'then the forecast changes for a tenth of them, until nothing is left to do' },
];

export async function runScale(options: BenchOptions, progress: Progress, abort: AbortSignal): Promise<Report> {
  if (options.profileDirectory === undefined)
    await step(progress, 'Building the bundle that ships', () => buildBundle());
  else await rm(options.profileDirectory, { recursive: true, force: true });
  const reports: CaseReport[] = [];
  let kubernetes = '';
  const on = async (jobs: number, run: (ground: Ground) => Promise<readonly CaseReport[]>): Promise<void> => {
    const ground = await prepareGround({ ...options, jobs }, progress, abort);
    try {
      reports.push(...(await run(ground)));
      kubernetes = (await ground.cluster.request<{ gitVersion: string }>('/version')).gitVersion;
    } finally {
      await ground.stop();
    }
  };
  if (options.cases.includes('idle')) await on(0, async (ground) => [await idle(ground, progress, abort)]);
  if (options.cases.some((name) => name !== 'idle')) {
    await on(options.jobs, (ground) => runCases(ground, options, progress, abort));
  }
  return { environment: await environmentNow({ kubernetes }), settings: settingsOf(options), cases: reports };
}

function settingsOf({ jobs, profileDirectory }: BenchOptions) {
  return {
    program: profileDirectory === undefined ? 'bundle' : 'source, profiled',
    nodeFlags: NODE_FLAGS,
    jobs,
    mix: MIX,
    sites: BENCH_SITES,
    config: operatorConfig('forecast.csv', 0),
  };
}

async function runCases(
  ground: Ground,
  { cases, profileDirectory }: BenchOptions,
  progress: Progress,
  abort: AbortSignal,
): Promise<readonly CaseReport[]> {
  const { operator, report } = await coldStart(ground, progress, abort);
  const reports = [report];
  try {
    if (cases.includes('new-forecast')) reports.push(await newForecast(ground, operator, progress, abort));
  } finally {
    await operator.stop();
  }
  if (profileDirectory !== undefined) await tellHotSpots(profileDirectory, progress);
  return reports;
}

async function tellHotSpots(directory: string, progress: Progress): Promise<void> {
  progress(`==> Where the operator's CPU went, all threads; the profiles are in ${directory}`);
  for (const line of hotSpotLines(hotSpots(await readProfiles(directory), HOT_SPOTS))) progress(line);
}
