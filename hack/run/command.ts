import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

export interface CommandResult {
  /** Exit code; 1 when a signal ended the command or it could not be started. */
  readonly code: number;
  /** stdout and stderr in the order in which they came; empty where the command wrote to our own. */
  readonly output: string;
  readonly durationMs: number;
}

export interface CommandOptions {
  /** `inherit`: the command writes to our own stdout and stderr. */
  readonly output: 'capture' | 'inherit';
  /** Past this the command is interrupted, and killed if that does not help. */
  readonly limitMs?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** How long an interrupted command has for its own clean-up. */
const CLEAN_UP_MS = 15_000;

/** Runs a command to its end. A non-zero exit is a result, not an error. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const startedAt = performance.now();
  const captured: string[] = [];
  const child = spawn(command, args, {
    stdio: [
      'ignore',
      options.output === 'capture' ? 'pipe' : 'inherit',
      options.output === 'capture' ? 'pipe' : 'inherit',
    ],
    env: options.env ?? process.env,
    cwd: options.cwd,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => captured.push(text));
  }

  // An interrupted child first cleans up after itself (control planes, temporary folders); we end after it.
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', forward).on('SIGTERM', forward);
  const timers =
    options.limitMs === undefined
      ? []
      : [
          setTimeout(() => child.kill('SIGINT'), options.limitMs),
          setTimeout(() => child.kill('SIGKILL'), options.limitMs + CLEAN_UP_MS),
        ];

  return new Promise((resolve) => {
    const finish = (code: number): void => {
      timers.forEach((timer) => {
        clearTimeout(timer);
      });
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code, output: captured.join(''), durationMs: performance.now() - startedAt });
    };
    child.once('close', (code) => {
      finish(code ?? 1);
    });
    child.once('error', (error) => {
      captured.push(`starting ${command}: ${error.message}\n`);
      finish(1);
    });
  });
}

/** "0.4 s", "12 s", "3 min 20 s". */
export function formatDuration(durationMs: number): string {
  const seconds = durationMs / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** Fires on SIGINT and SIGTERM: what runs is told by {@link runCommand}, what would come next does not start. */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  const interrupt = (): void => {
    controller.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  return controller.signal;
}
