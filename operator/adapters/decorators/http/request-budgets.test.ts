import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { FakeClock, settle } from '../../../../test/fixtures/fake-clock.ts';
import { InMemoryState } from '../../../../test/fixtures/scripted/in-memory-state.ts';
import { RecordingLogger } from '../../../../test/fixtures/recording-logger.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import { ProviderMetrics } from '../../../telemetry/provider-metrics.ts';
import type { BudgetLimit } from './budget-account.ts';
import { RequestBudgets } from './request-budgets.ts';

const never = new AbortController().signal;
const MIDNIGHT = Date.UTC(2026, 2, 21);
const HOURLY: BudgetLimit = { requests: 1_000, per: 'Hour' };

interface Kept {
  readonly accounts: Readonly<Record<string, { from: number; spent: number }>>;
}

function build({
  limits = { vendor: HOURLY },
  state = new InMemoryState(),
  clock = new FakeClock(MIDNIGHT),
}: { limits?: Record<string, BudgetLimit>; state?: InMemoryState; clock?: FakeClock } = {}) {
  const logger = new RecordingLogger();
  const registry = new Registry();
  const metrics = new ProviderMetrics(registry);
  const budgets = new RequestBudgets({ limits: new Map(Object.entries(limits)), state, clock, logger, metrics });
  const spend = async (times = 1, provider = 'vendor', abort = never): Promise<number> => {
    let paid = 0;
    for (let k = 0; k < times; k++) if (await budgets.of(provider)?.spend(abort)) paid += 1;
    return paid;
  };
  const kept = (provider = 'vendor'): number | undefined =>
    state.text === undefined ? undefined : (JSON.parse(state.text) as Kept).accounts[provider]?.spent;
  return { budgets, state, clock, logger, registry, spend, kept };
}

const keptText = (accounts: object): string => JSON.stringify({ version: 1, accounts });

describe('budgets of requests', () => {
  test('are there for providers with a limit alone, and nothing is read or written for others', async () => {
    const { budgets, state } = build({ limits: {} });
    await budgets.load(never);
    expect(budgets.of('vendor')).toBeUndefined();
    expect([state.loads, state.saves]).toEqual([0, 0]);
  });

  test('say what they are in words', () => {
    expect(build().budgets.of('vendor')?.inWords).toBe('1000 requests a Hour');
  });

  test('are spent to the last request, and there is a new one with the next period', async () => {
    const { clock, spend } = build();
    expect(await spend(1_001)).toBe(1_000);
    expect(await spend()).toBe(0);
    await clock.advance(HOUR_MS - 1);
    expect(await spend()).toBe(0);
    await clock.advance(1);
    expect(await spend(1_001)).toBe(1_000);
  });

  test('are spent no more than once by any number of requests at the same time', async () => {
    const { kept, spend } = build({ limits: { vendor: { requests: 40, per: 'Hour' } } });
    const paid = await Promise.all(Array.from({ length: 100 }, () => spend()));
    expect(paid.filter(Boolean)).toHaveLength(40);
    expect(kept()).toBe(40);
  });

  test('take nothing for a caller that is gone', async () => {
    const { budgets, state, spend } = build();
    const gone = AbortSignal.abort(new Error('gone'));
    await expect(budgets.of('vendor')?.spend(gone)).rejects.toThrow('gone');
    expect(state.saves).toBe(0);
    expect(await spend(1_001)).toBe(1_000);
  });

  test('are seen in metrics, with what is left of the period that is under way', async () => {
    const { clock, registry, spend } = build({ limits: { vendor: HOURLY, other: { requests: 10, per: 'Day' } } });
    await spend(3);
    expect(await registry.metrics()).toContain('sunward_provider_budget_requests{provider="vendor"} 1000\n');
    expect(await registry.metrics()).toContain('sunward_provider_budget_remaining_requests{provider="vendor"} 997\n');
    expect(await registry.metrics()).toContain('sunward_provider_budget_remaining_requests{provider="other"} 10\n');
    await clock.advance(HOUR_MS);
    expect(await registry.metrics()).toContain('sunward_provider_budget_remaining_requests{provider="vendor"} 1000\n');
  });
});

