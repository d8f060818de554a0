import { join } from 'node:path';
import { startFailure, withFreePort } from '../process/ports.ts';
import type { ManagedProcess, ProcessKeeper } from '../process/process-keeper.ts';
import { waitFor } from '../process/wait.ts';
import { etcdArguments } from './arguments.ts';
import type { StartContext } from './start-context.ts';

export interface Etcd {
  readonly process: ManagedProcess;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

const REQUEST_TIMEOUT_MS = 10_000;

/** Resolves when `/readyz` says so. */
export function startEtcd(keeper: ProcessKeeper, context: StartContext): Promise<Etcd> {
  return withFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const process = await keeper.spawn({
      name: `${context.name} etcd`,
      command: context.binary('etcd'),
      args: etcdArguments(url, join(context.directory, 'etcd')),
      logFile: context.logFile('etcd'),
    });
    const { startTimeoutMs: timeoutMs, abort } = context;
    await waitFor({ for: `${process.name} to be ready`, timeoutMs, intervalMs: 20, abort }, async () => {
      if (process.exit() !== undefined) throw await startFailure(process);
      const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      return response.ok ? true : undefined;
    });
    return { process, url };
  });
}

/** Drops the history up to now. See {@link Cluster.compact}. */
export async function compactEtcd(url: string): Promise<void> {
  const { header } = (await postJson(`${url}/v3/kv/range`, { key: base64('/') })) as { header: { revision: string } };
  await postJson(`${url}/v3/kv/compaction`, { revision: header.revision, physical: true });
}

/** etcd's JSON gateway, where 64-bit numbers are strings and keys are base64. */
async function postJson(url: string, body: unknown): Promise<unknown> {
  const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal });
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
