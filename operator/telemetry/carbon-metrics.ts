import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { EmissionScope, Rung, Signal } from '../domain/intensity.ts';
import type { DurationMs, EpochMs, GramsPerKilowattHour } from '../domain/units.ts';

/** What is known of one zone and signal at the moment of a scrape. */
export interface OutlookState {
  readonly zone: string;
  readonly signal: Signal;
  readonly rung: Rung;
  readonly source: string;
  readonly scope: EmissionScope;
  /** Of the stretch that is under way at the scrape; absent in a gap. */
  readonly now: GramsPerKilowattHour | undefined;
  /** End of the last sample. */
  readonly coversUntil: EpochMs;
  /** When a provider issued it; absent where none forecast these very days. */
  readonly issuedAt: EpochMs | undefined;
}

/** What is known of all zones at the moment of a scrape. */
export interface OutlookStates {
  readonly now: EpochMs;
  readonly outlooks: readonly OutlookState[];
  /** Asked about, and nobody knows. */
  readonly unknown: readonly Pick<OutlookState, 'zone' | 'signal'>[];
}

/** What was asked and what came of it, and how far ahead the grids are known. What is not known has no value. */
export class CarbonMetrics {
  readonly #requests: Counter<'signal' | 'rung'>;
  readonly #seconds: Histogram;
  readonly #errors: Counter<'source' | 'code'>;
  #read: (() => OutlookStates) | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'sunward_carbon_requests_total',
      help: 'Questions for the carbon intensity of a zone, by the rung of the ladder that answered; None: nobody did.',
      labelNames: ['signal', 'rung'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'sunward_carbon_request_seconds',
      help: 'Time until the ladder of sources answered.',
      buckets: [0.001, 0.01, 0.1, 0.5, 1, 5, 10, 30, 60],
      registers,
    });
    this.#errors = new Counter({
      name: 'sunward_carbon_source_errors_total',
      help: 'Questions that a source could not answer, whether or not a later one did.',
      labelNames: ['source', 'code'],
      registers,
    });
    this.#intensity(registers);
    this.#gauge(
      registers,
      'sunward_carbon_forecast_horizon_seconds',
      'How far ahead the intensity of a zone is known. Absent where nothing is known.',
      ({ coversUntil }, now) => Math.max(0, coversUntil - now) / 1_000,
    );
    this.#gauge(
      registers,
      'sunward_carbon_forecast_age_seconds',
      'Time since a provider issued the forecast in use. Absent where nothing is known, or the figures are no forecast.',
      ({ issuedAt }, now) => (issuedAt === undefined ? undefined : (now - issuedAt) / 1_000),
    );
    this.#info(registers);
  }

  /** Asked at every scrape from now on. */
  observe(read: () => OutlookStates): void {
    this.#read = read;
  }

  answered(signal: Signal, rung: Rung, tookMs: DurationMs): void {
    this.#requests.inc({ signal, rung });
    this.#seconds.observe(tookMs / 1_000);
  }

  /** `code`: of a SourceError. */
  failed(source: string, code: string): void {
    this.#errors.inc({ source, code });
  }

  #gauge(
    registers: Registry[],
    name: string,
    help: string,
    valueOf: (outlook: OutlookState, now: EpochMs) => number | undefined,
  ): void {
    const state = (): OutlookStates | undefined => this.#read?.();
    new Gauge({
      name,
      help,
      labelNames: ['zone', 'signal'],
      registers,
      collect() {
        this.reset();
        const { now = 0, outlooks = [] } = state() ?? {};
        for (const outlook of outlooks) {
          const value = valueOf(outlook, now);
          if (value !== undefined) this.set({ zone: outlook.zone, signal: outlook.signal }, value);
        }
      },
    });
  }

  /** Its time is that of the scrape: the figure is the one that is planned with then, for the stretch that is under way. */
  #intensity(registers: Registry[]): void {
    const outlooks = (): readonly OutlookState[] => this.#read?.().outlooks ?? [];
    new Gauge({
      name: 'sunward_carbon_intensity_grams_per_kilowatt_hour',
      help: 'Carbon intensity of a zone for the stretch of time that is under way at the scrape, as it is planned with: measured, forecast or typical, see sunward_carbon_outlook_info. Signals and scopes are different quantities. Absent where nothing is known.',
      labelNames: ['zone', 'signal', 'scope', 'source'],
      registers,
      collect() {
        this.reset();
        for (const { zone, signal, scope, source, now } of outlooks()) {
          if (now !== undefined) this.set({ zone, signal, scope, source }, now);
        }
      },
    });
  }

  #info(registers: Registry[]): void {
    const states = (): OutlookStates | undefined => this.#read?.();
    new Gauge({
      name: 'sunward_carbon_outlook_info',
      help: '1 for the source and the rung of the ladder that the intensity of a zone is from; None, without a source: nobody knows it.',
      labelNames: ['zone', 'signal', 'rung', 'source'],
      registers,
      collect() {
        this.reset();
        const { outlooks = [], unknown = [] } = states() ?? {};
        for (const { zone, signal, rung, source } of outlooks) this.set({ zone, signal, rung, source }, 1);
        for (const { zone, signal } of unknown) this.set({ zone, signal, rung: 'None', source: '' }, 1);
      },
    });
  }
}
