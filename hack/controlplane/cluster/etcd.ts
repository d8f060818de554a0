import { join } from 'node:path';
import { readLog, tail } from '../process/log-file.ts';
import type { ManagedProcess, ProcessKeeper } from '../process/process-keeper.ts';
import { FatalProbeError, waitFor } from '../process/wait.ts';
import { etcdArguments } from './arguments.ts';
import type { StartContext } from './start-context.ts';

export interface Etcd {
  readonly process: ManagedProcess;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** What etcd logs once it serves clients, with the port that it got. */
const SERVING = /"msg":"serving client traffic insecurely[^"]*".*?"address":"(127\.0\.0\.1:\d+)"/;

export async function startEtcd(keeper: ProcessKeeper, context: StartContext): Promise<Etcd> {
  const process = await keeper.spawn({
    name: `${context.name} etcd`,
    command: context.binary('etcd'),
    args: etcdArguments(join(context.directory, 'etcd')),
    logFile: context.logFile('etcd'),
  });
  const address = await waitFor(
    { for: `${process.name} to serve`, timeoutMs: context.startTimeoutMs, intervalMs: 20, abort: context.abort },
    async () => {
      const log = await readLog(process.logFile);
      if (process.exit() !== undefined) throw new FatalProbeError(`${process.name} ended at its start:\n${tail(log)}`);
      return SERVING.exec(log)?.[1];
    },
  );
  return { process, url: `http://${address}` };
}

/**
 * Drops the history up to now, so that a list that goes on from an older page is answered with 410. A watch from an
 * older version is still served from the API server's memory until that is restarted.
 */
export async function compactEtcd(url: string): Promise<void> {
  const { header } = (await postJson(`${url}/v3/kv/range`, { key: base64('/') })) as { header: { revision: string } };
  await postJson(`${url}/v3/kv/compaction`, { revision: header.revision, physical: true });
}

async function postJson(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  return response.json();
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
