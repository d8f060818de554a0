import type { Rate } from '../../domain/usage/assessment.ts';
import { Sums, type Labels, type Sample } from './sums.ts';

export interface RateSamples {
  readonly power: readonly Sample[];
  readonly cost: readonly Sample[];
  readonly emissions: readonly Sample[];
}

/** Adds up what things draw, cost and emit per hour, by label. */
export class RateSums {
  readonly #power = new Sums();
  readonly #cost = new Sums();
  readonly #emissions = new Sums();

  /** @param power labels of the power only, such as how it is known */
  add(labels: Labels, rate: Rate, { currency, power = {} }: { currency: string; power?: Labels }): void {
    this.#power.add({ ...labels, ...power }, rate.power);
    // No price is known where it is 0, and money without a currency is none.
    if (rate.moneyPerHour !== 0 && currency !== '') this.#cost.add({ ...labels, currency }, rate.moneyPerHour);
    if (rate.gramsPerHour !== undefined) this.#emissions.add(labels, rate.gramsPerHour);
  }

  samples(): RateSamples {
    return { power: this.#power.samples(), cost: this.#cost.samples(), emissions: this.#emissions.samples() };
  }
}
