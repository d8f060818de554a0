import { MAX_PREFERRED_NODES } from '../../ports/workloads.ts';
import type { ClusterInventory } from '../inventory/cluster-inventory.ts';
import { specOf, type JobView } from './job-view.ts';
import { legDue } from './step/legs.ts';
import { devicesOfAPod } from './template/demand.ts';

/** Whatever knows which nodes are partly used. */
export type PartlyUsedReader = Pick<ClusterInventory, 'partlyUsed'>;

/**
 * Names of nodes that are awake for somebody already and have room for a pod of the job, where it is about to start and idle
 * nodes go to sleep: each pod there is a node less that must be woken, or kept awake. Where idle nodes stay on anyway, pods
 * that are spread cost no more.
 */
export function nodesToFill(view: Omit<JobView, 'nodesToFill'>, inventory: PartlyUsedReader): readonly string[] {
  const leg = legDue(view);
  const place = view.sites.get(leg?.site ?? '');
  if (view.workload?.suspended !== true || leg?.product === undefined || place?.idleNodesSleep !== true) return [];
  const devices = devicesOfAPod(specOf(view)?.template, view.record.demand.resource);
  return devices === 0 ? [] : inventory.partlyUsed(place.region, leg.product, devices, MAX_PREFERRED_NODES);
}
