import type { PriceSeries } from '../../domain/electricity-price.ts';
import type { Interval } from '../../domain/interval.ts';
import { cutTo, sampleAt } from '../../domain/samples.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { PriceSource } from '../../ports/price.ts';
import { asSourceError, type SourceError, type SourceErrorCode } from '../../ports/source-error.ts';
import { inTurn } from '../../runtime/in-turn.ts';
import { RefreshLoop } from '../../runtime/refresh-loop.ts';
import type { PriceMetrics, PriceState } from '../../telemetry/price-metrics.ts';
import { wholeHoursAround } from '../whole-hours.ts';
import { publishedAndBeyond } from './published-and-beyond.ts';

/** A source in its place in the order of preference. */
export interface PriceSourceInOrder {
  readonly source: PriceSource;
  /** Zones that it is asked about; absent: all. */
  readonly zones: ReadonlySet<string> | undefined;
}

/** What is known of the price of electricity in a zone. */
export interface KnownPrices {
  /** Published and beyond; see {@link publishedAndBeyond}. Absent where no source has ever answered. */
  readonly series: PriceSeries | undefined;
  /** End of the last price that is published. */
  readonly publishedUntil: EpochMs | undefined;
  /** Why a better source, or any, has none; empty where the first one answered. */
  readonly failures: readonly { readonly source: string; readonly error: SourceError }[];
}

export interface PriceReader {
  /** `undefined`: nobody was asked yet, or no source is configured for the zone. */
  get(zone: string): KnownPrices | undefined;
}

export interface ElectricityPricesOptions {
  /** Best first. */
  readonly sources: readonly PriceSourceInOrder[];
  /** Zones of the sites. */
  readonly wanted: () => ReadonlySet<string>;
  /** Told of each zone whose prices are others than before. */
  readonly onChange: (zone: string) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: PriceMetrics;
  readonly horizonMs: DurationMs;
  /** From one question about a zone to the next, where it was answered. */
  readonly intervalMs: DurationMs;
  /** Questions at once. Default 4. */
  readonly concurrency?: number;
}

const DEFAULT_CONCURRENCY = 4;
/** Providers of prices take few questions a minute: what one refused is asked again soon, before the others' turn. */
const ASK_AGAIN_AFTER_MS: DurationMs = 2 * MINUTE_MS;
/** Failures that may be over soon. What a provider does not have costs a request whenever it is asked for all the same. */
const PASSING: readonly SourceErrorCode[] = ['QuotaExceeded', 'BudgetSpent', 'Unavailable', 'CircuitOpen'];
const LOOK_EVERY_MS: DurationMs = MINUTE_MS;
/** Yesterday stands for what is not published yet. */
const LOOK_BACK_MS: DurationMs = 24 * HOUR_MS;
/** Prices that were published stay as they are: they are kept this long, whatever becomes of their source. */
const KEPT_MS: DurationMs = 8 * 24 * HOUR_MS;

type Kept = KnownPrices & { readonly published: PriceSeries | undefined };

/** Keeps the published prices of electricity for the zones of all sites. They never hold up a plan: what is unknown is priced flat. */
export class ElectricityPrices implements PriceReader {
  readonly #options: ElectricityPricesOptions;
  readonly #known = new Map<string, Kept>();
  readonly #askAt = new Map<string, EpochMs>();
  readonly #loop: RefreshLoop;

