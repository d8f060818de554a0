import { fileURLToPath } from 'node:url';
import type { DurationMs } from '../../operator/domain/units.ts';
import { readLog, tail } from '../controlplane/process/log-file.ts';
import { ProcessKeeper, type ManagedProcess } from '../controlplane/process/process-keeper.ts';
import { FatalProbeError, waitFor } from '../controlplane/process/wait.ts';
import { Scrape } from './observe/metrics-text.ts';
import { processUsage, type ProcessUsage } from './observe/process-usage.ts';

/** What ships; `make build` makes it. */
const BUNDLE = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** The same, slower to start, with functions that a profile can name by file and line. */
const SOURCE = fileURLToPath(new URL('../../operator/main.ts', import.meta.url));
/**
 * How the operator is best started, see docs/benchmarks.md: what a request leaves behind is collected sooner, and the
 * heap grows less between two collections.
 */
export const NODE_FLAGS = ['--max-semi-space-size=8'] as const;
const READY_TIMEOUT_MS: DurationMs = 120_000;
/** The monitor of the event loop wakes every 10 ms, and what lies between is no lag. */
const LAG_RESOLUTION_MS: DurationMs = 10;
const STOP_TIMEOUT_MS: DurationMs = 30_000;

export interface OperatorLaunch {
  readonly configFile: string;
  readonly kubeconfig: string;
  /** Of its metrics and health, on 127.0.0.1. */
  readonly port: number;
  readonly logFile: string;
  /** Where V8 puts a CPU profile of each thread at the end, of the source; absent: none is made, and the bundle runs. */
  readonly profileDirectory: string | undefined;
}

/** The operator as a process of its own, started as in a pod. It ends with this process, whatever happens. */
export class OperatorProcess {
  readonly #keeper: ProcessKeeper;
  readonly #process: ManagedProcess;
  readonly #base: string;
  #longestLagS = 0;

  private constructor(keeper: ProcessKeeper, process: ManagedProcess, port: number) {
    this.#keeper = keeper;
    this.#process = process;
    this.#base = `http://127.0.0.1:${port}`;
  }

  static async start({
    configFile,
    kubeconfig,
    port,
    logFile,
    profileDirectory,
  }: OperatorLaunch): Promise<OperatorProcess> {
    const program =
      profileDirectory === undefined ? [BUNDLE] : ['--cpu-prof', `--cpu-prof-dir=${profileDirectory}`, SOURCE];
    const keeper = await ProcessKeeper.start();
    try {
      const process_ = await keeper.spawn({
        name: 'the operator',
        command: process.execPath,
        args: [...NODE_FLAGS, ...program, '--config', configFile, '--kubeconfig', kubeconfig],
        logFile,
      });
      return new OperatorProcess(keeper, process_, port);
    } catch (error) {
      await keeper.stop();
      throw error;
    }
  }

  /** Resolves when `/readyz` says so: its caches are filled. */
  untilReady(abort: AbortSignal): Promise<true> {
    return waitFor(
      { for: 'the operator to be ready', timeoutMs: READY_TIMEOUT_MS, intervalMs: 20, abort },
      async () => {
        if (this.#process.exit() !== undefined) throw new FatalProbeError(await this.#ending());
        const { ok } = await fetch(`${this.#base}/readyz`, { signal: abort });
        return ok ? true : undefined;
      },
    );
  }

  /** Rejects when the operator ends before it is told to; never resolves. */
  async untilEnded(): Promise<never> {
    await this.#process.exited;
    throw new Error(await this.#ending());
  }

  async scrape(): Promise<Scrape> {
    const response = await fetch(`${this.#base}/metrics`);
    if (!response.ok) throw new Error(`reading the operator's metrics: ${response.status}`);
    const scrape = new Scrape(await response.text());
    this.#longestLagS = Math.max(this.#longestLagS, scrape.sum('nodejs_eventloop_lag_max_seconds'));
    return scrape;
  }

  /** The longest lag of the event loop that any scrape has shown since the last call; a scrape shows that since the one before. */
  takeLongestLag(): DurationMs {
    const lagMs = Math.max(0, 1_000 * this.#longestLagS - LAG_RESOLUTION_MS);
    this.#longestLagS = 0;
    return lagMs;
  }

  usage(): Promise<ProcessUsage> {
    return processUsage(this.#process.pid);
  }

  /** As Kubernetes does it: SIGTERM, time to release the lease, SIGKILL. May be called twice. */
  async stop(): Promise<void> {
    if (this.#process.exit() === undefined) {
      const timer = setTimeout(() => void this.#process.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await this.#process.kill('SIGTERM');
      clearTimeout(timer);
    }
    await this.#keeper.stop();
  }

  async #ending(): Promise<string> {
    const { code, signal } = this.#process.exit() ?? {};
    const how = signal === null || signal === undefined ? `with code ${String(code)}` : `by ${signal}`;
    return `the operator ended ${how}; the end of its log:\n${tail(await readLog(this.#process.logFile))}`;
  }
}
