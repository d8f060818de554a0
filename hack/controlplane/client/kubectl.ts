import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface KubectlResult {
  /** Exit status; `null` where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `kubectl delete` waits for finalizers for ever, so everything is limited. */
const TIMEOUT_MS = 60_000;

export async function runKubectl(binary: string, args: readonly string[], input?: string): Promise<KubectlResult> {
  const child = spawn(binary, args, { stdio: 'pipe', timeout: TIMEOUT_MS });
  // An early exit of kubectl must not become an EPIPE of ours.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => {
    child.once('close', resolve);
    child.once('error', reject);
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, stdout, stderr };
}
