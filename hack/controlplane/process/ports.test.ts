import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { freePort, PortTakenError, startFailure, withFreePort } from './ports.ts';
import { ProcessKeeper } from './process-keeper.ts';

describe('a free port', () => {
  test('can be listened on, and is none that the system hands out to outgoing connections', async () => {
    const port = await freePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    expect((server.address() as AddressInfo).port).toBe(port);
    expect(port).toBeLessThan(32_768);
    await new Promise((resolve) => server.close(resolve));
  });

  test('is looked for again when someone else was quicker', async () => {
    const tried: number[] = [];
    const used = await withFreePort((port) => {
      tried.push(port);
      return tried.length < 3 ? Promise.reject(new PortTakenError('address already in use')) : Promise.resolve(port);
    });
    expect(tried).toHaveLength(3);
    expect(used).toBe(tried[2]);
  });

  test('was taken when the log of the process says so, and not when it ended for another reason', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'sunward-test-'));
    const keeper = await ProcessKeeper.start();
    const failure = async (name: string, words: string): Promise<unknown> => {
      const logFile = join(directory, name);
      const process = await keeper.spawn({ name, command: 'sh', args: ['-c', 'echo "$0"; exit 1', words], logFile });
      await process.exited;
      return startFailure(process);
    };
    try {
      const taken = await failure('etcd', 'listen tcp 127.0.0.1:20000: bind: address already in use');
      expect(taken).toBeInstanceOf(PortTakenError);
      const broken = await failure('kwok', 'no stages found');
      expect(broken).not.toBeInstanceOf(PortTakenError);
      expect(broken).toMatchObject({ message: 'kwok ended at its start:\nno stages found' });
    } finally {
      await keeper.stop();
      await rm(directory, { recursive: true });
    }
  });

  test('is not looked for again for another failure, nor for ever', async () => {
    let starts = 0;
    const failWith = (error: Error) => () => {
      starts += 1;
      return Promise.reject(error);
    };
    await expect(withFreePort(failWith(new Error('no disk')))).rejects.toThrow('no disk');
    expect(starts).toBe(1);
    await expect(withFreePort(failWith(new PortTakenError('taken')))).rejects.toThrow('taken');
    expect(starts).toBe(6);
  });
});
