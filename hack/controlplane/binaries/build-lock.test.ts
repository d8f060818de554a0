import { spawnSync } from 'node:child_process';
import { access, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { withBuildLock } from './build-lock.ts';
import { temporaryDirectory } from './fixtures.ts';

const times = { pollMs: 5, heartbeatMs: 20, staleAfterMs: 5_000 };
let directory: string;
let lock: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
  lock = join(directory, 'lock');
});

afterEach(() => rm(directory, { recursive: true }));

function hold<T>(work: () => Promise<T>, said: string[] = []): Promise<T> {
  return withBuildLock(lock, { times, progress: (line) => said.push(line) }, work);
}

describe('the build lock', () => {
  test('lets one work at a time and tells the others for whom they wait', async () => {
    const said: string[] = [];
    let working = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      working += 1;
      most = Math.max(most, working);
      await new Promise((resolve) => setTimeout(resolve, 20));
      working -= 1;
    };
    const first = Promise.withResolvers<undefined>();
    const holding = hold(() => {
      first.resolve(undefined);
      return work();
    });
    await first.promise;
    await Promise.all([holding, hold(work, said), hold(work, said)]);
    expect(most).toBe(1);
    expect(said[0]).toBe(`waiting for process ${process.pid}, which is preparing binaries …`);
  });

  test('is free again after work that failed', async () => {
    await expect(hold(() => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    await expect(access(lock)).rejects.toThrow('ENOENT');
  });

  test('is taken from a process that died', async () => {
    const { pid } = spawnSync('true');
    await writeFile(lock, JSON.stringify({ pid, host: hostname() }));
    expect(await hold(() => Promise.resolve('done'))).toBe('done');
  });

  test('is taken from a holder on another host that gave no sign for long', async () => {
    await writeFile(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }));
    const longAgo = new Date(Date.now() - 2 * times.staleAfterMs);
    await utimes(lock, longAgo, longAgo);
    expect(await hold(() => Promise.resolve('done'))).toBe('done');
  });

  test('is waited for while its holder on another host gives signs, until told to stop', async () => {
    await writeFile(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }));
    const stop = new AbortController();
    const waiting = withBuildLock(
      lock,
      {
        times,
        abort: stop.signal,
        progress: () => {
          stop.abort();
        },
      },
      () => Promise.resolve('done'),
    );
    await expect(waiting).rejects.toThrow('aborted');
  });
});
