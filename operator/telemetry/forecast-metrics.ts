import { Gauge, type Registry } from 'prom-client';
import type { Signal } from '../domain/intensity.ts';

/** How far off predictions were over the last days, g/kWh; the share is 0.1 for 10 %. */
export interface AccuracyState {
  readonly meanAbsoluteError: number;
  readonly meanAbsolutePercentageError: number | undefined;
  readonly bias: number;
}

/** Of one source, zone and signal. */
export interface ForecastState {
  readonly source: string;
  readonly zone: string;
  readonly signal: Signal;
  readonly trusted: boolean;
  readonly skills: readonly {
    /** In hours. */
    readonly lead: number;
    readonly forecast: AccuracyState;
    readonly persistence: AccuracyState;
  }[];
}

const LABELS = ['source', 'zone', 'signal', 'lead_hours', 'predictor'] as const;
type Label = (typeof LABELS)[number];

/** What forecasts were worth, against persistence: what came at the same hour of the days before. */
export class ForecastMetrics {
  #read: (() => readonly ForecastState[]) | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    const over =
      'over the last days, by lead time; predictor is forecast or persistence, the same hour of the days before.';
    this.#error(
      registers,
      'sunward_carbon_forecast_mean_absolute_error_grams_per_kilowatt_hour',
      `Mean of |predicted - came| ${over}`,
      (one) => one.meanAbsoluteError,
    );
    this.#error(
      registers,
      'sunward_carbon_forecast_mean_absolute_percentage_error_ratio',
      `Mean of |predicted - came| / came ${over} 0.1 is 10 %.`,
      (one) => one.meanAbsolutePercentageError,
    );
    this.#error(
      registers,
      'sunward_carbon_forecast_bias_grams_per_kilowatt_hour',
      `Mean of predicted - came ${over} Above zero, it was cleaner than predicted.`,
      (one) => one.bias,
    );
    const states = (): readonly ForecastState[] => this.#read?.() ?? [];
    new Gauge({
      name: 'sunward_carbon_forecast_trusted',
      help: '1 where forecasts of a source are planned with, 0 where they have been off by three times as much as persistence over the last days.',
      labelNames: ['source', 'zone', 'signal'],
      registers,
      collect() {
        this.reset();
        for (const { source, zone, signal, trusted } of states()) this.set({ source, zone, signal }, trusted ? 1 : 0);
      },
    });
  }

  /** Asked at every scrape from now on. */
  observe(read: () => readonly ForecastState[]): void {
    this.#read = read;
  }

  #error(registers: Registry[], name: string, help: string, valueOf: (one: AccuracyState) => number | undefined): void {
    const states = (): readonly ForecastState[] => this.#read?.() ?? [];
    new Gauge({
      name,
      help,
      labelNames: [...LABELS],
      registers,
      collect() {
        this.reset();
        for (const { source, zone, signal, skills } of states()) {
          for (const { lead, forecast, persistence } of skills) {
            setWhereKnown(this, { source, zone, signal, lead_hours: lead, predictor: 'forecast' }, valueOf(forecast));
            setWhereKnown(
              this,
              { source, zone, signal, lead_hours: lead, predictor: 'persistence' },
              valueOf(persistence),
            );
          }
        }
      },
    });
  }
}

function setWhereKnown(gauge: Gauge<Label>, labels: Record<Label, string | number>, value: number | undefined): void {
  if (value !== undefined) gauge.set(labels, value);
}
