import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { SimulatedJob } from '../scenario.ts';
import type { World } from '../world.ts';
import { groundOf, type Ground, type Tell } from './ground.ts';
import { leastInMoments } from './moments.ts';
import { leastInOnePiece } from './one-piece.ts';
import { leastOnGrid } from './pieces-on-grid.ts';

/**
 * The least grams that anybody could have emitted with one job who knew what was coming, had all accelerators for it, and was
 * done by an instant: in one piece where it can't pause. `Infinity` where nobody could. It shares no code with the planner, so
 * that it can catch it out.
 *
 * Shortest runs and the number of pauses are not counted, and neither are restarts between accelerators of unlike speeds:
 * what the job could really do is never below it.
 */
export function leastAlone(world: World, job: SimulatedJob, until: EpochMs): number {
  const { createdAt } = job.asked;
  return until <= createdAt
    ? Infinity
    : leastOn(groundOf(world, job.asked, { startsAt: createdAt, endsAt: until }), job);
}

/** The same on a ground of any prices. */
export function leastOn(ground: Ground, job: SimulatedJob): number {
  const { asked, work = asked.totalWork } = job;
  const { interruptible } = asked;
  const relaxed = leastWithoutRestarts(ground, job);
  if (interruptible === undefined || !mayPause(job) || !Number.isFinite(relaxed)) return relaxed;
  const { restartOverhead, moveOverhead = 0 } = interruptible;
  const [speed, ...others] = new Set(ground.places.map((place) => place.speed));
  const isFree = restartOverhead === 0 && (moveOverhead === 0 || ground.places.length === 1);
  if (speed === undefined || others.length > 0 || isFree) return relaxed;
  return Math.max(relaxed, leastOnGrid(ground, { work: work / speed, restart: restartOverhead, move: moveOverhead }));
}

/** Where restarts repeat nothing; in one piece where the job can't pause. */
export function leastWithoutRestarts(ground: Ground, job: SimulatedJob, tell?: Tell): number {
  const { asked, work = asked.totalWork } = job;
  return mayPause(job) ? leastInMoments(ground, work, tell) : leastWhole(ground, work, tell);
}

function mayPause({ asked: { interruptible } }: SimulatedJob): boolean {
  return interruptible !== undefined && interruptible.maxPauses > 0;
}

function leastWhole({ edges, places }: Ground, work: DurationMs, tell?: Tell): number {
  let least = { sum: Infinity, startsAt: 0, place: -1, length: 0 };
  for (const [place, { rates, speed }] of places.entries()) {
    const length = work / speed;
    const piece = leastInOnePiece({ edges, figures: rates }, length);
    if (piece.sum < least.sum) least = { ...piece, place, length };
  }
  const { length, place, startsAt, sum } = least;
  if (tell === undefined || place < 0) return sum;
  edges.forEach((edge, stretch) => {
    const within = Math.min(edges[stretch + 1] ?? edge, startsAt + length) - Math.max(edge, startsAt);
    if (within > 0) tell(place, stretch, within);
  });
  return sum;
}

/** The first moment at which somebody could be done who had all accelerators for the job. */
export function earliestEnd(world: World, { asked, work = asked.totalWork }: SimulatedJob): EpochMs {
  const { places } = groundOf(world, asked, { startsAt: asked.createdAt, endsAt: asked.createdAt + 1 });
  return asked.createdAt + work / Math.max(0, ...places.map(({ speed }) => speed));
}
