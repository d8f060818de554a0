import type { EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KeptState } from '../../../ports/kept-state.ts';
import type { Logger } from '../../../ports/logger.ts';
import { describeError } from '../../../runtime/describe-error.ts';
import type { ProviderMetrics } from '../../../telemetry/provider-metrics.ts';
import { accountAt, allowanceAt, type Account, type BudgetLimit } from './budget-account.ts';
import type { RequestBudget } from './budgeted.ts';

export interface RequestBudgetsOptions {
  readonly limits: ReadonlyMap<string, BudgetLimit>;
  readonly state: KeptState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ProviderMetrics;
}

/** Written ahead in blocks of this share of the budget: a process that is killed loses at most one block, and never spends it twice. */
const BLOCK_SHARE = 0.02;

/**
 * Accounts of what every provider with a budget was asked. What is kept is what may have been spent: it is written before
 * the requests go out. Where it can't be written the requests go out all the same, and the next one tries again: data is
 * worth more than an exact account.
 */
export class RequestBudgets {
  readonly #options: RequestBudgetsOptions;
  readonly #accounts = new Map<string, Account>();
  /** As written: at least what was spent. */
  readonly #written = new Map<string, Account>();
  #writing: Promise<void> = Promise.resolve();

  constructor(options: RequestBudgetsOptions) {
    this.#options = options;
    const { clock, limits, metrics } = options;
    metrics.observeBudgets(() =>
      [...limits].map(([provider, limit]) => {
        const now = clock.now();
        const account = accountAt(now, this.#accounts.get(provider), limit);
        return { provider, limit: limit.requests, remaining: Math.max(0, limit.requests - account.spent) };
      }),
    );
  }

  /** Takes up the accounts of the process before. Never rejects but for `abort`. */
  async load(abort: AbortSignal): Promise<void> {
    if (this.#options.limits.size === 0) return;
    try {
      const text = await this.#options.state.load(abort);
      for (const [provider, account] of accountsIn(text)) {
        if (!this.#options.limits.has(provider)) continue;
        this.#accounts.set(provider, account);
        this.#written.set(provider, account);
      }
    } catch (error) {
      abort.throwIfAborted();
      this.#options.logger.error(
        'reading what providers were asked failed; their budgets begin anew',
        describeError(error),
      );
    }
  }

  /** Of a provider with a limit; `undefined` for one without. */
  of(provider: string): RequestBudget | undefined {
    const limit = this.#options.limits.get(provider);
    if (limit === undefined) return undefined;
    return {
      inWords: `${String(limit.requests)} requests a ${limit.per}`,
      spend: (abort) => this.#spend(provider, limit, abort),
    };
  }

  async #spend(provider: string, limit: BudgetLimit, abort: AbortSignal): Promise<boolean> {
    const now = this.#options.clock.now();
    const account = accountAt(now, this.#accounts.get(provider), limit);
    if (allowanceAt(now, account, limit) < 1) return false;
    const spent = { from: account.from, spent: account.spent + 1 };
    this.#accounts.set(provider, spent);
    if (!this.#covers(provider, spent)) await this.#writeAhead(provider, limit, abort);
    return true;
  }

  #covers(provider: string, { from, spent }: Account): boolean {
    const written = this.#written.get(provider);
    return written?.from === from && written.spent >= spent;
  }

  /** One write at a time; whoever comes while one is under way finds it done when it is its turn. */
  #writeAhead(provider: string, limit: BudgetLimit, abort: AbortSignal): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const account = this.#accounts.get(provider);
      if (account === undefined || this.#covers(provider, account)) return;
      const block = Math.max(1, Math.ceil(limit.requests * BLOCK_SHARE));
      const ahead = { from: account.from, spent: Math.min(limit.requests, account.spent + block - 1) };
      try {
        await this.#options.state.save(textOf(new Map(this.#written).set(provider, ahead)), abort);
        this.#written.set(provider, ahead);
      } catch (error) {
        if (!abort.aborted) this.#options.logger.warn('keeping what providers were asked failed', describeError(error));
      }
    });
    return this.#writing;
  }
}

interface KeptAccount {
  readonly from: EpochMs;
  readonly spent: number;
}

function textOf(accounts: ReadonlyMap<string, Account>): string {
  return JSON.stringify({ version: 1, accounts: Object.fromEntries(accounts) });
}

/** What can't be read counts as nothing: an account is made anew, never a reason to stop. */
function accountsIn(text: string | undefined): readonly (readonly [string, Account])[] {
  if (text === undefined) return [];
  const { accounts = {} } = JSON.parse(text) as { accounts?: Readonly<Record<string, Partial<KeptAccount>>> };
  return Object.entries(accounts).flatMap(([provider, { from, spent }]) =>
    Number.isSafeInteger(from) && Number.isSafeInteger(spent) && Number(spent) >= 0
      ? [[provider, { from: Number(from), spent: Number(spent) }] as const]
      : [],
  );
}
