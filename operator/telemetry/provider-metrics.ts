import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { DurationMs } from '../domain/units.ts';

/** A provider with a budget at the moment of a scrape. */
export interface BudgetState {
  readonly provider: string;
  /** Requests of the period that is under way. */
  readonly limit: number;
  readonly remaining: number;
}

/** What providers of carbon and price data were asked, what came of it, and what is left. */
export class ProviderMetrics {
  readonly #requests: Counter<'provider' | 'code'>;
  readonly #seconds: Histogram<'provider'>;
  readonly #skew: Gauge<'provider'>;
  readonly #open: Gauge<'provider'>;
  #budgets: (() => readonly BudgetState[]) | undefined;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'sunward_provider_requests_total',
      help: 'Requests that went out to a provider, retries and logins as well, by what came of them: OK, or the code of the error.',
      labelNames: ['provider', 'code'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'sunward_provider_request_seconds',
      help: 'Time until the whole reply of a provider was there, or until it failed.',
      labelNames: ['provider'],
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    });
    this.#skew = new Gauge({
      name: 'sunward_provider_clock_skew_seconds',
      help: 'How far the clock of a provider is ahead of this one, by its last reply that told the time. It is told to the second.',
      labelNames: ['provider'],
      registers,
    });
    this.#open = new Gauge({
      name: 'sunward_provider_circuit_open',
      help: '1 where a provider has failed so often that it is asked only now and then, else 0. There is one for each that is configured, and one more for what Prometheus is asked about devices: prometheus-usage.',
      labelNames: ['provider'],
      registers,
    });
    this.#budgetGauge(
      registers,
      'sunward_provider_budget_requests',
      'Requests that a provider may be asked in the hour, day or month that is under way. Absent: no limit is configured.',
      ({ limit }) => limit,
    );
    this.#budgetGauge(
      registers,
      'sunward_provider_budget_remaining_requests',
      'What is left of it.',
      ({ remaining }) => remaining,
    );
  }

  /** `code`: `OK`, or of a SourceError. */
  asked(provider: string, code: string, tookMs: DurationMs): void {
    this.#requests.inc({ provider, code });
    this.#seconds.observe({ provider }, tookMs / 1_000);
  }

  skewed(provider: string, aheadMs: DurationMs): void {
    this.#skew.set({ provider }, Math.trunc(aheadMs / 1_000));
  }

  circuit(provider: string, isOpen: boolean): void {
    this.#open.set({ provider }, isOpen ? 1 : 0);
  }

  /** Asked at every scrape from now on. */
  observeBudgets(read: () => readonly BudgetState[]): void {
    this.#budgets = read;
  }

  #budgetGauge(registers: Registry[], name: string, help: string, valueOf: (state: BudgetState) => number): void {
    const states = (): readonly BudgetState[] => this.#budgets?.() ?? [];
    new Gauge({
      name,
      help,
      labelNames: ['provider'],
      registers,
      collect() {
        this.reset();
        for (const state of states()) this.set({ provider: state.provider }, valueOf(state));
      },
    });
  }
}
