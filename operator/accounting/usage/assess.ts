import type { UsageAssessment } from '../../domain/usage/assessment.ts';
import type { Columns } from './activity/columns.ts';
import { heldDevices } from './devices/held-devices.ts';
import { measuredGpus, podKey } from './devices/measured-gpus.ts';
import { fleetOf } from './devices/node-accelerators.ts';
import { compareText } from '../../domain/compare-text.ts';
import { holdingsOf } from './holdings.ts';
import { measuredPower } from './nodes/measured-power.ts';
import { nodeFigures } from './nodes/node-usage.ts';
import { siteUsages } from './nodes/site-usage.ts';
import { hostPower } from './power/host-power.ts';
import type { UsageSnapshot } from './usage-snapshot.ts';

/**
 * What compute is used for, and what of it is wasted: from GPUs to the pods that hold them, to their workloads, to nodes and
 * sites. What is unknown is never taken for nothing.
 */
export function assessUsage(snapshot: UsageSnapshot): UsageAssessment {
  const { clocks, measured, now, sites, waiting } = snapshot;
  // Whatever order they come in, sums of fractions come to the same.
  const pods = snapshot.pods.toSorted((a, b) => compareText(podKey(a), podKey(b)));
  const fleet = fleetOf({ ...snapshot, pods });
  const columns: Columns | undefined = measured === undefined ? undefined : { grid: measured.grid, now };
  const gpus = columns === undefined ? [] : measuredGpus(measured?.devices ?? [], { columns, fleet, pods });
  const devices = heldDevices({ columns, fleet, gpus, pods });
  const host = hostPower(measured, fleet, pods);
  const holdings = holdingsOf(devices, { now, host, clocks });

  const all = gpus.flatMap((gpu) => gpu.devices.map((device) => ({ device, gpu })));
  const there = all.filter(({ device }) => device.isThere);
  const byPlace = Map.groupBy(there, ({ device }) => device.accelerators);
  const nodes = fleet.accelerators.map((one) =>
    nodeFigures(one, byPlace.get(one) ?? [], { columns, host, now, waiting }),
  );
  const measuredOf = measuredPower(
    all.map(({ device }) => device),
    measured?.grid,
  );
  const unplaced = byPlace.get(undefined)?.length ?? 0;
  return {
    at: now,
    holdings,
    nodes: nodes.map(({ usage }) => usage),
    sites: siteUsages(nodes, sites, { measuredOf, unplaced }),
  };
}