describe('what is kept of budgets', () => {
  test('is written before the request goes out, for a block of requests at once', async () => {
    const { state, spend, kept } = build();
    await spend();
    expect([state.saves, kept()]).toEqual([1, 20]);
    await spend(19);
    expect([state.saves, kept()]).toEqual([1, 20]);
    await spend();
    expect([state.saves, kept()]).toEqual([2, 40]);
  });

  test('is never more than the limit', async () => {
    const { spend, kept } = build({ limits: { vendor: { requests: 101, per: 'Hour' } } });
    await spend(101);
    expect(kept()).toBe(101);
  });

  test('is taken up by the process that follows, which goes on from there', async () => {
    const before = build();
    await before.spend(45);
    const after = build({ state: before.state, clock: before.clock });
    await after.budgets.load(never);
    expect(await after.spend(1_000)).toBe(1_000 - 60);
  });

  test('is forgotten once its period is over', async () => {
    const before = build();
    await before.spend(1_000);
    await before.clock.advance(HOUR_MS);
    const after = build({ state: before.state, clock: before.clock });
    await after.budgets.load(never);
    expect(await after.spend(1_000)).toBe(1_000);
  });

  test('holds the accounts of all providers, and writing one leaves the others alone', async () => {
    const limits = { vendor: HOURLY, other: { requests: 100, per: 'Hour' } as const };
    const before = build({ limits });
    await before.spend(5, 'vendor');
    await before.spend(7, 'other');
    await before.spend(30, 'vendor');
    expect([before.kept('vendor'), before.kept('other')]).toEqual([40, 8]);
    const after = build({ limits, state: before.state, clock: before.clock });
    await after.budgets.load(never);
    await after.spend(1, 'other');
    expect([after.kept('vendor'), after.kept('other')]).toEqual([40, 10]);
  });

  test('is what it was of a provider that has no limit any more, until the next write', async () => {
    const state = new InMemoryState(keptText({ former: { from: MIDNIGHT, spent: 5 } }));
    const { budgets, spend } = build({ state });
    await budgets.load(never);
    await spend();
    expect(state.text).toBe(keptText({ vendor: { from: MIDNIGHT, spent: 20 } }));
  });
});

describe('budgets whose state can’t be read', () => {
  test('begin anew, and the log says so', async () => {
    const state = new InMemoryState(keptText({ vendor: { from: MIDNIGHT, spent: 900 } }));
    state.beforeLoad = () => Promise.reject(new Error('the API server is away'));
    const { budgets, logger, spend } = build({ state });
    await budgets.load(never);
    expect(await spend()).toBe(1);
    expect(logger.of('error')[0]?.fields).toMatchObject({ error: 'the API server is away' });
  });

  test('read it before they overwrite it, and count what was spent in between', async () => {
    const state = new InMemoryState(keptText({ vendor: { from: MIDNIGHT, spent: 900 } }));
    state.beforeLoad = () => Promise.reject(new Error('the API server is away'));
    state.beforeSave = () => Promise.reject(new Error('the API server is away'));
    const { budgets, clock, spend, kept } = build({ state });
    await budgets.load(never);
    expect(await spend(30)).toBe(30);
    expect(kept()).toBe(900);
    state.beforeLoad = () => undefined;
    state.beforeSave = () => undefined;
    await clock.advance(MINUTE_MS);
    expect(await spend()).toBe(1);
    expect(kept()).toBe(900 + 31 + 19);
    expect(await spend(1_000)).toBe(1_000 - 900 - 31);
  });

  test('give up with their caller', async () => {
    const { budgets, state } = build();
    const caller = new AbortController();
    state.beforeLoad = () => {
      caller.abort(new Error('shutting down'));
      throw new Error('canceled');
    };
    await expect(budgets.load(caller.signal)).rejects.toThrow('shutting down');
  });

  test.each([
    ['no JSON', 'garbage'],
    ['null', 'null'],
    ['a number', '7'],
    ['no accounts', '{"version":1}'],
    ['accounts that are null', '{"version":1,"accounts":null}'],
  ])('because it is %s: they overwrite it with what they spend', async (_, text) => {
    const state = new InMemoryState(text);
    const { budgets, logger, spend, kept } = build({ state });
    await budgets.load(never);
    expect(logger.of('error')).toHaveLength(1);
    expect(await spend(1)).toBe(1);
    expect(kept()).toBe(20);
  });

  test('in part: accounts that make no sense count as none, and the others hold', async () => {
    const from = MIDNIGHT;
    const nonsense = [null, 5, 'text', [], {}, { from }, { from, spent: -1 }, { from, spent: 1.5 }, { spent: 9 }];
    const broken = Object.fromEntries(nonsense.map((one, k) => [`vendor-${String(k)}`, one]));
    const limits = { ...Object.fromEntries(Object.keys(broken).map((name) => [name, HOURLY])), vendor: HOURLY };
    const state = new InMemoryState(keptText({ ...broken, vendor: { from, spent: 995 } }));
    const { budgets, logger, spend } = build({ limits, state });
    await budgets.load(never);
    expect(logger.lines).toEqual([]);
    expect(await spend(1_000)).toBe(5);
    for (const name of Object.keys(broken)) expect(await spend(1, name)).toBe(1);
  });
});

