import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { eventually } from '../../fixtures/eventually.ts';
import type { Report } from './sample/report.ts';
import type { Settings } from './sample/settings.ts';

const MAIN = new URL('./sample/main.ts', import.meta.url).pathname;

/** The sample in a process of its own: the original ends its process, and is to be seen doing so. */
export class SampleProcess {
  readonly reports: Report[] = [];
  /** Standard error. */
  errors = '';
  /** Undefined while it runs. */
  exitCode: number | undefined;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;

  constructor(settings: Settings, kubeconfig: string) {
    this.#child = spawn(process.execPath, ['--no-warnings', MAIN], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, KUBECONFIG: kubeconfig, OPERATOR_FACE_SETTINGS: JSON.stringify(settings) },
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.#child.on('message', (message) => this.reports.push(message as Report));
    this.#exited = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.exitCode = code ?? -1;
        resolve();
      });
    });
  }

  async started(): Promise<void> {
    const isUp = (): boolean => this.reports.some(({ what }) => what === 'started') || this.exitCode !== undefined;
    await eventually('the sample has started', isUp, 30_000);
    if (this.exitCode !== undefined) throw new Error(`the sample ended at its start:\n${this.errors}`);
  }

  /** The types of the events that a handler was told of one object, in order. */
  told(action: 'config map' | 'secret' | 'modified' | 'deleted', name: string): string[] {
    return this.reports.flatMap((report) =>
      report.what === 'told' && report.action === action && report.name === name ? [report.type] : [],
    );
  }

  /** What it said of the finalizer of one object, in order: done or not. */
  finalizer(name: string): boolean[] {
    return this.reports.flatMap((report) => (report.what === 'finalizer' && report.name === name ? [report.done] : []));
  }

  /** Whether the handler of one object caught an error. */
  caught(name: string): boolean {
    return this.reports.some((report) => report.what === 'caught' && report.name === name);
  }

  logged(text: string): boolean {
    return this.reports.some(({ what, ...fields }) => what === 'log' && JSON.stringify(fields).includes(text));
  }

  /** Calls the operator's `stop`, and lets the process go if nothing holds it. */
  stop(): void {
    this.#child.send('stop');
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
