import http from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../../test/fixtures/recording-logger.ts';
import { Connection } from './connection.ts';
import type { Credentials } from './connection.ts';

const token = (value: string, tls: Credentials['tls'] = {}): Credentials => ({
  headers: { Authorization: `Bearer ${value}` },
  tls,
});

function build(...answers: readonly (Credentials | Error)[]) {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  let reads = 0;
  const source = {
    server: new URL('https://example.com'),
    read: (): Promise<Credentials> => {
      const answer = answers[Math.min(reads, answers.length - 1)] ?? new Error('nothing to read');
      reads += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const connection = new Connection({ source, clock, logger, maxSockets: 4 });
  return { clock, logger, connection, reads: () => reads };
}

describe('credentials', () => {
  test('are read once for all requests of a minute, also for those that ask at the same time', async () => {
    const { clock, connection, reads } = build(token('a'));
    await Promise.all([connection.access(), connection.access()]);
    clock.jump(59_000);
    await connection.access();
    expect(reads()).toBe(1);
  });

  test('are read again after a minute, so that a rotated token is used', async () => {
    const { clock, connection } = build(token('a'), token('b'));
    await connection.access();
    clock.jump(60_000);
    expect((await connection.access()).headers).toEqual({ Authorization: 'Bearer b' });
  });

  test('are read again at once after the server has refused them', async () => {
    const { connection } = build(token('a'), token('b'));
    await connection.access();
    connection.refused();
    expect((await connection.access()).headers).toEqual({ Authorization: 'Bearer b' });
  });

  test('that can not be read again serve on, with a warning, and are tried again soon', async () => {
    const { clock, logger, connection, reads } = build(token('a'), new Error('no such file'), token('c'));
    await connection.access();
    clock.jump(60_000);
    expect((await connection.access()).headers).toEqual({ Authorization: 'Bearer a' });
    expect(logger.of('warn')).toHaveLength(1);
    await connection.access();
    expect(reads()).toBe(2);
    clock.jump(5_000);
    expect((await connection.access()).headers).toEqual({ Authorization: 'Bearer c' });
  });

  test('that were never readable are an error that says so', async () => {
    const { connection } = build(new Error('no such file'));
    await expect(connection.access()).rejects.toMatchObject({
      status: 0,
      reason: 'CredentialsUnreadable',
      message: 'reading the credentials for https://example.com: no such file',
    });
  });
});

describe('connections', () => {
  test('are kept as long as certificates stay the same', async () => {
    const { clock, connection } = build(token('a', { servername: 'api' }), token('b', { servername: 'api' }));
    const first = await connection.access();
    clock.jump(60_000);
    expect((await connection.access()).agent).toBe(first.agent);
    connection.close();
  });

  test('are made anew with new certificates', async () => {
    const { clock, connection } = build(token('a', { servername: 'api' }), token('a', { servername: 'other' }));
    const first = await connection.access();
    clock.jump(60_000);
    const second = await connection.access();
    expect(second.agent).not.toBe(first.agent);
    expect((second.agent as http.Agent & { options: object }).options).toMatchObject({
      servername: 'other',
      keepAlive: true,
    });
    connection.close();
  });

  test('go through the proxy that the credentials name', async () => {
    const proxy = new http.Agent();
    const { connection } = build({ ...token('a'), proxy });
    expect((await connection.access()).agent).toBe(proxy);
  });
});
