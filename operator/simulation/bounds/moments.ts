import { HOUR_MS, type DurationMs } from '../../domain/units.ts';
import type { Ground } from './ground.ts';

/** Fractions of a millisecond. */
const ROUNDING_MS: DurationMs = 0.5;

/** Some work at one price: a place in a stretch of time, or the step from one place to a faster one. */
export interface Moment {
  readonly place: number;
  /** Position of the stretch. */
  readonly stretch: number;
  /** Work, as time on an accelerator of speed 1. */
  readonly work: DurationMs;
  /** Grams of an hour of work. */
  readonly price: number;
}

/**
 * The least grams of some work at its cheapest moments, wherever they are: pausing, resuming and moving for nothing. Exact
 * where that is so, also between places of unlike speeds (the fractional knapsack with choices of Sinha and Zoltners, The
 * multiple-choice knapsack problem, Operations Research 27, 1979); else what nobody can stay below. `Infinity` where too
 * little time is known.
 */
export function leastInMoments(ground: Ground, work: DurationMs): number {
  let left = work;
  let grams = 0;
  for (const moment of momentsOf(ground).sort((a, b) => a.price - b.price)) {
    const used = Math.min(left, moment.work);
    grams += moment.price * (used / HOUR_MS);
    left -= used;
    if (left <= 0) break;
  }
  return left > ROUNDING_MS ? Infinity : grams;
}

/** In each stretch the cheapest place for the work, then what doing more of it in the same time costs beyond that. */
function momentsOf({ edges, places }: Ground): Moment[] {
  const moments: Moment[] = [];
  for (let stretch = 0; stretch + 1 < edges.length; stretch++) {
    const length = (edges[stretch + 1] ?? 0) - (edges[stretch] ?? 0);
    let [speed, rate] = [0, 0];
    for (;;) {
      let next = -1;
      let price = Infinity;
      for (let k = 0; k < places.length; k++) {
        const place = places[k];
        if (place === undefined || place.speed <= speed) continue;
        const dearer = ((place.rates[stretch] ?? NaN) - rate) / (place.speed - speed);
        if (dearer < price || (dearer === price && place.speed > (places[next]?.speed ?? 0))) {
          next = k;
          price = dearer;
        }
      }
      const place = places[next];
      if (place === undefined) break;
      moments.push({ place: next, stretch, work: length * (place.speed - speed), price });
      speed = place.speed;
      rate = place.rates[stretch] ?? NaN;
    }
  }
  return moments;
}
