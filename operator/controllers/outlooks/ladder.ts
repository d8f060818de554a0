import { TYPICAL_DAY_ERROR } from '../../accounting/forecast-skill/combination.ts';
import type { Trust } from '../../accounting/forecast-skill/skill.ts';
import type { IntensitySeries, Signal } from '../../domain/intensity.ts';
import { cutTo, sampleAt } from '../../domain/samples.ts';
import type { Outlook } from '../../domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type {
  CarbonAnswer,
  CarbonLadder,
  CarbonQuery,
  CarbonSourceFailure,
  RememberingSource,
} from '../../ports/carbon.ts';
import type { Clock } from '../../ports/clock.ts';
import { asSourceError, SourceError } from '../../ports/source-error.ts';
import { KEPT_PAST_MS, withPast } from './kept-past.ts';
import type { CarbonMemory } from './memory/carbon-memory.ts';

/** A source in its place in the order of preference. */
export interface LadderSource {
  readonly source: RememberingSource;
  /** Zones that it is asked about; absent: all. */
  readonly zones: ReadonlySet<string> | undefined;
  /** It is asked over a network: what it said is worth keeping. */
  readonly isProvider: boolean;
}

export interface LadderOptions {
  /** Best first. Those that stand on the rung `TypicalDay` come last, whatever their place. */
  readonly sources: readonly LadderSource[];
  readonly memory: CarbonMemory;
  readonly clock: Clock;
  /** An older forecast stands for nothing any more. */
  readonly cachedForMs: DurationMs;
}

/** What came is asked for so far back: providers correct their measurements for a day. */
const HISTORY_MS: DurationMs = 24 * HOUR_MS;

/**
 * The ladder: a live forecast of the first source that has one and is to be trusted, for what it has shown, else an earlier
 * forecast, else what came at the same hour of the days before, else the typical day. Each rung says why it is not a better one.
 */
export class Ladder implements CarbonLadder {
  readonly #options: LadderOptions;

  constructor(options: LadderOptions) {
    this.#options = options;
  }

