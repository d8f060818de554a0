import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EpochMs } from '../../../operator/domain/units.ts';
import { readLog } from '../../controlplane/process/log-file.ts';
import type { ManagedProcess, ProcessKeeper } from '../../controlplane/process/process-keeper.ts';

const MAIN = fileURLToPath(new URL('../../../operator/main.ts', import.meta.url));
const RESTART_AFTER_MS = 1_000;
/** What it asks on this machine goes to no proxy. */
const NO_PROXY = [process.env['NO_PROXY'], process.env['no_proxy'], '127.0.0.1'].filter(Boolean).join(',');
const STOP_LIMIT_MS = 10_000;

export interface OperatorEnds {
  /** When it was killed on purpose. */
  readonly killedAt: readonly EpochMs[];
  /** How often it ended by itself, which it never should. */
  readonly unexpected: number;
}

/** The operator as a process of its own, kept alive as a Deployment would. */
export class OperatorProcess {
  readonly #keeper: ProcessKeeper;
  readonly #directory: string;
  readonly #tell: (event: string) => void;
  #current: ManagedProcess | undefined;
  #stopping = false;
  #killedAt: number[] = [];
  #unexpectedEnds = 0;

  /** In `directory` are its configuration and its kubeconfig, and its log. */
  constructor(keeper: ProcessKeeper, directory: string, tell: (event: string) => void) {
    this.#keeper = keeper;
    this.#directory = directory;
    this.#tell = tell;
  }

  get configFile(): string {
    return join(this.#directory, 'operator.yaml');
  }

  /** Of the operator's own ServiceAccount. */
  get kubeconfigFile(): string {
    return join(this.#directory, 'operator.kubeconfig');
  }

  get logFile(): string {
    return join(this.#directory, 'operator.log');
  }

  get ends(): OperatorEnds {
    return { killedAt: this.#killedAt, unexpected: this.#unexpectedEnds };
  }

  async start(): Promise<void> {
    const process = await this.#keeper.spawn({
      name: 'operator',
      command: globalThis.process.execPath,
      args: [MAIN, '--config', this.configFile, '--kubeconfig', this.kubeconfigFile],
      env: { NO_PROXY, no_proxy: NO_PROXY },
      logFile: this.logFile,
    });
    this.#current = process;
    void process.exited.then(({ code, signal }) => this.#ended(process, signal ?? `code ${String(code)}`));
  }

  /** SIGKILL: no time to say goodbye. It is started again at once. */
  async kill(): Promise<void> {
    const killed = this.#current;
    if (killed === undefined || killed.exit() !== undefined || this.#stopping) return;
    this.#current = undefined;
    this.#killedAt.push(Date.now());
    await killed.kill('SIGKILL');
    this.#tell('the operator is killed (SIGKILL) and started again');
    await this.start();
  }

  /** SIGTERM; SIGKILL where that takes too long. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const running = this.#current;
    if (running === undefined || running.exit() !== undefined) return;
    const limit = new AbortController();
    const tooLong = delay(STOP_LIMIT_MS, undefined, { signal: limit.signal }).then(
      () => running.kill('SIGKILL'),
      () => undefined,
    );
    await running.kill('SIGTERM');
    limit.abort();
    await tooLong;
  }

  /** The last lines of its log that say that something went wrong. */
  async complaints(count: number): Promise<readonly string[]> {
    const lines = (await readLog(this.logFile)).trimEnd().split('\n');
    return lines.filter((line) => !/"level":"?(info|debug|30|20)\b/.test(line) && line !== '').slice(-count);
  }

  async #ended(process: ManagedProcess, how: string): Promise<void> {
    if (this.#stopping || process !== this.#current) return;
    this.#unexpectedEnds += 1;
    this.#tell(`the operator ended by itself (${how}); it is started again`);
    await delay(RESTART_AFTER_MS);
    if (!this.#isStopping()) await this.start();
  }

  #isStopping(): boolean {
    return this.#stopping;
  }
}
