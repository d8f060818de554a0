import { grams, type DurationMs } from '../domain/units.ts';
import { earliestEnd, leastAlone } from './bounds/alone.ts';
import type { JobOutcome } from './outcome.ts';
import { replay, replayEachAlone, type Replanning } from './replay.ts';
import type { SimulatedJob } from './scenario.ts';
import { scoreOfJobs, type JudgedJob, type Score } from './score.ts';
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
  return { jobs: judged, score: scoreOfJobs(judged) };
}

/** Sums of fractions of a millisecond are no delay. */
const ROUNDING_MS: DurationMs = 0.5;

function judge(world: World, job: SimulatedJob | undefined, outcome: JobOutcome): JudgedJob {
  if (job === undefined) throw new Error(`${outcome.key} was not asked for`);
  const { deadline, finishesAt = deadline } = outcome;
  return {
    ...outcome,
    boundGrams: grams(leastAlone(world, job, Math.max(deadline, finishesAt))),
    couldBeHeld: earliestEnd(world, job) - deadline < ROUNDING_MS,
  };
}
