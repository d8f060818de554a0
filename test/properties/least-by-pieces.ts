import type { Interruptible, PlannableJob } from '../../operator/domain/job.ts';
import { integralOf } from '../../operator/domain/samples.ts';
import type { Site } from '../../operator/domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../operator/domain/units.ts';

/** Where and until when, all at one speed. */
export interface PiecesAsked {
  readonly job: PlannableJob;
  readonly sites: readonly Site[];
  readonly now: EpochMs;
  /** Pieces begin and end on multiples of it from `now` on; work and overheads are whole numbers of it. */
  readonly unit: DurationMs;
}

/**
 * The least grams of a job that is alone, by a dynamic programme over pieces: `least[place][t][w]` is what it emits at least if
 * its k-th piece ends there at t with w of the work done. Another programme than the planner's, which goes backwards slot by
 * slot, and there to catch it out. `Infinity` where the work does not fit.
 */
export function leastGramsInPieces({ job, sites, now, unit }: PiecesAsked): number {
  const work = Math.round(job.remainingWork / unit);
  const count = Math.floor((job.deadline - now) / unit);
  const sums = sites.map((site) => gramsUntil(job, site, { now, unit, count }));
  const rules = job.interruptible ?? { minimumRun: 0, restartOverhead: 0, maxPauses: 0 };
  const width = work + 1;
  let ended = piecesFrom(undefined, { sums, rules, work, count, unit });
  let least = leastOf(ended, width);
  for (let piece = 1; piece <= rules.maxPauses; piece++) {
    ended = piecesFrom(ended, { sums, rules, work, count, unit });
    least = Math.min(least, leastOf(ended, width));
  }
  return least;
}

interface World {
  /** Of each place, grams from the beginning to each instant. */
  readonly sums: readonly Float64Array[];
  readonly rules: Interruptible;
  readonly work: number;
  readonly count: number;
  readonly unit: DurationMs;
}

/** By place: for every instant and amount of work done, the least that a piece which ends then has brought it to. */
type Ended = readonly Float64Array[];

function piecesFrom(before: Ended | undefined, { sums, rules, work, count, unit }: World): Ended {
  const width = work + 1;
  const minimum = rules.minimumRun / unit;
  const ended = sums.map(() => new Float64Array((count + 1) * width).fill(Infinity));
  for (const [place, sum] of sums.entries()) {
    for (const [from, overhead] of beginnings(before, place, { rules, unit, count, width })) {
      const here = ended[place] ?? new Float64Array();
      for (let start = 0; start < count; start++) {
        for (let done = 0; done < work; done++) {
          const spent = from[start * width + done] ?? Infinity;
          if (spent === Infinity) continue;
          for (let length = overhead + 1; start + length <= count && done + length - overhead <= work; length++) {
            const after = done + length - overhead;
            if (after < work && length < minimum) continue;
            const cell = (start + length) * width + after;
            const grams = spent + (sum[start + length] ?? NaN) - (sum[start] ?? NaN);
            here[cell] = Math.min(here[cell] ?? Infinity, grams);
          }
        }
      }
    }
  }
  return ended;
}

/** The least with which a piece may begin at each instant, and what it repeats: after a piece at the same place, or at another. */
function beginnings(
  before: Ended | undefined,
  place: number,
  { rules, unit, count, width }: { rules: Interruptible; unit: DurationMs; count: number; width: number },
): readonly (readonly [Float64Array, number])[] {
  if (before === undefined) {
    const fresh = new Float64Array((count + 1) * width).fill(Infinity);
    for (let start = 0; start <= count; start++) fresh[start * width] = 0;
    return [[fresh, 0]];
  }
  const resume = Math.round(rules.restartOverhead / unit);
  const move = resume + Math.round((rules.moveOverhead ?? 0) / unit);
  return before.map((ended, other) => {
    const soFar = Float64Array.from(ended);
    for (let cell = width; cell < soFar.length; cell++) {
      soFar[cell] = Math.min(soFar[cell] ?? Infinity, soFar[cell - width] ?? Infinity);
    }
    return [soFar, other === place ? resume : move] as const;
  });
}

function leastOf(ended: Ended, width: number): number {
  let least = Infinity;
  for (const cells of ended) {
    for (let cell = width - 1; cell < cells.length; cell += width) least = Math.min(least, cells[cell] ?? Infinity);
  }
  return least;
}

function gramsUntil(
  { devices }: PlannableJob,
  site: Site,
  { now, unit, count }: { now: EpochMs; unit: DurationMs; count: number },
): Float64Array {
  const kilowatts = (devices * (site.pools[0]?.power.busy ?? 0) * site.pue) / 1_000;
  const samples = site.outlooks.Average?.series.samples ?? [];
  return Float64Array.from({ length: count + 1 }, (_, k) => {
    const stretch = { startsAt: now, endsAt: now + k * unit };
    const { integral } = integralOf(samples, stretch, ({ gramsPerKilowattHour: figure }) => figure);
    return kilowatts * (integral / HOUR_MS);
  });
}