  async ask<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<CarbonAnswer<S>> {
    const serving = this.#options.sources.filter(({ zones }) => zones?.has(query.zone) !== false);
    const live = serving.filter(({ source }) => source.rung === 'LiveForecast');
    const typical = serving.filter(({ source }) => source.rung === 'TypicalDay');
    const failures: CarbonSourceFailure[] = [];
    const answer =
      (await this.#firstOf(live, query, failures, abort)) ??
      this.#earlierForecast(live, query) ??
      this.#persistence(live, query) ??
      (await this.#firstOf(typical, query, failures, abort));
    return { outlook: answer && { ...answer, series: this.#withWhatCame(answer.series) }, failures };
  }

  forget({ zone, signal }: Pick<CarbonQuery, 'zone' | 'signal'>): void {
    for (const { source } of this.#options.sources) source.forget(zone, signal);
    this.#options.memory.forget(zone, signal);
  }

  async #firstOf<S extends Signal>(
    sources: readonly LadderSource[],
    query: CarbonQuery<S>,
    failures: CarbonSourceFailure[],
    abort: AbortSignal,
  ) {
    for (const one of sources) {
      const { source } = one;
      try {
        await this.#learnWhatCame(source, query, abort);
        const series = this.#usable(await source.forecast(query, abort));
        const trust = this.#judged(source, series);
        if (trust.trusted) return this.#outlookOf(one, series, query);
        failures.push({ source: source.name, error: worseThanPersistence(source.name, trust) });
      } catch (error) {
        abort.throwIfAborted();
        failures.push({ source: source.name, error: asSourceError(source.name, error) });
      }
    }
    return undefined;
  }

  /** Its failure is no failure of the forecast. */
  async #learnWhatCame(source: RememberingSource, { zone, signal }: CarbonQuery, abort: AbortSignal): Promise<void> {
    if (!source.historyIsDue(zone, signal)) return;
    const now = this.#now;
    const interval = { startsAt: now - HISTORY_MS, endsAt: now };
    try {
      this.#options.memory.came(await source.history({ zone, signal, interval }, abort), now);
    } catch {
      abort.throwIfAborted();
    }
  }

  /** As a whole, and by when it was asked for: the answer may be from memory, and cut. */
  #judged(source: RememberingSource, series: IntensitySeries): Trust {
    const { memory } = this.#options;
    const { series: whole, askedAt } = source.recall(series.zone, series.signal) ?? { series, askedAt: this.#now };
    if (source.rung === 'LiveForecast') memory.expected(whole, askedAt);
    return memory.trust(whole);
  }

  /** A provider's forecast counts for what it has shown; what a person has written is meant as it is. */
  #outlookOf<S extends Signal>(
    { source, isProvider }: LadderSource,
    series: IntensitySeries<S>,
    { interval }: CarbonQuery<S>,
  ): Outlook<S> {
    const { rung } = source;
    if (rung === 'TypicalDay') return { series, rung, expectedError: TYPICAL_DAY_ERROR };
    if (!isProvider) return { series, rung };
    const now = this.#now;
    const madeAt = source.recall(series.zone, series.signal)?.askedAt ?? now;
    return { ...this.#options.memory.weighed(series, { madeAt, now, until: interval.endsAt }), rung };
  }

  #withWhatCame<S extends Signal>(series: IntensitySeries<S>): IntensitySeries<S> {
    const now = this.#now;
    return withPast(series, this.#options.memory.measured(series, { startsAt: now - KEPT_PAST_MS, endsAt: now }), now);
  }

  #earlierForecast<S extends Signal>(sources: readonly LadderSource[], query: CarbonQuery<S>) {
    const { zone, signal, interval } = query;
    for (const one of sources) {
      const { source } = one;
      const remembered = source.recall(zone, signal);
      if (remembered === undefined || this.#now - remembered.askedAt > this.#options.cachedForMs) continue;
      if (!this.#options.memory.trust(remembered.series).trusted) continue;
      const samples = cutTo(remembered.series.samples, interval);
      if (sampleAt(samples, this.#now) === undefined) continue;
      const outlook = this.#outlookOf(one, { ...remembered.series, samples }, query);
      return { ...outlook, rung: 'CachedForecast' } as const;
    }
    return undefined;
  }

  #persistence<S extends Signal>(sources: readonly LadderSource[], query: CarbonQuery<S>) {
    for (const { source } of sources) {
      const persisting = this.#options.memory.persistence(source.name, query, this.#now);
      if (persisting === undefined || sampleAt(persisting.series.samples, this.#now) === undefined) continue;
      return { ...persisting, rung: 'Persistence' } as const;
    }
    return undefined;
  }

  /** A forecast that says nothing of now is of no use, and a provider whose clock or data stands still has no better one. */
  #usable<S extends Signal>(series: IntensitySeries<S>): IntensitySeries<S> {
    if (sampleAt(series.samples, this.#now) !== undefined) return series;
    const covers = [series.samples[0]?.startsAt, series.samples.at(-1)?.endsAt].map((at) =>
      at === undefined ? 'nothing' : new Date(at).toISOString(),
    );
    const message = `${series.source} has nothing of zone ${series.zone} for now: it covers ${covers.join(' to ')}`;
    throw new SourceError('NoData', message);
  }

  get #now(): EpochMs {
    return this.#options.clock.now();
  }
}

function worseThanPersistence(source: string, { evidence }: Trust): SourceError {
  const error = (which: 'forecast' | 'persistence'): string =>
    evidence === undefined ? 'unknown' : `${evidence[which].meanAbsoluteError.toFixed(0)} g/kWh`;
  return new SourceError(
    'PersistenceBetter',
    `the forecast of ${source} has been off by ${error('forecast')} over the last days, the same hour of the days before by ${error('persistence')}`,
  );
}
