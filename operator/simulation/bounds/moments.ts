import { HOUR_MS, type DurationMs } from '../../domain/units.ts';
import type { Ground, Tell } from './ground.ts';

/** Fractions of a millisecond. */
const ROUNDING_MS: DurationMs = 0.5;

/** Some work at one price: a place in a stretch of time, or the step from one place to a faster one. */
interface Moment {
  readonly place: number;
  /** The slower place that it is instead of; -1: it was at rest. */
  readonly insteadOf: number;
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
export function leastInMoments(ground: Ground, work: DurationMs, tell?: Tell): number {
  let left = work;
  let grams = 0;
  for (const moment of momentsOf(ground).sort((a, b) => a.price - b.price)) {
    const used = Math.min(left, moment.work);
    grams += moment.price * (used / HOUR_MS);
    left -= used;
    if (tell !== undefined) tellOf(moment, used / moment.work, { ground, tell });
    if (left <= 0) break;
  }
  return left > ROUNDING_MS ? Infinity : grams;
}

/** A share of the stretch is spent at the place, and no longer at the slower one. */
function tellOf(
  { insteadOf, place, stretch }: Moment,
  share: number,
  { ground: { edges }, tell }: { readonly ground: Ground; readonly tell: Tell },
): void {
  const length = share * ((edges[stretch + 1] ?? 0) - (edges[stretch] ?? 0));
  tell(place, stretch, length);
  if (insteadOf >= 0) tell(insteadOf, stretch, -length);
}

/** In each stretch the cheapest place for the work, then what doing more of it in the same time costs beyond that. */
function momentsOf({ edges, places }: Ground): Moment[] {
  const moments: Moment[] = [];
  for (let stretch = 0; stretch + 1 < edges.length; stretch++) {
    const length = (edges[stretch + 1] ?? 0) - (edges[stretch] ?? 0);
    let [speed, rate, at] = [0, 0, -1];
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
      moments.push({ place: next, insteadOf: at, stretch, work: length * (place.speed - speed), price });
      at = next;
      speed = place.speed;
      rate = place.rates[stretch] ?? NaN;
    }
  }
  return moments;
}
