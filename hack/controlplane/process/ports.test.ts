import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { freePort, PortTakenError, withFreePort } from './ports.ts';

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
