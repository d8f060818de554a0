import type { BaselineCost } from '../../domain/decision.ts';
import { energyOf, HOUR_MS } from '../../domain/units.ts';
import type { Seat } from '../candidate.ts';
import { egressPerHour, nodesPerHour } from '../pricing/cost.ts';
import { withEnergy } from './with-energy.ts';

/**
 * The kept baseline by the power that accelerators of home have now: plans go by that, and where it has only been measured
 * since, nothing was saved by it.
 * @param home the job's seat there
 */
export function withPowerOfToday(kept: BaselineCost, home: Seat): BaselineCost {
  const { copyingDraw, data, draw, job, speed } = home;
  const run = job.totalWork / speed;
  const energy = energyOf(draw.reported, run) + energyOf(copyingDraw.reported, data.staging);
  const nodes = nodesPerHour(home) * ((data.staging + run) / HOUR_MS);
  return withEnergy(kept, energy, nodes + data.staged.money + egressPerHour(home) * (run / HOUR_MS));
}
