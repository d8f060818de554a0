import { priceOutsideSamples } from '../../domain/site.ts';
import { energyOf, HOUR_MS } from '../../domain/units.ts';
import type { Seat } from '../candidate.ts';
import { nodesPerHour } from '../pricing/cost.ts';

/** What a run uses and costs before it works. */
export interface Copying {
  /** In kWh. */
  readonly energy: number;
  readonly money: number;
}

/**
 * While the job's data are copied to home. Money goes without regard to the hour: nobody knows any more when it would have been.
 * @param home the job's seat there, with nothing staged
 */
export function copyingTo(home: Seat): Copying {
  const { copyingDraw, data, site } = home;
  const energy = energyOf(copyingDraw.reported, data.staging);
  const held = nodesPerHour(home) * (data.staging / HOUR_MS);
  return { energy, money: held + data.staged.money + energy * priceOutsideSamples(site) };
}
