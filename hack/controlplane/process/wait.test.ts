import { describe, expect, test } from '@jest/globals';
import { FatalProbeError, waitFor } from './wait.ts';

const quickly = { for: 'the kettle', timeoutMs: 30, intervalMs: 1 };

describe('waiting', () => {
  test('ends with what the probe finds, past failures on the way', async () => {
    let looks = 0;
    const found = await waitFor({ ...quickly, timeoutMs: 5_000 }, () => {
      looks += 1;
      if (looks === 1) return Promise.reject(new Error('not yet'));
      return Promise.resolve(looks === 3 ? 'tea' : undefined);
    });
    expect(found).toBe('tea');
  });

  test('says for what it waited and how the last look failed', async () => {
    const waiting = waitFor(quickly, () => Promise.reject(new Error('cold')));
    await expect(waiting).rejects.toThrow('waiting 0.03 s for the kettle: cold');
    await expect(waitFor(quickly, () => Promise.resolve(undefined))).rejects.toThrow(/the kettle$/);
  });

  test('gives up at once when waiting cannot help', async () => {
    const waiting = waitFor({ ...quickly, timeoutMs: 60_000 }, () => Promise.reject(new FatalProbeError('broken')));
    await expect(waiting).rejects.toThrow('broken');
  });

  test('ends when told to', async () => {
    const stop = new AbortController();
    const waiting = waitFor({ ...quickly, timeoutMs: 60_000, abort: stop.signal }, () => {
      stop.abort(new Error('enough'));
      return Promise.resolve(undefined);
    });
    await expect(waiting).rejects.toThrow();
  });
});
