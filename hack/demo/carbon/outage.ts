import { setTimeout as delay } from 'node:timers/promises';
import type { Interval } from '../../../operator/domain/interval.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';
import type { DemoRecord } from '../watch/record.ts';
import type { ProviderFeed } from './provider-feed.ts';

/** When a provider is to be away, counted from the submission of the jobs. */
export interface OutagePlan {
  readonly fromMs: DurationMs;
  readonly untilMs: DurationMs;
}

/** When it really was away, and when every site had a live forecast again; absent where that took too long. */
export interface Outage extends Interval {
  readonly recoveredAt: EpochMs | undefined;
}

const LOOK_MS: DurationMs = 100;
/** The operator notices within a few seconds that the provider is back; more on a machine that is busy. */
const RECOVERY_LIMIT_MS: DurationMs = 15 * SECOND_MS;

/** A provider that breaks down on purpose, and comes back. */
export class ProviderOutage {
  readonly #feed: ProviderFeed;
  readonly #plan: OutagePlan;
  readonly #record: DemoRecord;
  #isUnderWay = false;
  #seen: Outage | undefined;

  constructor(feed: ProviderFeed, plan: OutagePlan, record: DemoRecord) {
    this.#feed = feed;
    this.#plan = plan;
    this.#record = record;
  }

  /** From the breakdown until the sites have recovered. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  get seen(): Outage | undefined {
    return this.#seen;
  }

  /** There is none where `end` fires before it has begun; one that has begun is seen through. Rejects when `abort` fires. */
  async run(submittedAt: EpochMs, end: AbortSignal, abort: AbortSignal): Promise<void> {
    const until = (afterMs: DurationMs, signal: AbortSignal): Promise<void> =>
      delay(Math.max(0, submittedAt + afterMs - Date.now()), undefined, { signal });
    try {
      await until(this.#plan.fromMs, AbortSignal.any([end, abort]));
    } catch {
      // The day was over before.
      abort.throwIfAborted();
      return;
    }
    this.#isUnderWay = true;
    try {
      const startsAt = await this.#breakDown();
      await until(this.#plan.untilMs, abort);
      const endsAt = await this.#comeBack();
      while (!this.#record.allSitesAreLive && Date.now() < endsAt + RECOVERY_LIMIT_MS) {
        await delay(LOOK_MS, undefined, { signal: abort });
      }
      const recoveredAt = this.#record.allSitesAreLive ? Date.now() : undefined;
      this.#seen = { startsAt, endsAt, recoveredAt };
    } finally {
      this.#isUnderWay = false;
    }
  }

  async #breakDown(): Promise<EpochMs> {
    const at = Date.now();
    this.#record.note(at, 'provider', `${this.#feed.source} breaks down: connections break, and nobody listens`);
    await this.#feed.breakDown();
    return at;
  }

  async #comeBack(): Promise<EpochMs> {
    await this.#feed.comeBack();
    const at = Date.now();
    this.#record.note(at, 'provider', `${this.#feed.source} answers again`);
    return at;
  }
}
