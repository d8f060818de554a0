import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { FakeClock } from '../../../../test/fixtures/fake-clock.ts';
import { InMemoryState } from '../../../../test/fixtures/scripted/in-memory-state.ts';
import { RecordingLogger } from '../../../../test/fixtures/recording-logger.ts';
import { HOUR_MS, type EpochMs } from '../../../domain/units.ts';
import { ProviderMetrics } from '../../../telemetry/provider-metrics.ts';
import { accountAt, type BudgetLimit } from './budget-account.ts';
import { RequestBudgets } from './request-budgets.ts';

const MIDNIGHT = Date.UTC(2026, 2, 21);
const PROVIDERS = ['one', 'two'] as const;
type Provider = (typeof PROVIDERS)[number];

/** What ends a process: before a write has its effect, after it and before the process hears of it, or in between writes. */
type Death = 'before the write' | 'after the write' | 'later';

const limit = fc.record({
  requests: fc.integer({ min: 1, max: 300 }),
  per: fc.constantFrom('Hour' as const, 'Day' as const, 'Month' as const),
});
const burst = fc.record({
  provider: fc.constantFrom(...PROVIDERS),
  atOnce: fc.integer({ min: 1, max: 25 }),
  thenMs: fc.integer({ min: 0, max: 8 * HOUR_MS }),
});
const life = fc.record({
  bursts: fc.array(burst, { maxLength: 12 }),
  /** At which of its writes it is killed. */
  write: fc.integer({ min: 1, max: 8 }),
  death: fc.constantFrom<Death>('before the write', 'after the write', 'later'),
});

test('killed at whatever point, any number of times: what is kept is never less than what was spent, and no limit is ever passed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.record({ one: limit, two: limit }), fc.array(life, { maxLength: 8 }), async (limits, lives) => {
      const world = { clock: new FakeClock(MIDNIGHT), state: new InMemoryState(), limits, spent: new Spent(limits) };
      for (const each of lives) await live(each, world);
    }),
    { numRuns: 200 },
  );
});

interface World {
  readonly clock: FakeClock;
  readonly state: InMemoryState;
  readonly limits: Readonly<Record<Provider, BudgetLimit>>;
  readonly spent: Spent;
}

async function live({ bursts, write, death }: typeof life extends fc.Arbitrary<infer L> ? L : never, world: World) {
  const { clock, state, limits, spent } = world;
  const process = new AbortController();
  let writes = 0;
  const dieAt = (point: Death) => async (): Promise<void> => {
    if (point === 'before the write') writes += 1;
    if (process.signal.aborted || (death === point && writes === write)) {
      process.abort(new Error('killed'));
      // Of a process that is killed nothing goes on.
      await new Promise(() => undefined);
    }
  };
  state.beforeSave = dieAt('before the write');
  state.afterSave = dieAt('after the write');
  const budgets = new RequestBudgets({
    limits: new Map(Object.entries(limits)),
    state,
    clock,
    logger: new RecordingLogger(),
    metrics: new ProviderMetrics(new Registry()),
  });
  await budgets.load(process.signal);
  for (const { provider, atOnce, thenMs } of bursts) {
    const asked = Array.from({ length: atOnce }, async () => {
      const isPaid = await budgets
        .of(provider)
        ?.spend(process.signal)
        .catch(() => false);
      if (isPaid !== true || process.signal.aborted) return;
      spent.add(provider, clock.now());
      expectKeptCovers(world, provider);
    });
    await Promise.all(asked);
    if (process.signal.aborted) return;
    await clock.advance(thenMs);
  }
}

function expectKeptCovers({ clock, state, limits, spent }: World, provider: Provider): void {
  const { accounts } = JSON.parse(state.text ?? '') as { accounts: Record<string, { from: number; spent: number }> };
  const kept = accounts[provider];
  const { from } = accountAt(clock.now(), undefined, limits[provider]);
  expect(kept?.from).toBe(from);
  expect(kept?.spent).toBeGreaterThanOrEqual(spent.of(provider, from));
}

/** What really went out, by provider and period, held against its limit and its release at once. */
class Spent {
  readonly #limits: World['limits'];
  readonly #requests = new Map<string, number>();

  constructor(limits: World['limits']) {
    this.#limits = limits;
  }

  of(provider: Provider, from: EpochMs): number {
    return this.#requests.get(`${provider} ${String(from)}`) ?? 0;
  }

  add(provider: Provider, now: EpochMs): void {
    const { requests, per } = this.#limits[provider];
    const { from } = accountAt(now, undefined, this.#limits[provider]);
    const spent = this.of(provider, from) + 1;
    this.#requests.set(`${provider} ${String(from)}`, spent);
    const [atOnce, lengthMs] = { Hour: [1, HOUR_MS], Day: [0.25, 24 * HOUR_MS], Month: [0.1, 31 * 24 * HOUR_MS] }[per];
    const share = Math.min(1, atOnce! + (now - from) / lengthMs!);
    expect(spent).toBeLessThanOrEqual(Math.max(1, Math.floor(share * requests + 1e-6)));
  }
}
