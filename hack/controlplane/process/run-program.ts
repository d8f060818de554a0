import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface ProgramResult {
  /** Exit status; `null` where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  /** Past this it is killed. */
  readonly limitMs: number;
  /** What it reads from its standard input; default nothing. */
  readonly input?: string | undefined;
  /** All that it sees of an environment; default ours. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end. A non-zero exit is a result, not an error.
 * @throws Error where it can't be started
 */
export async function runProgram(
  binary: string,
  args: readonly string[],
  { limitMs, input, env = process.env }: ProgramOptions,
): Promise<ProgramResult> {
  const child = spawn(binary, args, { stdio: 'pipe', timeout: limitMs, killSignal: 'SIGKILL', env });
  // Its early exit must not become an EPIPE of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, stdout, stderr };
}
