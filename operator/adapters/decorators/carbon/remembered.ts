import type { IntensitySeries, Signal } from '../../../domain/intensity.ts';
import { cutTo } from '../../../domain/samples.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource, RememberedForecast, RememberingSource } from '../../../ports/carbon.ts';
import type { Clock } from '../../../ports/clock.ts';
import { asSourceError, SourceError, type SourceErrorCode } from '../../../ports/source-error.ts';
import { SingleFlight } from '../../../runtime/single-flight.ts';

export interface RememberingOptions {
  readonly clock: Clock;
  /** The vendor is asked about a zone and signal at most once in so long, for its forecast or for its history. 0: every time. */
  readonly refreshMs: DurationMs;
}

/** What a vendor never has it does not have an hour later either; but plans change, so it is asked again at times. */
const ASK_AGAIN_AFTER_MS: DurationMs = HOUR_MS;
const LASTING: readonly SourceErrorCode[] = [
  'ZoneUnknown',
  'SignalUnsupported',
  'ForecastUnsupported',
  'HistoryUnsupported',
  'NotEntitled',
];
/** With these nobody was asked: the next question may go through. */
const UNASKED: readonly SourceErrorCode[] = ['BudgetSpent', 'CircuitOpen'];

/** Measurements come by the hour, and are corrected for a while. */
const HISTORY_EVERY_MS: DurationMs = HOUR_MS;

interface Answer {
  readonly at: EpochMs;
  readonly series: IntensitySeries | undefined;
  readonly error: SourceError | undefined;
}

interface Memory {
  /** When the vendor was last asked, for whichever of the two. */
  askedAt: EpochMs;
  forecast: Answer | undefined;
  /** The last forecast that came, which later failures leave alone. */
  lastForecast: RememberedForecast | undefined;
  history: Answer | undefined;
}

/**
 * A cache with ages around one vendor: single flight, one question a zone and refresh interval, failures included, and
 * one an hour where the failure lasts. In the interval in which history is asked for, the forecast is that of the one before.
 */
export class RememberedSource implements RememberingSource {
  readonly name: string;
  readonly rung: CarbonSource['rung'];
  readonly #source: CarbonSource;
  readonly #options: RememberingOptions;
  readonly #memories = new Map<string, Memory>();
  readonly #flights = new SingleFlight<IntensitySeries>();

  constructor(source: CarbonSource, options: RememberingOptions) {
    this.name = source.name;
    this.rung = source.rung;
    this.#source = source;
    this.#options = options;
  }

  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    const memory = this.#memoryOf(query);
    const known = memory.forecast;
    if (known !== undefined && this.#stillHolds(known, memory)) return answered(known, query);
    const series = await this.#flights.do(
      `forecast ${keyOf(query)}`,
      (shared) => this.#asked(memory, 'forecast', (ends) => this.#source.forecast(query, ends), shared),
      abort,
    );
    return cut(series as IntensitySeries<S>, query);
  }

  async history<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    const memory = this.#memoryOf(query);
    const known = memory.history;
    if (known !== undefined && this.#age(known.at) < holdsFor(known, HISTORY_EVERY_MS)) return answered(known, query);
    const series = await this.#flights.do(
      `history ${keyOf(query)}`,
      (shared) => this.#asked(memory, 'history', (ends) => this.#source.history(query, ends), shared),
      abort,
    );
    return cut(series as IntensitySeries<S>, query);
  }

  recall<S extends Signal>(zone: string, signal: S): RememberedForecast<S> | undefined {
    return this.#memories.get(keyOf({ zone, signal }))?.lastForecast as RememberedForecast<S> | undefined;
  }

  restore(forecast: RememberedForecast): void {
    const { series, askedAt } = forecast;
    const memory = this.#memoryOf(series);
    memory.lastForecast = forecast;
    memory.forecast = { at: askedAt, series, error: undefined };
    memory.askedAt = askedAt;
  }

  historyIsDue(zone: string, signal: Signal): boolean {
    const memory = this.#memories.get(keyOf({ zone, signal }));
    if (memory?.forecast === undefined) return false;
    const { forecast, history } = memory;
    const isOld = history === undefined || this.#age(history.at) >= holdsFor(history, HISTORY_EVERY_MS);
    // One more interval without a new forecast must be bearable.
    const hasForecast = forecast.series !== undefined && this.#age(forecast.at) < 2 * this.#options.refreshMs;
    return isOld && this.#age(memory.askedAt) >= this.#options.refreshMs && (hasForecast || isLasting(forecast.error));
  }

  forget(zone: string, signal: Signal): void {
    this.#memories.delete(keyOf({ zone, signal }));
  }

  /** Within the interval, or while history takes its turn. */
  #stillHolds(known: Answer, { askedAt }: Memory): boolean {
    const { refreshMs } = this.#options;
    if (this.#age(known.at) < holdsFor(known, refreshMs)) return true;
    const isBearable = known.series === undefined ? isLasting(known.error) : this.#age(known.at) < 3 * refreshMs;
    return isBearable && this.#age(askedAt) < refreshMs;
  }

  async #asked(
    memory: Memory,
    what: 'forecast' | 'history',
    ask: (abort: AbortSignal) => Promise<IntensitySeries>,
    abort: AbortSignal,
  ): Promise<IntensitySeries> {
    const at = this.#options.clock.now();
    try {
      const series = await ask(abort);
      memory[what] = { at, series, error: undefined };
      memory.askedAt = at;
      // One that ends in the past must not take the place of one that reaches ahead.
      const reachesAhead = (series.samples.at(-1)?.endsAt ?? 0) > at;
      if (what === 'forecast' && reachesAhead) memory.lastForecast = { series, askedAt: at };
      return series;
    } catch (thrown) {
      abort.throwIfAborted();
      const error = asSourceError(this.name, thrown);
      if (!UNASKED.includes(error.code)) {
        memory[what] = { at, series: undefined, error };
        memory.askedAt = at;
      }
      throw error;
    }
  }

  /** A clock that was set back must not make young what is old. */
  #age(at: EpochMs): DurationMs {
    const age = this.#options.clock.now() - at;
    return age < 0 ? Infinity : age;
  }

  #memoryOf(one: { readonly zone: string; readonly signal: Signal }): Memory {
    const known = this.#memories.get(keyOf(one));
    if (known !== undefined) return known;
    const memory: Memory = { askedAt: -Infinity, forecast: undefined, lastForecast: undefined, history: undefined };
    this.#memories.set(keyOf(one), memory);
    return memory;
  }
}

function holdsFor({ error }: Answer, usually: DurationMs): DurationMs {
  return isLasting(error) && usually > 0 ? Math.max(usually, ASK_AGAIN_AFTER_MS) : usually;
}

function isLasting(error: SourceError | undefined): boolean {
  return error !== undefined && LASTING.includes(error.code);
}

function answered<S extends Signal>({ series, error }: Answer, query: CarbonQuery<S>): IntensitySeries<S> {
  if (series !== undefined) return cut(series as IntensitySeries<S>, query);
  throw error ?? new SourceError('NoData', `nothing is remembered of zone ${query.zone}`);
}

function cut<S extends Signal>(series: IntensitySeries<S>, { zone, interval }: CarbonQuery): IntensitySeries<S> {
  const samples = cutTo(series.samples, interval);
  if (samples.length > 0) return { ...series, samples };
  throw new SourceError('NoData', `what ${series.source} said of zone ${zone} does not reach the time asked for`);
}

function keyOf({ zone, signal }: { readonly zone: string; readonly signal: Signal }): string {
  return `${signal} ${zone}`;
}
