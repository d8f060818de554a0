import type { IntensitySample } from '../../../../operator/domain/intensity.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../../operator/domain/units.ts';

/** A job whose length is known: what nobody knows but a bound, and a rule that reads it only to see whether the job is done. */
export interface KnownJob {
  readonly arrivesAt: EpochMs;
  readonly length: DurationMs;
  readonly mayWait: DurationMs;
}

const DAY_HOURS = 24;

/** Grams of a kilowatt that runs at some times, by the intensity that came. Knows nothing of the planner. */
export class HourlyCosts {
  readonly startsAt: EpochMs;
  readonly #figures: Float64Array;
  /** At the beginning of each hour; an unknown one adds nothing. */
  readonly #sums: Float64Array;
  /** How many hours are unknown before each. */
  readonly #unknown: Int32Array;

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
    this.#sums = new Float64Array(count + 1);
    this.#unknown = new Int32Array(count + 1);
    this.#figures.forEach((figure, hour) => {
      const isKnown = !Number.isNaN(figure);
      this.#sums[hour + 1] = (this.#sums[hour] ?? 0) + (isKnown ? figure : 0);
      this.#unknown[hour + 1] = (this.#unknown[hour] ?? 0) + Number(!isKnown);
    });
  }

  /** The hour itself where the data reach three weeks beyond it; else the first one. */
  firstHour(wanted: number): number {
    return wanted + 3 * 7 * DAY_HOURS <= this.#figures.length ? wanted : 0;
  }

  areKnown(startsAt: EpochMs, endsAt: EpochMs): boolean {
    return !Number.isNaN(this.#between(startsAt, endsAt));
  }

  /** The least of anybody who knew the length, pausing at will: its cheapest moments. */
  leastInPieces({ arrivesAt, length, mayWait }: KnownJob): number {
    const parts = this.#hoursOf(arrivesAt, arrivesAt + length + mayWait).sort((a, b) => a.figure - b.figure);
    let left = length;
    let grams = 0;
    for (const { figure, ms } of parts) {
      const used = Math.min(left, ms);
      grams += (figure * used) / HOUR_MS;
      left -= used;
    }
    return grams;
  }

  /** The least in one piece: it begins at once, as late as it may, or where its beginning or its end meets a full hour. */
  leastInOnePiece({ arrivesAt, length, mayWait }: KnownJob): number {
    const starts = [arrivesAt, arrivesAt + mayWait];
    for (const shift of [0, length]) {
      const first = Math.ceil((arrivesAt + shift) / HOUR_MS) * HOUR_MS - shift;
      for (let startsAt = first; startsAt <= arrivesAt + mayWait; startsAt += HOUR_MS) starts.push(startsAt);
    }
    return Math.min(...starts.map((startsAt) => this.#between(startsAt, startsAt + length)));
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

  /** NaN where some of it is unknown. */
  #between(startsAt: EpochMs, endsAt: EpochMs): number {
    const first = Math.floor((startsAt - this.startsAt) / HOUR_MS);
    const end = Math.ceil((endsAt - this.startsAt) / HOUR_MS);
    if (first < 0 || end > this.#figures.length) return NaN;
    if ((this.#unknown[end] ?? 0) > (this.#unknown[first] ?? 0)) return NaN;
    return this.#upTo(endsAt) - this.#upTo(startsAt);
  }

  #upTo(instant: EpochMs): number {
    const hours = (instant - this.startsAt) / HOUR_MS;
    const hour = Math.floor(hours);
    const part = hours - hour;
    return (this.#sums[hour] ?? 0) + (part > 0 ? part * (this.#figures[hour] ?? NaN) : 0);
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
