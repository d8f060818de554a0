export type Labels = Readonly<Record<string, string>>;

/** One series of a metric. */
export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** Adds up what has the same labels. Labels are given in the same order each time. */
export class Sums {
  readonly #samples = new Map<string, { readonly labels: Labels; value: number }>();

  add(labels: Labels, value: number): void {
    const key = seriesKey(labels);
    const before = this.#samples.get(key);
    if (before === undefined) this.#samples.set(key, { labels, value });
    else before.value += value;
  }

  samples(): readonly Sample[] {
    return [...this.#samples.values()];
  }
}

/** Means of what has the same labels, weighted by the devices that it is known of. What nobody knows has no mean. */
export class Means {
  readonly #weighted = new Sums();
  readonly #weights = new Sums();

  add(labels: Labels, value: number | undefined, weight: number): void {
    if (value === undefined || weight <= 0) return;
    this.#weighted.add(labels, value * weight);
    this.#weights.add(labels, weight);
  }

  samples(): readonly Sample[] {
    const weights = this.#weights.samples();
    return this.#weighted.samples().map(({ labels, value }, index) => ({
      labels,
      value: value / (weights[index]?.value ?? NaN),
    }));
  }
}

export function seriesKey(labels: Labels): string {
  return Object.values(labels).join('\n');
}