  constructor(options: ElectricityPricesOptions) {
    this.#options = options;
    this.#loop = new RefreshLoop({
      ...options,
      intervalMs: Math.min(options.intervalMs, LOOK_EVERY_MS),
      what: 'prices of electricity',
      turn: (_, abort) => this.#turn(abort),
    });
    options.metrics.observe(() => ({ now: options.clock.now(), prices: this.#states() }));
  }

  get(zone: string): KnownPrices | undefined {
    return this.#known.get(zone);
  }

  /** There may be a new zone. */
  request(): void {
    this.#loop.request();
  }

  async run(abort: AbortSignal): Promise<void> {
    await this.#loop.run(abort);
  }

  /** Asks for each zone now. Rejects only when `abort` fires. */
  async refresh(zones: Iterable<string>, abort: AbortSignal): Promise<void> {
    const shortestFirst = [...zones].sort((a, b) => this.#publishedUntil(a) - this.#publishedUntil(b));
    await inTurn(shortestFirst, this.#options.concurrency ?? DEFAULT_CONCURRENCY, (zone) => this.#ask(zone, abort));
  }

  #publishedUntil(zone: string): EpochMs {
    return this.#known.get(zone)?.publishedUntil ?? 0;
  }

  async #turn(abort: AbortSignal): Promise<void> {
    const wanted = this.#options.wanted();
    for (const zone of this.#askAt.keys()) {
      if (wanted.has(zone)) continue;
      this.#known.delete(zone);
      this.#askAt.delete(zone);
    }
    const now = this.#options.clock.now();
    await this.refresh(
      [...wanted].filter((zone) => this.#isDue(zone, now)),
      abort,
    );
  }

  /** Also where its time is further away than it can have been set to: then the clock was set back. */
  #isDue(zone: string, now: EpochMs): boolean {
    const askAt = this.#askAt.get(zone) ?? -Infinity;
    return askAt <= now || askAt > now + Math.max(this.#options.intervalMs, ASK_AGAIN_AFTER_MS);
  }

  async #ask(zone: string, abort: AbortSignal): Promise<void> {
    abort.throwIfAborted();
    const serving = this.#options.sources.filter(({ zones }) => zones?.has(zone) !== false);
    if (serving.length === 0) return;
    const now = this.#options.clock.now();
    const interval = wholeHoursAround(now, { back: LOOK_BACK_MS, ahead: this.#options.horizonMs });
    const before = this.#known.get(zone);
    const { answer, failures } = await this.#firstAnswer(serving, { zone, interval }, before?.published, abort);
    const isSoonOver = answer === undefined && failures.some(({ error }) => PASSING.includes(error.code));
    this.#askAt.set(zone, now + (isSoonOver ? ASK_AGAIN_AFTER_MS : this.#options.intervalMs));
    const published = answer === undefined ? before?.published : merged(before?.published, answer, now);
    const after = { ...pricesOf(published, interval), published, failures };
    this.#known.set(zone, after);
    if (before === undefined || contentOf(before, now) !== contentOf(after, now)) this.#options.onChange(zone);
  }

  async #firstAnswer(
    serving: readonly PriceSourceInOrder[],
    query: { readonly zone: string; readonly interval: Interval },
    before: PriceSeries | undefined,
    abort: AbortSignal,
  ) {
    const failures: { source: string; error: SourceError }[] = [];
    for (const { source } of serving) {
      try {
        return { answer: await source.prices(query, abort), failures };
      } catch (error) {
        abort.throwIfAborted();
        const failure = { source: source.name, error: asSourceError(source.name, error) };
        this.#options.metrics.failed(source.name, failure.error.code);
        failures.push(failure);
        // What it has published stays true: no lesser source takes its place while that reaches ahead.
        if (before?.source === source.name && this.#reachesAhead(before)) break;
      }
    }
    return { answer: undefined, failures };
  }

  #reachesAhead({ samples }: PriceSeries): boolean {
    return (samples.at(-1)?.endsAt ?? 0) > this.#options.clock.now();
  }

  #states(): readonly PriceState[] {
    const now = this.#options.clock.now();
    return [...this.#known].flatMap(([zone, { series, publishedUntil }]) => {
      if (series === undefined || publishedUntil === undefined) return [];
      const { currency, source } = series;
      return [{ zone, currency, source, now: sampleAt(series.samples, now)?.perKilowattHour, publishedUntil }];
    });
  }
}

/** What was published before, where the answer of the same source no longer reaches back to it. */
function merged(before: PriceSeries | undefined, answer: PriceSeries, now: EpochMs): PriceSeries {
  const isSame = before?.source === answer.source && before.currency === answer.currency;
  if (!isSame) return answer;
  const older = cutTo(before.samples, { startsAt: now - KEPT_MS, endsAt: answer.samples[0]?.startsAt ?? Infinity });
  return { ...answer, samples: [...older, ...answer.samples] };
}

/** All that it says of the time from `now` on: how far back it goes must not set off a new plan. */
function contentOf({ series, publishedUntil, failures }: KnownPrices, now: EpochMs): string {
  const ahead = series && { ...series, samples: cutTo(series.samples, { startsAt: now, endsAt: Infinity }) };
  return JSON.stringify([
    ahead,
    publishedUntil,
    failures.map(({ source, error }) => [source, error.code, error.message]),
  ]);
}

function pricesOf(
  published: PriceSeries | undefined,
  interval: Interval,
): Pick<KnownPrices, 'series' | 'publishedUntil'> {
  if (published === undefined) return { series: undefined, publishedUntil: undefined };
  const series = { ...published, samples: publishedAndBeyond(published.samples, interval) };
  return { series, publishedUntil: published.samples.at(-1)?.endsAt };
}
