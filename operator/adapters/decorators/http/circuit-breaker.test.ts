import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { A_REQUEST, ScriptedHttp } from '../../../../test/fixtures/scripted/scripted-http.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import { SOURCE_ERROR_CODES, SourceError, type SourceErrorCode } from '../../../ports/source-error.ts';
import { CircuitBreaker, type BreakerOptions } from './circuit-breaker.ts';

const never = new AbortController().signal;
const COUNTED: readonly SourceErrorCode[] = ['Unavailable', 'Malformed', 'Unauthorised', 'QuotaExceeded'];

function build(options: Partial<BreakerOptions> = {}) {
  const clock = new FakeClock();
  const inner = new ScriptedHttp();
  const told: boolean[] = [];
  const onChange = (isOpen: boolean) => void told.push(isOpen);
  const breaker = new CircuitBreaker(inner, { provider: 'vendor', clock, random: () => 0, onChange, ...options });
  const ask = (abort: AbortSignal = never): Promise<unknown> => breaker.getJson(A_REQUEST, abort);
  /** `OK`, or the code of the error. */
  const outcome = (abort: AbortSignal = never): Promise<string> =>
    ask(abort).then(
      () => 'OK',
      (error: unknown) => (error instanceof SourceError ? error.code : String(error)),
    );
  const fail = async (times: number, code: SourceErrorCode = 'Unavailable'): Promise<void> => {
    for (let k = 0; k < times; k++) {
      inner.next(code);
      expect(await outcome()).toBe(code);
    }
  };
  /** Whether a request would go out now; it is answered. */
  const isClosed = async (): Promise<boolean> => (await outcome()) === 'OK';
  return { clock, inner, told, ask, outcome, fail, isClosed };
}

const quota = (retryAfterMs?: number) => new SourceError('QuotaExceeded', 'slow down', { retryAfterMs });

describe('a circuit breaker', () => {
  test('lets a reply through, and errors as they are', async () => {
    const { inner, ask, told } = build();
    await expect(ask()).resolves.toMatchObject({ body: { is: 'the reply' } });
    const error = new SourceError('Malformed', 'no JSON');
    inner.next(error);
    await expect(ask()).rejects.toBe(error);
    expect(told).toEqual([]);
  });

  test('opens after five failures in a row, and then fails at once, with the last of them', async () => {
    const { inner, ask, outcome, fail, told } = build();
    await fail(4);
    expect(told).toEqual([]);
    await fail(1);
    expect(told).toEqual([true]);
    expect(await outcome()).toBe('CircuitOpen');
    await expect(ask()).rejects.toThrow(/^vendor has failed again and again.*the last: it was Unavailable$/);
    expect(inner.asked).toBe(5);
  });

  test('does not open where there was a reply in between', async () => {
    const { fail, isClosed, told } = build();
    await fail(4);
    expect(await isClosed()).toBe(true);
    await fail(4);
    expect(told).toEqual([]);
  });

  test.each(COUNTED.filter((code) => code !== 'QuotaExceeded'))('counts %s', async (code) => {
    const { fail, told } = build();
    await fail(5, code);
    expect(told).toEqual([true]);
  });

  test.each(SOURCE_ERROR_CODES.filter((code) => !COUNTED.includes(code)))('does not count %s', async (code) => {
    const { inner, fail, told } = build();
    await fail(20, code);
    expect([inner.asked, told]).toEqual([20, []]);
  });

  test('counts a fault that the port does not name', async () => {
    const { inner, ask, told } = build();
    for (let k = 0; k < 5; k++) {
      inner.next(new TypeError('x is not a function'));
      await expect(ask()).rejects.toThrow(TypeError);
    }
    expect(told).toEqual([true]);
  });

  test('takes an answer about the question alone for a sign of life', async () => {
    const { fail, told } = build();
    await fail(4);
    await fail(1, 'NoData');
    await fail(4);
    expect(told).toEqual([]);
  });

  test('learns nothing from a request that the budget held back', async () => {
    const { clock, fail, outcome, told } = build();
    await fail(4);
    await fail(1, 'BudgetSpent');
    await fail(1);
    expect(told).toEqual([true]);
    await clock.advance(30 * SECOND_MS);
    await fail(1, 'BudgetSpent');
    expect(told).toEqual([true]);
    expect(await outcome()).toBe('OK');
    expect(told).toEqual([true, false]);
  });

  test('does not count a caller that went away, whatever came of its request', async () => {
    const { inner, outcome, told } = build();
    for (let k = 0; k < 10; k++) {
      const caller = new AbortController();
      const held = inner.holdNext({ deaf: k % 2 === 0 });
      const asked = outcome(caller.signal);
      caller.abort(new Error('gone'));
      held.fail('Unavailable');
      await asked;
    }
    expect(told).toEqual([]);
  });
});

