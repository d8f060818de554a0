import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import type { Exit, Report, Request } from './protocol.ts';

const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url));

export interface ProcessSpec {
  /** For messages, e.g. `cluster-1 kube-apiserver`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/** A child of the keeper. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles once, when the process has ended. Never rejects. */
  readonly exited: Promise<Exit>;
  /** `undefined` while it runs. */
  exit(): Exit | undefined;
  /** Resolves when the process is gone. */
  kill(signal: NodeJS.Signals): Promise<Exit>;
}

/** Told of a process that ended without anyone having asked for it. */
export type UnexpectedExit = (process: { readonly name: string; readonly logFile: string }, exit: Exit) => void;

interface Entry {
  readonly spec: ProcessSpec;
  killed: boolean;
  pid: number | undefined;
  exit: Exit | undefined;
  readonly started: Deferred<number>;
  readonly exited: Deferred<Exit>;
}

/**
 * Starts processes through a keeper process, which kills all of them when {@link stop} is called or when this process
 * ends in any way. See keeper.ts.
 */
export class ProcessKeeper {
  readonly #keeper: ChildProcess;
  readonly #entries = new Map<number, Entry>();
  readonly #ready = deferred<undefined>();
  #nextId = 1;
  #inBackground = false;
  #awaited = 0;
  #tell: UnexpectedExit | undefined;

  private constructor(keeper: ChildProcess) {
    this.#keeper = keeper;
    keeper.on('message', (report: Report) => {
      this.#take(report);
    });
    keeper.once('exit', () => {
      this.#keeperEnded();
    });
  }

  static async start(): Promise<ProcessKeeper> {
    // Detached: Ctrl-C goes to the whole foreground group, and must not kill the children before the parent had its say.
    const keeper = fork(KEEPER, [], { detached: true, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const processes = new ProcessKeeper(keeper);
    const ended = once(keeper, 'exit').then(([code]) => {
      throw new Error(`starting the process keeper: it ended with code ${String(code)}`);
    });
    await Promise.race([processes.#ready.promise, ended]);
    ended.catch(() => undefined);
    return processes;
  }

  get pid(): number {
    if (this.#keeper.pid === undefined) throw new Error('the process keeper was not started');
    return this.#keeper.pid;
  }

  /** @throws Error when the command can't be started. */
  async spawn(spec: ProcessSpec): Promise<ManagedProcess> {
    const id = this.#nextId++;
    const entry: Entry = {
      spec,
      killed: false,
      pid: undefined,
      exit: undefined,
      started: deferred<number>(),
      exited: deferred<Exit>(),
    };
    this.#entries.set(id, entry);
    const { command, args, env = {}, logFile } = spec;
    this.#send({ kind: 'start', id, command, args, env, logFile });
    const pid = await this.#awaiting(entry.started.promise);
    return {
      name: spec.name,
      pid,
      logFile,
      exited: entry.exited.promise,
      exit: () => entry.exit,
      kill: (signal) => {
        entry.killed = true;
        if (entry.exit === undefined) this.#send({ kind: 'kill', id, signal });
        return this.#awaiting(entry.exited.promise);
      },
    };
  }

  /** The folder goes once every process is gone, also when this process is killed. */
  removeAtEnd(path: string): void {
    this.#send({ kind: 'removeAtEnd', path });
  }

  /** From now on `tell` hears of every process that ends by itself. */
  onUnexpectedExit(tell: UnexpectedExit): void {
    this.#tell = tell;
  }

  /** From now on a finished program may end although the processes run; the keeper then stops them. */
  runInBackground(): void {
    this.#inBackground = true;
    if (this.#awaited === 0) this.#unref();
  }

  /** Kills every process, removes what was to be removed, and waits until it is so. */
  async stop(): Promise<void> {
    if (this.#keeper.exitCode !== null || this.#keeper.signalCode !== null) return;
    this.#tell = undefined;
    const ended = once(this.#keeper, 'exit');
    if (this.#keeper.connected) this.#keeper.disconnect();
    await this.#awaiting(ended);
  }

  /** Someone waits for the keeper's answer, so the program must not end before it comes. */
  async #awaiting<T>(answer: Promise<T>): Promise<T> {
    this.#awaited += 1;
    this.#keeper.ref();
    this.#keeper.channel?.ref();
    try {
      return await answer;
    } finally {
      this.#awaited -= 1;
      if (this.#awaited === 0 && this.#inBackground) this.#unref();
    }
  }

  #unref(): void {
    this.#keeper.unref();
    this.#keeper.channel?.unref();
  }

  #send(request: Request): void {
    // A keeper that just ended is handled by its exit event.
    this.#keeper.send(request, () => undefined);
  }

  #take(report: Report): void {
    if (report.kind === 'ready') {
      this.#ready.resolve(undefined);
      return;
    }
    const entry = this.#entries.get(report.id);
    if (entry === undefined) return;
    if (report.kind === 'started') {
      entry.pid = report.pid;
      entry.started.resolve(report.pid);
    } else if (report.kind === 'refused') {
      entry.started.reject(new Error(`starting ${entry.spec.name}: ${report.message}`));
    } else {
      this.#ended(entry, report.exit);
    }
  }

  /** Where someone killed the keeper itself, its children are ours to kill. */
  #keeperEnded(): void {
    for (const entry of this.#entries.values()) {
      entry.started.reject(new Error(`starting ${entry.spec.name}: the process keeper ended`));
      if (entry.exit !== undefined) continue;
      if (entry.pid !== undefined) killIfAlive(entry.pid);
      this.#ended(entry, { code: null, signal: 'SIGKILL' });
    }
  }

  #ended(entry: Entry, exit: Exit): void {
    entry.exit = exit;
    entry.exited.resolve(exit);
    if (!entry.killed) this.#tell?.(entry.spec, exit);
  }
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
