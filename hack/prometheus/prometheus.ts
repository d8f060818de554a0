import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensureBinaries, type Binaries } from '../controlplane/binaries/ensure.ts';
import type { Progress } from '../controlplane/binaries/progress.ts';
import { errorText } from '../controlplane/error-text.ts';
import { startFailure, withFreePort } from '../controlplane/process/ports.ts';
import { ProcessKeeper, type ManagedProcess } from '../controlplane/process/process-keeper.ts';
import { waitFor } from '../controlplane/process/wait.ts';
import type { Interval } from '../../operator/domain/interval.ts';
import { SECOND_MS, type DurationMs } from '../../operator/domain/units.ts';
import { recordingLevels } from './recording-levels.ts';

export interface PrometheusOptions {
  /** The text of prometheus.yml. Default: nothing is scraped, and nothing is ever too old to keep. */
  readonly config?: string;
  /** OpenMetrics text with timestamps, ending in `# EOF`: it is there from the start. */
  readonly history?: string;
  /** Rules that were evaluated over that history: what they record is there from the start as well. */
  readonly recorded?: RecordedHistory;
  /** Where data and log go; removed at the end. Default: a new folder of the system's temporary ones. */
  readonly directory?: string;
  /** More arguments, e.g. `--query.max-samples=100`. */
  readonly args?: readonly string[];
  readonly progress?: Progress;
}

export interface RecordedHistory {
  /** Paths of rule files; alerts in them are left out. */
  readonly ruleFiles: readonly string[];
  readonly span: Interval;
  /** From one evaluation to the next, of all rules alike. */
  readonly every: DurationMs;
}

export interface RunningPrometheus {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly process: ManagedProcess;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 60_000;
const REQUEST_TIMEOUT_MS = 5_000;
/** Blocks of the past are data of the test, not too old to keep. */
const KEEP_EVERYTHING = ['storage:', '  tsdb:', '    retention:', '      time: 100y', ''].join('\n');

/**
 * A real Prometheus on a free port of 127.0.0.1; ready when this resolves. It ends with {@link RunningPrometheus.stop},
 * and also when this process ends in whatever way.
 * @throws Error that says why it did not start, with the end of its log
 */
export async function startPrometheus(
  options: PrometheusOptions = {},
  abort?: AbortSignal,
): Promise<RunningPrometheus> {
  const binaries = await ensureBinaries(['prometheus', 'promtool'], { progress: options.progress, abort });
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'sunward-prometheus-')));
  const keeper = await ProcessKeeper.start();
  keeper.removeAtEnd(directory);
  const stop = async (): Promise<void> => {
    await keeper.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const config = join(directory, 'prometheus.yml');
    await writeFile(config, options.config ?? KEEP_EVERYTHING);
    if (options.history !== undefined) await backfill(options.history, directory, binaries);
    const parts = { keeper, directory, config, binaries, options, abort };
    if (options.recorded !== undefined) await record(options.recorded, parts);
    const started = await withFreePort((port) => startOn(port, parts));
    keeper.runInBackground();
    return { ...started, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As blocks in the storage folder, before Prometheus opens it. */
async function backfill(history: string, directory: string, binaries: Binaries): Promise<void> {
  const file = join(directory, 'history.openmetrics');
  await writeFile(file, history);
  const args = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, join(directory, 'data')];
  try {
    await promisify(execFile)(binaries.path('promtool'), args);
  } catch (error) {
    throw new Error(`backfilling Prometheus: ${errorText(error)}`, { cause: error });
  }
}

/** Evaluates rules over the past, those that ask for others after them: blocks that are added are seen at the next start. */
async function record({ ruleFiles, span, every }: RecordedHistory, parts: StartParts): Promise<void> {
  const { directory, binaries } = parts;
  // At which second a group is evaluated follows from the path of its file: relative to the folder it is always the same.
  const file = 'recorded.rules.yaml';
  const times = [
    `--start=${span.startsAt / SECOND_MS}`,
    `--end=${span.endsAt / SECOND_MS}`,
    `--eval-interval=${every}ms`,
  ];
  for (const level of await recordingLevels(ruleFiles)) {
    await writeFile(join(directory, file), level);
    const { url, process } = await withFreePort((port) => startOn(port, parts));
    const args = ['tsdb', 'create-blocks-from', 'rules', `--url=${url}`, ...times];
    try {
      await promisify(execFile)(binaries.path('promtool'), [...args, '--output-dir=data', file], { cwd: directory });
    } catch (error) {
      throw new Error(`evaluating rules over the past: ${errorText(error)}`, { cause: error });
    }
    await process.kill('SIGTERM');
  }
}

interface StartParts {
  readonly keeper: ProcessKeeper;
  readonly directory: string;
  readonly config: string;
  readonly binaries: Binaries;
  readonly options: PrometheusOptions;
  readonly abort: AbortSignal | undefined;
}

async function startOn(
  port: number,
  { keeper, directory, config, binaries, options, abort }: StartParts,
): Promise<Pick<RunningPrometheus, 'url' | 'process'>> {
  const url = `http://127.0.0.1:${port}`;
  const process = await keeper.spawn({
    name: 'prometheus',
    command: binaries.path('prometheus'),
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      ...(options.args ?? []),
    ],
    logFile: join(directory, 'prometheus.log'),
  });
  await waitFor({ for: 'prometheus to be ready', timeoutMs: START_TIMEOUT_MS, intervalMs: 20, abort }, async () => {
    if (process.exit() !== undefined) throw await startFailure(process);
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    return response.ok ? true : undefined;
  });
  return { url, process };
}
