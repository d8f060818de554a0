import { grams, type DurationMs, type EpochMs } from '../domain/units.ts';
import { earliestEnd, leastAlone } from './bounds/alone.ts';
import { leastTogether } from './bounds/together.ts';
import type { JobOutcome } from './outcome.ts';
import { replay, replayEachAlone, type Replanning } from './replay.ts';
import type { SimulatedJob } from './scenario.ts';
import { canBeCompared, scoreOfJobs, type JudgedJob, type Score } from './score.ts';
import type { World } from './world.ts';

export interface SimulationOptions extends Replanning {
  /** The jobs arrive at once and have nothing to do with one another: see {@link replayEachAlone}. */
  readonly eachAlone?: boolean;
  /** Does the replay, and nothing else, e.g. under a stopwatch. */
  readonly timed?: <T>(replayed: () => T) => T;
}

export interface Simulation {
  /** In the order of the jobs. */
  readonly jobs: readonly JudgedJob[];
  readonly score: Score;
}

/**
 * Replays jobs through the planner, and holds what came of them against run on arrival and against the bound. What the command
 * line prints and what the benchmarks measure is reckoned here.
 */
export function simulate(
  world: World,
  jobs: readonly SimulatedJob[],
  { eachAlone = false, timed = (replayed) => replayed(), ...replanning }: SimulationOptions = {},
): Simulation {
  const outcomes = timed(() => (eachAlone ? replayEachAlone(world, jobs) : replay(world, jobs, replanning)));
  const judged = outcomes.map((outcome, k) => judge(world, jobs[k], outcome));
  return { jobs: judged, score: scoreOfJobs(judged, boundTogether(world, jobs, judged)) };
}

/** Of those that can be compared: what the others use would only raise it. Jobs that hold nothing are not in each other's way. */
function boundTogether(world: World, jobs: readonly SimulatedJob[], judged: readonly JudgedJob[]): number | undefined {
  const bounded = jobs.flatMap((job, k) => {
    const outcome = judged[k];
    return outcome !== undefined && canBeCompared(outcome) ? [{ job, until: boundedUntil(outcome) }] : [];
  });
  const sharing = bounded.filter(({ job }) => job.asked.devices > 0);
  return sharing.length < 2 ? undefined : leastTogether(world, bounded);
}

/** In time, or as late as ours was. */
function boundedUntil({ deadline, finishesAt = deadline }: JobOutcome): EpochMs {
  return Math.max(deadline, finishesAt);
}

/** Sums of fractions of a millisecond are no delay. */
const ROUNDING_MS: DurationMs = 0.5;

function judge(world: World, job: SimulatedJob | undefined, outcome: JobOutcome): JudgedJob {
  if (job === undefined) throw new Error(`${outcome.key} was not asked for`);
  return {
    ...outcome,
    boundGrams: grams(leastAlone(world, job, boundedUntil(outcome))),
    couldBeHeld: earliestEnd(world, job) - outcome.deadline < ROUNDING_MS,
  };
}
