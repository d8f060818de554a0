import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning } from '../process/process-identity.ts';
import type { Progress } from './progress.ts';

export interface LockTimes {
  readonly pollMs: number;
  readonly heartbeatMs: number;
  /** A holder that gave no sign for so long is gone. */
  readonly staleAfterMs: number;
}

const DEFAULT_TIMES: LockTimes = { pollMs: 500, heartbeatMs: 5_000, staleAfterMs: 60_000 };

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Runs `work` while no other process that uses the same lock file does. A holder that died, or gave no sign for a
 * minute (on another host), loses it. Two processes may in theory both break the same stale lock: then work is done
 * twice, which costs time and nothing else, because its result is moved into place atomically.
 */
export async function withBuildLock<T>(
  path: string,
  options: { readonly progress: Progress; readonly abort?: AbortSignal | undefined; readonly times?: LockTimes },
  work: () => Promise<T>,
): Promise<T> {
  const times = options.times ?? DEFAULT_TIMES;
  await mkdir(dirname(path), { recursive: true });
  await acquire(path, times, options);
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, times.heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    await rm(path, { force: true });
  }
}

async function acquire(
  path: string,
  times: LockTimes,
  options: { progress: Progress; abort?: AbortSignal | undefined },
): Promise<void> {
  for (let said = false; !(await tryCreate(path));) {
    const holder = await readHolder(path);
    if (await isStale(path, holder, times)) {
      await breakLock(path);
      continue;
    }
    if (!said) options.progress(`waiting for process ${holder?.pid ?? 'unknown'}, which is preparing binaries …`);
    said = true;
    await delay(times.pollMs, undefined, options.abort === undefined ? {} : { signal: options.abort });
  }
}

async function tryCreate(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify({ pid: process.pid, host: hostname() } satisfies Holder));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    // Just released, or just created and not written yet.
    return undefined;
  }
}

async function isStale(path: string, holder: Holder | undefined, times: LockTimes): Promise<boolean> {
  if (holder?.host === hostname() && !(await isRunning(holder.pid))) return true;
  const lastSign = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
  return lastSign !== undefined && Date.now() - lastSign > times.staleAfterMs;
}

/** By rename, so that only one of several that see a stale lock takes it away. */
async function breakLock(path: string): Promise<void> {
  const grave = `${path}.stale-${process.pid}`;
  await rename(path, grave).catch(() => undefined);
  await rm(grave, { force: true });
}