describe('budgets whose state can’t be written', () => {
  test('let requests out all the same, count them, and say so once a minute, not at every request', async () => {
    const { clock, logger, state, spend, kept } = build();
    state.beforeSave = () => Promise.reject(new Error('forbidden'));
    expect(await spend(30)).toBe(30);
    expect([state.saves, logger.of('warn').length]).toEqual([1, 1]);
    expect(logger.of('warn')[0]?.fields).toMatchObject({ error: 'forbidden' });
    await clock.advance(MINUTE_MS);
    expect(await spend(30)).toBe(30);
    expect([state.saves, logger.of('warn').length]).toEqual([2, 2]);
    state.beforeSave = () => undefined;
    await clock.advance(MINUTE_MS);
    expect(await spend(1)).toBe(1);
    expect(kept()).toBe(61 + 19);
    expect(await spend(1_000)).toBe(1_000 - 61);
  });

  test('hold no request back for longer than two seconds, however many there are', async () => {
    const { clock, state, logger, spend } = build();
    state.beforeSave = () => new Promise(() => undefined);
    const all = Promise.all(Array.from({ length: 50 }, () => spend()));
    let paid: number | undefined;
    void all.then((answers) => (paid = answers.filter(Boolean).length));
    await clock.advance(2 * SECOND_MS - 1);
    expect(paid).toBeUndefined();
    await clock.advance(1);
    expect(paid).toBe(50);
    expect([state.saves, logger.of('warn').length, clock.sleeping]).toEqual([1, 1, 0]);
  });

  test('because its caller went away: the next one writes', async () => {
    const { budgets, state, logger, kept } = build();
    const caller = new AbortController();
    state.beforeSave = (abort) =>
      new Promise((_, reject) => {
        abort.addEventListener('abort', () => {
          reject(abort.reason as Error);
        });
      });
    const first = budgets.of('vendor')?.spend(caller.signal);
    await settle();
    const second = budgets.of('vendor')?.spend(never);
    await settle();
    expect(state.saves).toBe(1);
    state.beforeSave = () => undefined;
    caller.abort(new Error('gone'));
    expect(await Promise.all([first, second])).toEqual([true, true]);
    expect([state.saves, kept(), logger.lines.length]).toEqual([2, 2 + 19, 0]);
  });

  test('though it was: what is kept is then more than what was spent, never less', async () => {
    const before = build();
    before.state.afterSave = () => Promise.reject(new Error('the answer was lost'));
    await before.spend(3);
    expect(before.kept()).toBe(20);
    const after = build({ state: before.state, clock: before.clock });
    await after.budgets.load(never);
    expect(await after.spend(1_000)).toBe(980);
  });
});
