import { MINUTE_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { KeptState } from '../../../ports/kept-state.ts';
import type { Logger } from '../../../ports/logger.ts';
import { describeError } from '../../../runtime/describe-error.ts';
import { within } from '../../../runtime/within.ts';
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
/** No request waits longer than this for its account to be written. */
const WRITE_LIMIT_MS: DurationMs = 2 * SECOND_MS;
/** After a write that failed requests go out without, for so long. */
const WRITE_AGAIN_AFTER_MS: DurationMs = MINUTE_MS;

/**
 * Accounts of what every provider with a budget was asked. What is kept is what may have been spent: it is written before
 * the requests go out. Where it can't be written the requests go out all the same, and it is tried again a minute later:
 * data is worth more than an exact account.
 */
export class RequestBudgets {
  readonly #options: RequestBudgetsOptions;
  readonly #accounts = new Map<string, Account>();
  /** As written: at least what was spent. */
  readonly #written = new Map<string, Account>();
  #writing: Promise<void> = Promise.resolve();
  #writeAgainAt: EpochMs = -Infinity;
  /** What the process before has left is taken up, or has been overwritten. */
  #hasTakenUp = false;

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
    if (this.#options.limits.size === 0 || this.#hasTakenUp) return;
    try {
      this.#takeUp(accountsIn(await this.#options.state.load(abort)));
    } catch (error) {
      abort.throwIfAborted();
      this.#options.logger.error(
        'reading what providers were asked failed; their budgets begin anew, unless it can be read before the first write',
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

  /** What was spent since comes on top of what the process before has spent. */
  #takeUp(kept: ReadonlyMap<string, Account>): void {
    if (this.#hasTakenUp) return;
    for (const [provider, account] of kept) {
      if (!this.#options.limits.has(provider)) continue;
      const own = this.#accounts.get(provider);
      const spent = own?.from === account.from ? own.spent : 0;
      if (own === undefined || own.from <= account.from) {
        this.#accounts.set(provider, { from: account.from, spent: account.spent + spent });
      }
      this.#written.set(provider, account);
    }
    this.#hasTakenUp = true;
  }

  async #spend(provider: string, limit: BudgetLimit, abort: AbortSignal): Promise<boolean> {
    abort.throwIfAborted();
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

  /** One write at a time; whoever comes while one is under way finds it done, or given up, when it is its turn. */
  #writeAhead(provider: string, limit: BudgetLimit, abort: AbortSignal): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const { clock, logger } = this.#options;
      if (clock.now() < this.#writeAgainAt) return;
      try {
        await within({ clock, limitMs: WRITE_LIMIT_MS, abort }, (signal) => this.#write(provider, limit, signal));
      } catch (error) {
        if (abort.aborted) return;
        this.#writeAgainAt = clock.now() + WRITE_AGAIN_AFTER_MS;
        logger.warn('keeping what providers were asked failed', describeError(error));
      }
    });
    return this.#writing;
  }

  async #write(provider: string, limit: BudgetLimit, abort: AbortSignal): Promise<void> {
    await this.load(abort);
    const account = this.#accounts.get(provider);
    if (account === undefined || this.#covers(provider, account)) return;
    const block = Math.max(1, Math.ceil(limit.requests * BLOCK_SHARE));
    const ahead = {
      from: account.from,
      spent: Math.max(account.spent, Math.min(limit.requests, account.spent + block - 1)),
    };
    const accounts = new Map(this.#written).set(provider, ahead);
    await this.#options.state.save(textOf(accounts), abort);
    this.#hasTakenUp = true;
    this.#written.set(provider, ahead);
  }
}

function textOf(accounts: ReadonlyMap<string, Account>): string {
  return JSON.stringify({ version: 1, accounts: Object.fromEntries(accounts) });
}

/** An account that can't be read counts as none. Throws where the whole is no JSON of ours. */
function accountsIn(text: string | undefined): ReadonlyMap<string, Account> {
  const { accounts } = JSON.parse(text ?? '{"accounts":{}}') as { accounts: Readonly<Record<string, unknown>> };
  return new Map(Object.entries(accounts).flatMap(([name, one]) => (isAccount(one) ? [[name, one] as const] : [])));
}

function isAccount(one: unknown): one is Account {
  const { from, spent } = (one ?? {}) as Readonly<Record<string, unknown>>;
  return Number.isSafeInteger(from) && Number.isSafeInteger(spent) && Number(spent) >= 0;
}
