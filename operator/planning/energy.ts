import type { PlannableJob } from '../domain/job.ts';
import type { AcceleratorPool, Site } from '../domain/site.ts';
import { watts, type Watts } from '../domain/units.ts';

/** Power of a running job at the meter of the building. */
export interface PowerDraw {
  /** All of it: what a report counts. */
  readonly reported: Watts;
  /** What depends on the decision: on a site whose idle nodes stay on, only the difference to idle. */
  readonly decided: Watts;
}

/** (accelerators + the rest) x PUE. `pool` is absent for a job without accelerators. */
export function powerDraw(job: PlannableJob, site: Site, pool: AcceleratorPool | undefined): PowerDraw {
  const busy = job.devices * (pool?.power.busy ?? 0);
  const idle = site.idleNodesStayOn ? job.devices * (pool?.power.idle ?? 0) : 0;
  return {
    reported: watts((busy + job.otherPower) * site.pue),
    decided: watts((busy - idle + job.otherPower) * site.pue),
  };
}
