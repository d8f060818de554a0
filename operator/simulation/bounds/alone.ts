import type { EpochMs } from '../../domain/units.ts';
import type { SimulatedJob } from '../scenario.ts';
import type { World } from '../world.ts';
import { groundOf, type Ground } from './ground.ts';
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
export function leastAlone(world: World, { asked, work = asked.totalWork }: SimulatedJob, until: EpochMs): number {
  const { createdAt, interruptible } = asked;
  if (until <= createdAt) return Infinity;
  const ground = groundOf(world, asked, { startsAt: createdAt, endsAt: until });
  if (interruptible === undefined || interruptible.maxPauses === 0) return leastWhole(ground, work);
  const free = leastInMoments(ground, work);
  const { restartOverhead, moveOverhead = 0 } = interruptible;
  const [speed, ...others] = new Set(ground.places.map((place) => place.speed));
  const isFree = restartOverhead === 0 && (moveOverhead === 0 || ground.places.length === 1);
  if (speed === undefined || others.length > 0 || isFree || !Number.isFinite(free)) return free;
  const pieces = { work: work / speed, restart: restartOverhead, move: moveOverhead };
  return Math.max(free, leastOnGrid(ground, pieces));
}

function leastWhole({ edges, places }: Ground, work: number): number {
  let least = Infinity;
  for (const { rates, speed } of places) {
    least = Math.min(least, leastInOnePiece({ edges, figures: rates }, work / speed));
  }
  return least;
}

/** The first moment at which somebody could be done who had all accelerators for the job. */
export function earliestEnd(world: World, { asked, work = asked.totalWork }: SimulatedJob): EpochMs {
  const { places } = groundOf(world, asked, { startsAt: asked.createdAt, endsAt: asked.createdAt + 1 });
  return asked.createdAt + work / Math.max(0, ...places.map(({ speed }) => speed));
}