describe('an open circuit breaker', () => {
  test('lets one request go first after half a minute, shortened by up to a quarter at random', async () => {
    for (const [random, pauseMs] of [
      [0, 30_000],
      [0.5, 26_250],
      [1, 22_500],
    ] as const) {
      const { clock, fail, outcome, isClosed } = build({ random: () => random });
      await fail(5);
      await clock.advance(pauseMs - 1);
      expect(await outcome()).toBe('CircuitOpen');
      await clock.advance(1);
      expect(await isClosed()).toBe(true);
    }
  });

  test('lets exactly one go while all others fail at once, and all again when that one was answered', async () => {
    const { clock, inner, fail, outcome, told } = build();
    await fail(5);
    await clock.advance(30 * SECOND_MS);
    const probe = inner.holdNext();
    const first = outcome();
    expect(await Promise.all([outcome(), outcome(), outcome()])).toEqual(['CircuitOpen', 'CircuitOpen', 'CircuitOpen']);
    expect(inner.asked).toBe(6);
    probe.answer();
    expect(await first).toBe('OK');
    expect(told).toEqual([true, false]);
    expect(await Promise.all([outcome(), outcome(), outcome()])).toEqual(['OK', 'OK', 'OK']);
  });

  test('stays open for twice as long each time that the one fails, up to ten minutes, and tells of it once', async () => {
    const { clock, inner, fail, outcome, told } = build();
    await fail(5);
    const pauses: number[] = [];
    for (let k = 0; k < 8; k++) {
      const openedAt = clock.now();
      const { asked } = inner;
      inner.next('Unavailable');
      for (let looks = 0; inner.asked === asked && looks < 100; looks++) {
        await clock.advance(15 * SECOND_MS);
        await outcome();
      }
      pauses.push((clock.now() - openedAt) / SECOND_MS);
    }
    expect(pauses).toEqual([30, 60, 120, 240, 480, 600, 600, 600]);
    expect(told).toEqual([true]);
  });

  test('pauses as it is told', async () => {
    const { clock, inner, fail, outcome } = build({ firstPauseMs: 1_000, longestPauseMs: 3_000 });
    await fail(5);
    for (const pauseMs of [1_000, 2_000, 3_000, 3_000]) {
      await clock.advance(pauseMs - 1);
      expect(await outcome()).toBe('CircuitOpen');
      await clock.advance(1);
      inner.next('Unavailable');
      expect(await outcome()).toBe('Unavailable');
    }
  });

  test('begins anew with its counts once it was closed', async () => {
    const { clock, inner, fail, outcome, isClosed } = build();
    await fail(5);
    await clock.advance(30 * SECOND_MS);
    inner.next('Unavailable');
    expect(await outcome()).toBe('Unavailable');
    await clock.advance(MINUTE_MS);
    expect(await isClosed()).toBe(true);
    await fail(4);
    expect(await isClosed()).toBe(true);
    await fail(5);
    await clock.advance(30 * SECOND_MS);
    expect(await isClosed()).toBe(true);
  });

  test('closes where the one is told that there is no data: it was answered', async () => {
    const { clock, fail, isClosed } = build();
    await fail(5);
    await clock.advance(30 * SECOND_MS);
    await fail(1, 'NoData');
    expect(await isClosed()).toBe(true);
  });

  test('is not stuck where the caller of the one went away: the next request is it', async () => {
    const { clock, inner, fail, outcome, told } = build();
    await fail(5);
    await clock.advance(30 * SECOND_MS);
    const caller = new AbortController();
    inner.holdNext();
    const first = outcome(caller.signal);
    caller.abort(new Error('gone'));
    expect(await first).toBe('Error: gone');
    expect(told).toEqual([true]);
    const probe = inner.holdNext();
    const second = outcome();
    expect(await outcome()).toBe('CircuitOpen');
    probe.answer();
    expect(await second).toBe('OK');
    expect(told).toEqual([true, false]);
  });
});

describe('with requests under way when it opens, a circuit breaker', () => {
  test('takes what many of them meet for one failure: it is open no longer', async () => {
    const { clock, inner, outcome, isClosed, told } = build();
    const held = Array.from({ length: 12 }, () => inner.holdNext());
    const asked = held.map(() => outcome());
    for (const one of held) one.fail('Unavailable');
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['Unavailable']));
    expect(told).toEqual([true]);
    await clock.advance(30 * SECOND_MS);
    expect(await isClosed()).toBe(true);
  });

  test('stays open when one that began before is answered: the provider has said since that it wants peace', async () => {
    const { clock, inner, outcome, isClosed, told } = build();
    const early = inner.holdNext();
    const first = outcome();
    inner.next(quota(60_000));
    expect(await outcome()).toBe('QuotaExceeded');
    early.answer();
    expect(await first).toBe('OK');
    expect(told).toEqual([true]);
    expect(await outcome()).toBe('CircuitOpen');
    await clock.advance(60_000);
    expect(await isClosed()).toBe(true);
  });

  test('lets the one decide that goes first, not those that began before', async () => {
    const { clock, inner, fail, outcome, told } = build();
    const early = inner.holdNext();
    const first = outcome();
    await fail(5);
    await clock.advance(30 * SECOND_MS);
    const probe = inner.holdNext();
    const second = outcome();
    early.fail('NoData');
    expect(await first).toBe('NoData');
    expect(await outcome()).toBe('CircuitOpen');
    probe.fail('Unavailable');
    expect(await second).toBe('Unavailable');
    expect(told).toEqual([true]);
  });

  test('heeds the longest wait that the provider asks any of them for', async () => {
    const { clock, inner, outcome, isClosed } = build();
    const held = [inner.holdNext(), inner.holdNext()];
    const asked = held.map(() => outcome());
    held[0]?.fail(quota(60_000));
    held[1]?.fail(quota(90_000));
    await Promise.all(asked);
    await clock.advance(89_999);
    expect(await outcome()).toBe('CircuitOpen');
    await clock.advance(1);
    expect(await isClosed()).toBe(true);
  });
});

