import type { IntensitySample } from '../../../../operator/domain/intensity.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../../operator/domain/units.ts';

/** A job whose length is known: the rule reads it only to see whether the job is done. */
export interface KnownJob {
  readonly arrivesAt: EpochMs;
  readonly length: DurationMs;
  readonly mayWait: DurationMs;
}

const DAY_HOURS = 24;

/** Grams of a kilowatt that runs at some times, by the intensity that came. */
export class HourlyCosts {
  readonly startsAt: EpochMs;
  readonly #figures: Float64Array;

  /** Samples may be shorter than an hour; what they leave out is unknown. */
  constructor(samples: readonly IntensitySample[]) {
    this.startsAt = Math.floor((samples[0]?.startsAt ?? 0) / HOUR_MS) * HOUR_MS;
    const count = Math.max(0, Math.ceil(((samples.at(-1)?.endsAt ?? this.startsAt) - this.startsAt) / HOUR_MS));
    const covered = new Float64Array(count);
    this.#figures = new Float64Array(count);
    for (const { startsAt, endsAt, gramsPerKilowattHour } of samples) {
      for (let from = startsAt; from < endsAt;) {
        const hour = Math.floor((from - this.startsAt) / HOUR_MS);
        const until = Math.min(endsAt, this.startsAt + (hour + 1) * HOUR_MS);
        this.#figures[hour] = (this.#figures[hour] ?? 0) + (gramsPerKilowattHour * (until - from)) / HOUR_MS;
        covered[hour] = (covered[hour] ?? 0) + until - from;
        from = until;
      }
    }
    this.#figures = this.#figures.map((figure, hour) => ((covered[hour] ?? 0) < HOUR_MS ? NaN : figure));
  }

  /** The hour itself where the data reach three weeks beyond it; else the first one. */
  firstHour(wanted: number): number {
    return wanted + 3 * 7 * DAY_HOURS <= this.#figures.length ? wanted : 0;
  }

  areKnown(startsAt: EpochMs, endsAt: EpochMs): boolean {
    return this.#hoursOf(startsAt, endsAt).every(({ figure }) => !Number.isNaN(figure));
  }

  /**
   * Ecovisor's rule as it is set up in the paper: run in what is below the 30 % quantile of the day from the arrival on, and
   * once the wait is used up.
   */
  byThreshold({ arrivesAt, length, mayWait }: KnownJob): number {
    const limit = quantileOf(this.#hoursOf(arrivesAt, arrivesAt + DAY_HOURS * HOUR_MS), 0.3);
    let left = length;
    let wait = mayWait;
    let grams = 0;
    for (const { figure, ms } of this.#hoursOf(arrivesAt, arrivesAt + length + mayWait)) {
      const waited = figure < limit ? 0 : Math.min(wait, ms);
      wait -= waited;
      const used = Math.min(left, ms - waited);
      grams += (figure * used) / HOUR_MS;
      left -= used;
    }
    return grams;
  }

  #hoursOf(startsAt: EpochMs, endsAt: EpochMs): { figure: number; ms: DurationMs }[] {
    const parts: { figure: number; ms: DurationMs }[] = [];
    for (let from = startsAt; from < endsAt;) {
      const hour = Math.floor((from - this.startsAt) / HOUR_MS);
      const until = Math.min(endsAt, this.startsAt + (hour + 1) * HOUR_MS);
      parts.push({ figure: this.#figures[hour] ?? NaN, ms: until - from });
      from = until;
    }
    return parts;
  }
}

/** The figure that so much of the time is at or below. */
function quantileOf(parts: readonly { readonly figure: number; readonly ms: DurationMs }[], share: number): number {
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  let below = 0;
  for (const { figure, ms } of parts.toSorted((a, b) => a.figure - b.figure)) {
    below += ms;
    if (below >= share * total) return figure;
  }
  return NaN;
}
