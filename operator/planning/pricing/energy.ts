import type { PlannableJob } from '../../domain/job.ts';
import type { AcceleratorPool, Site } from '../../domain/site.ts';
import { watts, type Watts } from '../../domain/units.ts';

/** Power of a running job at the meter of the building. */
export interface PowerDraw {
  /** All of it: what a report counts. */
  readonly reported: Watts;
  /** What depends on the decision: on a site whose idle nodes stay on, only the difference to idle. */
  readonly decided: Watts;
}

/**
 * (accelerators + the rest) x PUE. `pool` is absent for a job without accelerators.
 * @param network power of what is read over links
 */
export function powerDraw(
  job: Pick<PlannableJob, 'devices' | 'otherPower'>,
  site: Site,
  pool: AcceleratorPool | undefined,
  network = watts(0),
): PowerDraw {
  return drawOf(job.devices * (pool?.power.busy ?? 0) + job.otherPower + network, idleThatStays(job, site, pool), site);
}

/** Where no data have to be copied. */
export const NO_DRAW: PowerDraw = { reported: watts(0), decided: watts(0) };

/** While data are copied to the site: the devices are held, and idle. */
export function copyingDraw(
  job: Pick<PlannableJob, 'devices'>,
  site: Site,
  pool: AcceleratorPool | undefined,
  network: Watts,
): PowerDraw {
  return drawOf(job.devices * (pool?.power.idle ?? 0) + network, idleThatStays(job, site, pool), site);
}

function drawOf(power: number, idle: number, { pue }: Site): PowerDraw {
  return { reported: watts(power * pue), decided: watts((power - idle) * pue) };
}

/** Drawn whether the job runs there or not. */
function idleThatStays(
  { devices }: Pick<PlannableJob, 'devices'>,
  site: Site,
  pool: AcceleratorPool | undefined,
): number {
  return site.idleNodesStayOn ? devices * (pool?.power.idle ?? 0) : 0;
}