describe('after 429 a circuit breaker', () => {
  test('opens at once, for as long as the provider asks for', async () => {
    const { clock, inner, outcome, isClosed, told } = build();
    inner.next(quota(17_000));
    expect(await outcome()).toBe('QuotaExceeded');
    expect(told).toEqual([true]);
    await clock.advance(16_999);
    expect(await outcome()).toBe('CircuitOpen');
    await clock.advance(1);
    expect(await isClosed()).toBe(true);
  });

  test('opens at once for its own pause where the provider names none', async () => {
    const { clock, inner, outcome, isClosed } = build();
    inner.next(quota());
    expect(await outcome()).toBe('QuotaExceeded');
    await clock.advance(30 * SECOND_MS - 1);
    expect(await outcome()).toBe('CircuitOpen');
    await clock.advance(1);
    expect(await isClosed()).toBe(true);
  });

  test('heeds a wait of hours, and a day at most: a mistake must end as well', async () => {
    for (const [asked, heeded] of [
      [6 * HOUR_MS, 6 * HOUR_MS],
      [1_000 * HOUR_MS, 24 * HOUR_MS],
      [Infinity, 24 * HOUR_MS],
    ] as const) {
      const { clock, inner, outcome, isClosed } = build();
      inner.next(quota(asked));
      await outcome();
      clock.jump(heeded - 1);
      expect(await outcome()).toBe('CircuitOpen');
      clock.jump(1);
      expect(await isClosed()).toBe(true);
    }
  });

  test('does not believe in a short wait twice: a provider that refuses again is left alone for longer', async () => {
    const { clock, inner, outcome, isClosed } = build();
    inner.next(quota(0), quota(0), quota(0));
    expect(await outcome()).toBe('QuotaExceeded');
    expect(await outcome()).toBe('QuotaExceeded');
    await clock.advance(59_999);
    expect(await outcome()).toBe('CircuitOpen');
    await clock.advance(1);
    expect(await outcome()).toBe('QuotaExceeded');
    await clock.advance(119_999);
    expect(await outcome()).toBe('CircuitOpen');
    await clock.advance(1);
    expect(await isClosed()).toBe(true);
  });
});

test('whatever happens, in whatever order: at most one request at a time while it is open, and it is never stuck', async () => {
  const event = fc.oneof(
    { weight: 4, arbitrary: fc.constant('ask' as const) },
    { weight: 4, arbitrary: fc.record({ settle: fc.nat(), how: fc.constantFrom('OK', ...SOURCE_ERROR_CODES) }) },
    { weight: 1, arbitrary: fc.record({ leave: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ passMs: fc.integer({ min: 0, max: 400_000 }) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
      const { clock, inner, outcome, told, isClosed } = build();
      type Held = { held: ReturnType<typeof inner.holdNext>; caller: AbortController; asked: Promise<string> };
      let underWay: Held[] = [];
      let probes = 0;
      const isOpen = () => told.at(-1) === true;
      for (const step of events) {
        if (step === 'ask') {
          const [caller, held] = [new AbortController(), inner.holdNext()];
          const { asked: before } = inner;
          const wasOpen = isOpen();
          const asked = outcome(caller.signal);
          if (inner.asked === before) {
            expect(await asked).toBe('CircuitOpen');
            inner.forgetNext();
            continue;
          }
          if (wasOpen) expect((probes += 1)).toBe(1);
          const one = { held, caller, asked };
          underWay.push(one);
          void asked.then(() => {
            underWay = underWay.filter((other) => other !== one);
            if (wasOpen) probes -= 1;
          });
        } else if ('passMs' in step) {
          clock.jump(step.passMs);
        } else {
          const one = underWay[('leave' in step ? step.leave : step.settle) % Math.max(1, underWay.length)];
          if (one === undefined) continue;
          if ('leave' in step) one.caller.abort(new Error('gone'));
          else if (step.how === 'OK') one.held.answer();
          else one.held.fail(step.how);
          await one.asked;
        }
      }
      expect(told.every((change, k) => change === (k % 2 === 0))).toBe(true);
      for (const { caller } of underWay) caller.abort(new Error('gone'));
      await clock.advance(24 * HOUR_MS);
      expect(await isClosed()).toBe(true);
    }),
    { numRuns: 300 },
  );
});
