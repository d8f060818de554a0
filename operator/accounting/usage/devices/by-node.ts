import { lastKnown, type Columns } from '../activity/columns.ts';
import { sumOver } from '../sum-over.ts';
import { heldFrom, type Assigned, type Wanted } from './assigned.ts';
import { highest, type MeasuredDevice } from './measured-gpus.ts';

/**
 * Where the source does not tell pods, and one workload holds all devices of a node: then whatever they do it does. Nothing where
 * some are free or another's, or more are measured than the node offers, such as one that has failed, since nobody knows which;
 * nor where the source does name several pods, and just not these.
 * @param wanted all that is held of one resource of the node
 * @param devices those that are there
 */
export function devicesOfNode(
  wanted: readonly Wanted[],
  devices: readonly MeasuredDevice[],
  columns: Columns,
): ReadonlyMap<Wanted, readonly Assigned[]> {
  if (!areOfOneWorkload(wanted) || !areAllHeld(wanted) || namesPods(devices, columns)) return new Map();
  const { capacity = 0, parts } = wanted[0]?.accelerators ?? {};
  if (parts?.isShared !== true && devices.length > capacity) return new Map();
  const from = heldFrom(
    columns,
    wanted.map(({ pod }) => pod),
  );
  const assigned = devices.map((device) => wholeOf(device, from));
  const isShared = parts?.isShared === true;
  let next = 0;
  return new Map(
    wanted.map((wants) => {
      const own = Array.from({ length: wants.devices }, () => {
        const place = next++;
        return assigned[isShared ? place % assigned.length : place] ?? [];
      });
      return [wants, own.flat()] as const;
    }),
  );
}

function areOfOneWorkload(wanted: readonly Wanted[]): boolean {
  const workloads = wanted.map(({ pod }) => pod.workload);
  return new Set(workloads.map((one) => [one.namespace, one.apiVersion, one.kind, one.name].join('\n'))).size === 1;
}

function areAllHeld(wanted: readonly Wanted[]): boolean {
  return sumOver(wanted, ({ devices }) => devices) >= (wanted[0]?.accelerators.capacity ?? Infinity);
}

/** Where it doesn't tell, it names nobody, or one and the same for all: the exporter's own pod. */
function namesPods(devices: readonly MeasuredDevice[], columns: Columns): boolean {
  const named = new Set<string>();
  for (const { series } of devices) {
    for (const { active, named: one, power } of series) {
      if (one === undefined) continue;
      if (lastKnown(active, columns) !== undefined || lastKnown(power, columns) !== undefined) named.add(one);
    }
  }
  return named.size > 1;
}

function wholeOf(device: MeasuredDevice, from: number): Assigned {
  const { series } = device;
  const active = highest(series.map((one) => one.active));
  return { device, active, power: highest(series.map((one) => one.power)), from };
}
