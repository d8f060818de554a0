import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../../domain/units.ts';
import { accountAt, allowanceAt, type Account, type BudgetLimit } from './budget-account.ts';

const DAY_MS = 24 * HOUR_MS;
const at = (text: string): EpochMs => Date.parse(text);

/** When the period began that is under way. */
const beginning = (per: BudgetLimit['per'], now: string): string =>
  new Date(accountAt(at(now), undefined, { requests: 1, per }).from).toISOString();

/** What may be spent of an untouched budget. */
const released = (limit: BudgetLimit, now: string): number =>
  allowanceAt(at(now), accountAt(at(now), undefined, limit), limit);

describe('the period of a budget, in UTC,', () => {
  test.each([
    ['Hour', '2026-03-21T12:00:00.000Z', '2026-03-21T12:00:00.000Z'],
    ['Hour', '2026-03-21T12:59:59.999Z', '2026-03-21T12:00:00.000Z'],
    ['Day', '2026-03-21T00:00:00.000Z', '2026-03-21T00:00:00.000Z'],
    ['Day', '2026-03-21T23:59:59.999Z', '2026-03-21T00:00:00.000Z'],
    ['Day', '2026-03-29T01:30:00.000Z', '2026-03-29T00:00:00.000Z'],
    ['Month', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'],
    ['Month', '2026-02-28T23:59:59.999Z', '2026-02-01T00:00:00.000Z'],
    ['Month', '2028-02-29T23:59:59.999Z', '2028-02-01T00:00:00.000Z'],
    ['Month', '2026-12-31T23:59:59.999Z', '2026-12-01T00:00:00.000Z'],
  ] as const)('%s, at %s, began at %s', (per, now, from) => {
    expect(beginning(per, now)).toBe(from);
  });

  test('ends with its last millisecond: then the account is a new one', () => {
    for (const [per, last] of [
      ['Hour', '2026-03-21T12:59:59.999Z'],
      ['Day', '2026-12-31T23:59:59.999Z'],
      ['Month', '2026-12-31T23:59:59.999Z'],
    ] as const) {
      const limit = { requests: 100, per };
      const spent = { ...accountAt(at(last), undefined, limit), spent: 7 };
      expect(accountAt(at(last), spent, limit)).toBe(spent);
      expect(accountAt(at(last) + 1, spent, limit)).toEqual({ from: at(last) + 1, spent: 0 });
    }
  });

  test('goes on where the clock is set back a little, or the next leader’s is behind', () => {
    const limit = { requests: 100, per: 'Day' } as const;
    const begun = { from: at('2026-03-21T00:00:00Z'), spent: 7 };
    expect(accountAt(at('2026-03-20T23:59:50Z'), begun, limit)).toBe(begun);
    expect(allowanceAt(at('2026-03-20T23:59:50Z'), begun, limit)).toBeLessThanOrEqual(18);
    // An account of a time that is still far away is none: it would shut the provider until then.
    expect(accountAt(at('2026-03-20T23:00:00Z'), begun, limit).spent).toBe(0);
    expect(accountAt(at('2026-03-20T12:00:00Z'), { from: at('2099-01-01T00:00:00Z'), spent: 7 }, limit).spent).toBe(0);
  });
});

describe('of a budget', () => {
  test('of an hour everything may be spent at once', () => {
    expect(released({ requests: 100, per: 'Hour' }, '2026-03-21T12:00:00Z')).toBe(100);
  });

  test('of a day a quarter may be spent at once, the rest comes evenly and is all there after three quarters of it', () => {
    const limit = { requests: 100, per: 'Day' } as const;
    expect(released(limit, '2026-03-21T00:00:00Z')).toBe(25);
    expect(released(limit, '2026-03-21T06:00:00Z')).toBe(50);
    expect(released(limit, '2026-03-21T12:00:00Z')).toBe(75);
    expect(released(limit, '2026-03-21T18:00:00Z')).toBe(100);
    expect(released(limit, '2026-03-21T23:59:59Z')).toBe(100);
  });

  test('of a month a tenth may be spent at once, the rest comes evenly, by the days that it has', () => {
    const limit = { requests: 1_000, per: 'Month' } as const;
    expect(released(limit, '2026-02-01T00:00:00Z')).toBe(100);
    expect(released(limit, '2026-02-15T00:00:00Z')).toBe(600);
    expect(released(limit, '2026-04-16T00:00:00Z')).toBe(600);
    expect(released(limit, '2026-12-31T00:00:00Z')).toBe(1_000);
  });

  test('of one request there is that one, from the beginning', () => {
    expect(released({ requests: 1, per: 'Month' }, '2026-02-01T00:00:00Z')).toBe(1);
  });

  test('that was made smaller than what is spent there is nothing left, and no debt', () => {
    const limit = { requests: 10, per: 'Day' } as const;
    expect(allowanceAt(at('2026-03-21T23:00:00Z'), { from: at('2026-03-21T00:00:00Z'), spent: 500 }, limit)).toBe(0);
  });
});

test('whoever asks whenever there is an allowance never spends more than the limit in a period, nor ahead of its release', () => {
  const limits = fc.record({
    requests: fc.integer({ min: 1, max: 400 }),
    per: fc.constantFrom('Hour' as const, 'Day' as const, 'Month' as const),
  });
  const starts = fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2029-01-01T00:00:00Z') });
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 * DAY_MS }), fc.integer({ min: 0, max: 500 })), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(limits, starts, steps, (limit, start, all) => {
      const atOnce = { Hour: 1, Day: 0.25, Month: 0.1 }[limit.per];
      const spentIn = new Map<EpochMs, number>();
      let account: Account | undefined;
      let now = start;
      for (const [passMs, wanted] of all) {
        now += limit.per === 'Month' ? passMs : passMs / (limit.per === 'Day' ? 20 : 480);
        account = accountAt(now, account, limit);
        for (let k = 0; k < wanted && allowanceAt(now, account, limit) >= 1; k++) {
          account = { ...account, spent: account.spent + 1 };
          spentIn.set(account.from, (spentIn.get(account.from) ?? 0) + 1);
        }
        const lengthMs = { Hour: HOUR_MS, Day: DAY_MS, Month: monthOf(account.from) }[limit.per];
        const share = atOnce + (now - account.from) / lengthMs;
        const spent = spentIn.get(account.from) ?? 0;
        expect(spent).toBeLessThanOrEqual(limit.requests);
        expect(spent).toBeLessThanOrEqual(Math.max(1, share * limit.requests + 1e-6));
      }
    }),
  );
});

function monthOf(from: EpochMs): number {
  const next = new Date(from);
  next.setUTCMonth(next.getUTCMonth() + 1);
  return next.getTime() - from;
}

test('the account of the next period stands for ten minutes before it, and no longer', () => {
  const limit = { requests: 100, per: 'Hour' } as const;
  const next = { from: at('2026-03-21T13:00:00Z'), spent: 3 };
  expect(accountAt(next.from - 10 * MINUTE_MS, next, limit)).toBe(next);
  expect(accountAt(next.from - 10 * MINUTE_MS - 1, next, limit).spent).toBe(0);
});
