import type { Columns } from '../activity/columns.ts';
import { compareText } from '../../../domain/compare-text.ts';
import type { HoldingPod } from '../usage-snapshot.ts';
import { heldFrom, isToldOf, type Assigned, type Known, type Wanted } from './assigned.ts';
import type { MeasuredDevice } from './measured-gpus.ts';

interface Candidate extends Assigned {
  readonly holder: HoldingPod;
  /** The last column in which the source names the pod. */
  readonly last: number;
}

/**
 * The devices that the source says a pod has; `undefined` where it names none, and it may name fewer than the pod asks for. Of
 * more that it names now, some belong to another, or series of another bear the pod's name: nobody knows which.
 */
export function devicesOfExporter(
  devices: readonly MeasuredDevice[],
  columns: Columns,
): (wants: Wanted) => Known | undefined {
  const candidates = Map.groupBy(
    devices.flatMap((device) => candidatesOf(device, columns)),
    ({ holder }) => holder,
  );
  return ({ accelerators, devices: count, pod }) => {
    const named = (candidates.get(pod) ?? []).filter(
      ({ device }) => pod.holds.length === 1 || device.accelerators === accelerators,
    );
    if (named.length === 0) return undefined;
    if (named.filter((one) => isToldOf(one, columns)).length > count) return { attribution: 'Contested', assigned: [] };
    const latest = named.sort((a, b) => b.last - a.last || compareText(a.device.key, b.device.key));
    return { attribution: 'Exporter', assigned: latest.slice(0, count) };
  };
}

function candidatesOf(device: MeasuredDevice, columns: Columns): readonly Candidate[] {
  return device.series.flatMap(({ active, holder, power }) => {
    if (holder === undefined) return [];
    const from = heldFrom(columns, [holder]);
    const last = Math.max(active.findLastIndex(Number.isFinite), power.findLastIndex(Number.isFinite));
    return last < from ? [] : [{ device, active, power, from, holder, last }];
  });
}
