import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { isRunning } from './process-identity.ts';
import type { ManagedProcess, ProcessSpec } from './process-keeper.ts';
import { ProcessKeeper } from './process-keeper.ts';
import { waitFor } from './wait.ts';

let directory: string;
let keeper: ProcessKeeper;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sunward-test-'));
  keeper = await ProcessKeeper.start();
});

afterEach(async () => {
  await keeper.stop();
  await rm(directory, { recursive: true, force: true });
});

function shell(script: string, overrides: Partial<ProcessSpec> = {}): Promise<ManagedProcess> {
  const logFile = join(directory, 'process.log');
  return keeper.spawn({ name: 'a process', command: 'sh', args: ['-c', script], logFile, ...overrides });
}

async function running(...pids: readonly number[]): Promise<number[]> {
  const states = await Promise.all(pids.map(isRunning));
  return pids.filter((_, index) => states[index]);
}

function untilGone(...pids: readonly number[]): Promise<true> {
  return waitFor({ for: `${pids.join(', ')} to be gone`, timeoutMs: 4_000, intervalMs: 10 }, async () =>
    (await running(...pids)).length === 0 ? true : undefined,
  );
}

describe('a process keeper', () => {
  test('starts a process with its environment, writes its output to a file and reports its end', async () => {
    const process = await shell('echo "$GREETING"; echo and errors >&2; exit 3', { env: { GREETING: 'hello' } });
    expect(await process.exited).toEqual({ code: 3, signal: null });
    expect(process.exit()).toEqual({ code: 3, signal: null });
    expect(await readFile(process.logFile, 'utf8')).toBe('hello\nand errors\n');
  });

  test('says which command cannot be started', async () => {
    const starting = shell('', { name: 'cluster-1 etcd', command: join(directory, 'no-such-file') });
    await expect(starting).rejects.toThrow(/^starting cluster-1 etcd: spawn .*no-such-file ENOENT/);
  });

  test('kills one process and leaves the others', async () => {
    const first = await shell('exec sleep 60');
    const second = await shell('exec sleep 60');
    expect(await first.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await running(first.pid, second.pid)).toEqual([second.pid]);
    expect(second.exit()).toBeUndefined();
  });

  test('stops every process, also one that ignores signals, and removes the folder afterwards', async () => {
    const data = join(directory, 'data');
    await mkdir(data);
    keeper.removeAtEnd(data);
    const stubborn = await shell('trap "" TERM INT HUP; while :; do sleep 1; done');
    const plain = await shell('exec sleep 60');
    await keeper.stop();
    await keeper.stop();
    expect(await running(stubborn.pid, plain.pid)).toEqual([]);
    await expect(access(data)).rejects.toThrow('ENOENT');
  });

  test('tells of a process that ends by itself, and not of one that was killed', async () => {
    const told: unknown[] = [];
    keeper.onUnexpectedExit(({ name }, { code }) => told.push([name, code]));
    const asked = await shell('exec sleep 60', { name: 'asked' });
    await asked.kill('SIGKILL');
    const unasked = await shell('exit 7', { name: 'unasked' });
    await unasked.exited;
    await shell('exec sleep 60', { name: 'stopped' });
    await keeper.stop();
    expect(told).toEqual([['unasked', 7]]);
  });

  test('that is killed itself leaves no process either, and says that they ended', async () => {
    const process = await shell('exec sleep 60');
    globalThis.process.kill(keeper.pid, 'SIGKILL');
    expect(await process.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await untilGone(process.pid);
  });
});

describe('nothing stays behind', () => {
  const program = `
    import { ProcessKeeper } from ${JSON.stringify(new URL('./process-keeper.ts', import.meta.url).href)};
    const [directory, ending] = process.argv.slice(1);
    const keeper = await ProcessKeeper.start();
    keeper.removeAtEnd(directory);
    const child = await keeper.spawn({ name: 'child', command: 'sleep', args: ['60'], logFile: directory + '/log' });
    console.log(JSON.stringify([keeper.pid, child.pid]));
    if (ending === 'wait') await child.exited;
    if (ending === 'throw') throw new Error('a bug');
    keeper.runInBackground();
  `;

  async function start(ending: string) {
    const data = await mkdtemp(join(directory, 'data-'));
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program, data, ending], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    return { parent, data, pids: JSON.parse(line) as number[] };
  }

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('when the parent is ended by %s', async (signal) => {
    const { parent, data, pids } = await start('wait');
    expect(await running(...pids)).toEqual(pids);
    parent.kill(signal);
    await untilGone(...pids);
    await expect(access(data)).rejects.toThrow('ENOENT');
  });

  test.each(['throw', 'return'])('when the parent ends by itself: %s', async (ending) => {
    const { data, pids } = await start(ending);
    await untilGone(...pids);
    await expect(access(data)).rejects.toThrow('ENOENT');
  });
});
