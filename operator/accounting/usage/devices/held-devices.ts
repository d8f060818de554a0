import { partsOf } from '../../../domain/accelerators/accelerator-power.ts';
import type { Attribution } from '../../../domain/usage/assessment.ts';
import { lastKnown, type Columns, type Track } from '../activity/columns.ts';
import { compareText, grouped } from '../grouped.ts';
import type { HoldingPod } from '../usage-snapshot.ts';
import type { Assigned, Wanted } from './assigned.ts';
import { devicesOfExporter } from './by-exporter.ts';
import { devicesOfNode } from './by-node.ts';
import type { MeasuredDevice, MeasuredGpu } from './measured-gpus.ts';
import type { Fleet, NodeAccelerators } from './node-accelerators.ts';

/** One device that a pod asks for and has, and what is known of it. */
export interface HeldDevice {
  readonly pod: HoldingPod;
  readonly accelerators: NodeAccelerators;
  readonly attribution: Attribution;
  /** What the device did while the pod held it, all of it also where others use it too; `undefined` where that is not known. */
  readonly track: Track | undefined;
  /** How many devices as pods ask for them are one that is measured, this one among them. */
  readonly sharers: number;
  /** Its part of the power of the GPU, without the host, watts; NaN where it is not known. */
  readonly gpuPower: number;
}

export interface Held {
  readonly columns: Columns | undefined;
  readonly fleet: Fleet;
  readonly pods: readonly HoldingPod[];
  readonly gpus: readonly MeasuredGpu[];
}

/** Every device that a pod holds, once for each; in order of pod. */
export function heldDevices(held: Held): readonly HeldDevice[] {
  const wanted = wantedOf(held);
  const known = assignedOf(held, wanted);
  const gpuOf = new Map(held.gpus.flatMap((gpu) => gpu.devices.map((device) => [device, gpu] as const)));
  const measured = grouped(gpuOf.keys(), ({ accelerators }) => accelerators);
  const users = usersOf(known.values(), held.columns);
  return wanted.flatMap((wants) => {
    const { attribution, assigned } = known.get(wants) ?? { attribution: 'None' as const, assigned: [] };
    const { accelerators, devices, pod } = wants;
    return Array.from({ length: devices }, (_, k) => {
      const one = assigned[k];
      const places = measured.get(accelerators)?.length ?? 0;
      const sharers = Math.max(sharersOf(accelerators, places, one !== undefined), users.get(one?.device) ?? 1);
      return {
        pod,
        accelerators,
        attribution: one === undefined ? 'None' : attribution,
        track: one === undefined || held.columns === undefined ? undefined : { ...held.columns, ...one },
        sharers,
        gpuPower: one === undefined ? NaN : powerNow(one, gpuOf.get(one.device), held.columns) / sharers,
      };
    });
  });
}

interface Known {
  readonly attribution: Attribution;
  readonly assigned: readonly Assigned[];
}

function wantedOf({ fleet, pods }: Held): readonly Wanted[] {
  return pods.flatMap((pod) =>
    [...pod.holds]
      .sort((a, b) => compareText(a.resource, b.resource))
      .map(({ resource, devices }) => ({ pod, accelerators: fleet.heldBy(pod, resource), devices })),
  );
}

function assignedOf({ columns, gpus }: Held, wanted: readonly Wanted[]): ReadonlyMap<Wanted, Known> {
  const known = new Map<Wanted, Known>();
  if (columns === undefined) return known;
  const devices = gpus.flatMap((gpu) => gpu.devices);
  const named = devicesOfExporter(devices, columns);
  for (const wants of wanted) {
    const assigned = named(wants);
    if (assigned.length > 0) known.set(wants, { attribution: 'Exporter', assigned });
  }
  const measured = grouped(devices, ({ accelerators }) => accelerators);
  for (const [accelerators, some] of grouped(wanted, (wants) => wants.accelerators)) {
    if (some.some((wants) => known.has(wants))) continue;
    for (const [wants, assigned] of devicesOfNode(some, measured.get(accelerators) ?? [], columns)) {
      known.set(wants, { attribution: 'Node', assigned });
    }
  }
  return known;
}

/** By device, how many there are that use it now. */
function usersOf(
  known: Iterable<Known>,
  columns: Columns | undefined,
): ReadonlyMap<MeasuredDevice | undefined, number> {
  const users = new Map<MeasuredDevice, number>();
  for (const { assigned } of known) {
    for (const one of assigned) if (isToldOf(one, columns)) users.set(one.device, (users.get(one.device) ?? 0) + 1);
  }
  return users;
}

/** Or else the device may be another's by now. */
function isToldOf({ active, from, power }: Assigned, columns: Columns | undefined): boolean {
  if (columns === undefined) return false;
  return lastKnown(active, columns, from) !== undefined || lastKnown(power, columns, from) !== undefined;
}

/**
 * Of a product that is shared in time, how many shares one device that is measured has: those that are held where they draw
 * its power together, else all that the node offers. The names of products don't tell.
 */
function sharersOf({ asked, capacity, product }: NodeAccelerators, measured: number, isMeasured: boolean): number {
  if (measured === 0 || !partsOf(product).isShared) return 1;
  return Math.max(1, (isMeasured ? asked : capacity) / measured);
}

/** An instance has its part of the GPU by compute slices, which is no more than all of it together with the others. */
function powerNow(one: Assigned, gpu: MeasuredGpu | undefined, columns: Columns | undefined): number {
  if (gpu === undefined || !isToldOf(one, columns)) return NaN;
  return (gpu.power * one.device.share) / Math.max(1, gpu.shares);
}
