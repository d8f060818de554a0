import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { A_REQUEST, ScriptedHttp } from '../../../../test/fixtures/scripted/scripted-http.ts';
import { SOURCE_ERROR_CODES, SourceError } from '../../../ports/source-error.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import { retried } from './retried.ts';

const never = new AbortController().signal;

function build({ random = () => 0, attempts }: { random?: () => number; attempts?: number } = {}) {
  const clock = new FakeClock();
  const inner = new ScriptedHttp();
  const http = retried(inner, { clock, random, ...(attempts !== undefined && { attempts }) });
  return { clock, inner, http };
}

const outcomeOf = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'answered',
    (error: unknown) => error,
  );

const refused = (code: 'QuotaExceeded' | 'Unavailable', retryAfterMs?: number) =>
  new SourceError(code, 'it was refused', { retryAfterMs });

/** How long it waits after this error, before it asks again; `undefined`: it doesn't. */
async function waitAfter(error: Error, random: () => number = () => 0): Promise<number | undefined> {
  const { clock, inner, http } = build({ random });
  inner.next(error);
  const outcome = outcomeOf(http.getJson(A_REQUEST, never));
  await clock.advance(0);
  const waitMs = clock.sleeping === 0 ? undefined : clock.soonest;
  await clock.advance(60_000);
  expect(await outcome).toBe(waitMs === undefined ? error : 'answered');
  expect(inner.asked).toBe(waitMs === undefined ? 1 : 2);
  return waitMs;
}

describe('a request that is retried', () => {
  test('is asked once where it succeeds', async () => {
    const { inner, http } = build();
    await http.getJson(A_REQUEST, never);
    expect(inner.asked).toBe(1);
  });

  test('is asked three times in all where the provider is not available: after one second, then after two', async () => {
    const { clock, inner, http } = build();
    const last = refused('Unavailable');
    inner.next('Unavailable', 'Unavailable', last, 'OK');
    const outcome = outcomeOf(http.getJson(A_REQUEST, never));
    await clock.advance(999);
    expect(inner.asked).toBe(1);
    await clock.advance(1);
    expect(inner.asked).toBe(2);
    await clock.advance(1_999);
    expect(inner.asked).toBe(2);
    await clock.advance(1);
    expect(await outcome).toBe(last);
    expect(inner.asked).toBe(3);
  });

  test('gives the first reply that comes', async () => {
    const { clock, inner, http } = build();
    inner.next('Unavailable');
    const outcome = outcomeOf(http.getJson(A_REQUEST, never));
    await clock.advance(1_000);
    expect(await outcome).toBe('answered');
  });

  test('is asked as often as it is told', async () => {
    const { inner, http } = build({ attempts: 1 });
    inner.next('Unavailable');
    await expect(http.getJson(A_REQUEST, never)).rejects.toMatchObject({ code: 'Unavailable' });
    expect(inner.asked).toBe(1);
  });

  test('comes back at another time than others: the pause is shortened by up to half at random', async () => {
    expect(await waitAfter(refused('Unavailable'), () => 0.999_999)).toBeCloseTo(500, 0);
    expect(await waitAfter(refused('Unavailable'), () => 0.5)).toBe(750);
  });

  test.each(['QuotaExceeded', 'Unavailable'] as const)(
    '%s: waits out a short wait that the provider asks for, and a little more, so that not all come back at once',
    async (code) => {
      expect(await waitAfter(refused(code, 3_000))).toBe(4_000);
      expect(await waitAfter(refused(code, 3_000), () => 0.5)).toBe(3_750);
      expect(await waitAfter(refused(code, 5_000))).toBe(6_000);
      expect(await waitAfter(refused(code, 0))).toBe(1_000);
    },
  );

  test.each(['QuotaExceeded', 'Unavailable'] as const)(
    '%s: is not retried where the provider wants to be left alone for long',
    async (code) => {
      expect(await waitAfter(refused(code, 5_001))).toBeUndefined();
      expect(await waitAfter(refused(code, 3_600_000))).toBeUndefined();
      expect(await waitAfter(refused(code, Infinity))).toBeUndefined();
    },
  );

  test.each(SOURCE_ERROR_CODES.filter((code) => code !== 'Unavailable'))(
    '%s without a wait is never retried: it would be the same again',
    async (code) => {
      expect(await waitAfter(new SourceError(code, 'no'))).toBeUndefined();
    },
  );

  test('is not retried after a fault of ours', async () => {
    expect(await waitAfter(new TypeError('x is not a function'))).toBeUndefined();
  });

  test('ends while it waits, with the reason of its caller', async () => {
    const { clock, inner, http } = build();
    const caller = new AbortController();
    inner.next('Unavailable');
    const outcome = outcomeOf(http.getJson(A_REQUEST, caller.signal));
    await clock.advance(500);
    const reason = new Error('shutting down');
    caller.abort(reason);
    expect(await outcome).toBe(reason);
    expect([inner.asked, clock.sleeping]).toEqual([1, 0]);
  });

  test('ends with the reason of its caller that went away, whatever came of it', async () => {
    for (const code of ['Unavailable', 'NoData'] as const) {
      const { clock, inner, http } = build();
      const caller = new AbortController();
      const held = inner.holdNext({ deaf: true });
      const outcome = outcomeOf(http.getJson(A_REQUEST, caller.signal));
      const reason = new Error('shutting down');
      caller.abort(reason);
      held.fail(code);
      expect(await outcome).toBe(reason);
      expect([inner.asked, clock.sleeping]).toEqual([1, 0]);
    }
  });

  test('goes through a circuit breaker that a short Retry-After has opened', async () => {
    const clock = new FakeClock();
    const inner = new ScriptedHttp();
    const told: boolean[] = [];
    const onChange = (isOpen: boolean) => void told.push(isOpen);
    const breaker = new CircuitBreaker(inner, { provider: 'vendor', clock, random: () => 0, onChange });
    const http = retried(breaker, { clock, random: () => 0.999 });
    inner.next(refused('QuotaExceeded', 2_000));
    const outcome = outcomeOf(http.getJson(A_REQUEST, never));
    await clock.advance(2_501);
    expect(await outcome).toBe('answered');
    expect(told).toEqual([true, false]);
  });
});
