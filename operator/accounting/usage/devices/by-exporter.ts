import type { Columns } from '../activity/columns.ts';
import { compareText, grouped } from '../grouped.ts';
import type { HoldingPod } from '../usage-snapshot.ts';
import { heldFrom, type Assigned, type Wanted } from './assigned.ts';
import type { MeasuredDevice } from './measured-gpus.ts';

interface Candidate extends Assigned {
  readonly holder: HoldingPod;
  /** The last column in which the source names the pod. */
  readonly last: number;
}

/**
 * The devices that the source says a pod has, no more than it asks for: of more, those that it was named last with. It may be
 * told of fewer.
 */
export function devicesOfExporter(
  devices: readonly MeasuredDevice[],
  columns: Columns,
): (wants: Wanted) => readonly Assigned[] {
  const candidates = grouped(
    devices.flatMap((device) => candidatesOf(device, columns)),
    ({ holder }) => holder,
  );
  return ({ accelerators, devices: count, pod }) =>
    (candidates.get(pod) ?? [])
      .filter(({ device }) => pod.holds.length === 1 || device.accelerators === accelerators)
      .sort((a, b) => b.last - a.last || compareText(a.device.key, b.device.key))
      .slice(0, count);
}

function candidatesOf(device: MeasuredDevice, columns: Columns): readonly Candidate[] {
  return device.series.flatMap(({ active, holder, power }) => {
    if (holder === undefined) return [];
    const from = heldFrom(columns, [holder]);
    const last = Math.max(active.findLastIndex(Number.isFinite), power.findLastIndex(Number.isFinite));
    return last < from ? [] : [{ device, active, power, from, holder, last }];
  });
}
