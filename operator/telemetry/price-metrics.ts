import { Counter, Gauge, type Registry } from 'prom-client';
import type { EpochMs } from '../domain/units.ts';

/** What is known of the price of electricity in one zone at the moment of a scrape. */
export interface PriceState {
  readonly zone: string;
  readonly currency: string;
  readonly source: string;
  /** Per kWh, of the stretch that is under way; absent in a gap. */
  readonly now: number | undefined;
  /** End of the last price that is published. */
  readonly publishedUntil: EpochMs;
}

export interface PriceStates {
  readonly now: EpochMs;
  readonly prices: readonly PriceState[];
}

/** Prices of electricity as they are planned with. What is not known has no value. */
export class PriceMetrics {
  readonly #errors: Counter<'source' | 'code'>;
  #read: (() => PriceStates) | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#errors = new Counter({
      name: 'sunward_price_source_errors_total',
      help: 'Questions for prices that a source could not answer, whether or not a later one did.',
      labelNames: ['source', 'code'],
      registers,
    });
    const states = (): PriceStates => this.#read?.() ?? { now: 0, prices: [] };
    new Gauge({
      name: 'sunward_electricity_price_per_kilowatt_hour',
      help: 'Price of electricity in a zone for the stretch of time that is under way at the scrape. It may be negative.',
      labelNames: ['zone', 'currency', 'source'],
      registers,
      collect() {
        this.reset();
        for (const { zone, currency, source, now } of states().prices) {
          if (now !== undefined) this.set({ zone, currency, source }, now);
        }
      },
    });
    new Gauge({
      name: 'sunward_electricity_price_horizon_seconds',
      help: 'How far ahead prices of electricity are published. Beyond it those of the day before stand for them.',
      labelNames: ['zone'],
      registers,
      collect() {
        this.reset();
        const { now, prices } = states();
        for (const { zone, publishedUntil } of prices) this.set({ zone }, Math.max(0, publishedUntil - now) / 1_000);
      },
    });
  }

  /** Asked at every scrape from now on. */
  observe(read: () => PriceStates): void {
    this.#read = read;
  }

  /** `code`: of a SourceError. */
  failed(source: string, code: string): void {
    this.#errors.inc({ source, code });
  }
}
