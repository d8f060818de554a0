import type { Interval } from '../domain/interval.ts';
import {
  grams,
  kilowattHours,
  type DurationMs,
  type EpochMs,
  type Grams,
  type KilowattHours,
} from '../domain/units.ts';

/** A stretch of time in which a job held its devices at one place. */
export interface Run extends Interval {
  readonly site: string;
  readonly product: string | undefined;
  /** Head of the run in which devices were still being provisioned: nothing ran and no energy was used. */
  readonly staging: DurationMs;
}

/** What something used, by what really came. */
export interface Usage {
  readonly energy: KilowattHours;
  /** NaN where nobody knows the intensity of all of its time. */
  readonly grams: Grams;
  /** Devices and electricity, in the currency of the sites. */
  readonly money: number;
}

/** What became of one job. */
export interface JobOutcome extends Usage {
  readonly key: string;
  /** In order of time. */
  readonly runs: readonly Run[];
  /** Absent where nothing could carry it to its end. */
  readonly finishesAt: EpochMs | undefined;
  readonly deadline: EpochMs;
  /** It finished after its deadline, or not at all. */
  readonly late: boolean;
  /** Runs that began anew and repeated the restart overhead. */
  readonly restarts: number;
  /** Restarts that were at another site than the run before. */
  readonly moves: number;
  /** The same job started on arrival at home, in one piece, capacity not counted. */
  readonly baseline: Usage & { readonly site: string | undefined; readonly finishesAt: EpochMs };
}

/** The outcomes of many jobs together. */
export interface Totals extends Usage {
  readonly jobs: number;
  readonly unfinished: number;
  /** Those without an end included. */
  readonly late: number;
  readonly restarts: number;
  readonly moves: number;
  readonly baseline: Usage;
}

export const NOTHING: Usage = { energy: kilowattHours(0), grams: grams(0), money: 0 };

export function sumOfUsage(a: Usage, b: Usage): Usage {
  return {
    energy: kilowattHours(a.energy + b.energy),
    grams: grams(a.grams + b.grams),
    money: a.money + b.money,
  };
}

export function totalsOf(outcomes: Iterable<JobOutcome>): Totals {
  let used = NOTHING;
  let baseline = NOTHING;
  const counts = { jobs: 0, unfinished: 0, late: 0, restarts: 0, moves: 0 };
  for (const outcome of outcomes) {
    used = sumOfUsage(used, outcome);
    baseline = sumOfUsage(baseline, outcome.baseline);
    counts.jobs += 1;
    counts.unfinished += Number(outcome.finishesAt === undefined);
    counts.late += Number(outcome.late);
    counts.restarts += outcome.restarts;
    counts.moves += outcome.moves;
  }
  return { ...counts, ...used, baseline };
}
