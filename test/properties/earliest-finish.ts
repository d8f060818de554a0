import type { PlannableJob } from '../../operator/domain/job.ts';
import type { AcceleratorPool, Site } from '../../operator/domain/site.ts';
import type { DurationMs, EpochMs } from '../../operator/domain/units.ts';

/** How long a job takes on a pool from the moment that it is begun there, on devices that are there or that must come first. */
export interface Stint {
  readonly site: Site;
  readonly pool: AcceleratorPool;
  readonly provisioned: boolean;
  readonly length: DurationMs;
}

/** All that a job which does not run could begin now, if it were alone. Devices that others hold are not there. */
export function stintsOf(job: PlannableJob, sites: readonly Site[]): readonly Stint[] {
  return sites.flatMap((site) => (site.schedulable ? site.pools.flatMap((pool) => stintsAt(job, site, pool)) : []));
}

function stintsAt(job: PlannableJob, site: Site, pool: AcceleratorPool): readonly Stint[] {
  const speed =
    job.accelerators.length === 0 ? 1 : job.accelerators.find(({ product }) => product === pool.product)?.speed;
  if (speed === undefined) return [];
  const { restartOverhead = 0, moveOverhead = 0 } = job.interruptible ?? {};
  const moves = job.current?.site !== site.name || job.current.product !== pool.product;
  const overhead = job.phase === 'Paused' ? restartOverhead + (moves ? moveOverhead : 0) : 0;
  const length = job.remainingWork / speed + overhead;
  const stints: Stint[] = [];
  if (pool.capacity - pool.heldByOthers >= job.devices) stints.push({ site, pool, provisioned: false, length });
  if (pool.maxCapacity > pool.capacity && pool.maxCapacity - pool.heldByOthers >= job.devices) {
    stints.push({ site, pool, provisioned: true, length: length + pool.provisioning });
  }
  return stints;
}

/** When a job could be done at the earliest if it were alone; `Infinity` where nothing can carry it. */
export function earliestFinish(job: PlannableJob, sites: readonly Site[], now: EpochMs): EpochMs {
  return Math.min(Infinity, ...stintsOf(job, sites).map(({ length }) => now + length));
}
