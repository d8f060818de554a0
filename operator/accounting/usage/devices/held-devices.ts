import type { Attribution } from '../../../domain/usage/assessment.ts';
import type { Columns, Track } from '../activity/columns.ts';
import { compareText } from '../../../domain/compare-text.ts';
import type { HoldingPod } from '../usage-snapshot.ts';
import { isToldOf, type Known, type Wanted } from './assigned.ts';
import { devicesOfExporter } from './by-exporter.ts';
import { devicesOfNode } from './by-node.ts';
import type { MeasuredDevice, MeasuredGpu } from './measured-gpus.ts';
import type { Fleet, NodeAccelerators } from './node-accelerators.ts';

/** One device that a pod asks for and has, and what is known of it. */
export interface HeldDevice {
  readonly pod: HoldingPod;
  readonly accelerators: NodeAccelerators;
  readonly attribution: Attribution;
  /** UUID of the GPU that it is, or is a part of; `undefined` where nothing is told of it now. */
  readonly gpu: string | undefined;
  /** What the device did while the pod held it, all of it also where others use it too; `undefined` where nothing is told now. */
  readonly track: Track | undefined;
  /** The same, also where nothing is told of it any more; `undefined` where nothing ever was. */
  readonly past: Track | undefined;
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
  const gpuOf = new Map(held.gpus.flatMap((gpu) => gpu.devices.map((device) => [device, gpu] as const)));
  const measured = [...gpuOf.keys()];
  const there = Map.groupBy(
    measured.filter(({ isThere }) => isThere),
    ({ accelerators }) => accelerators,
  );
  const known = assignedOf(wanted, { columns: held.columns, devices: measured, there });
  const users = usersOf(known.values(), held.columns);
  return wanted.flatMap((wants) => {
    const { accelerators, devices, pod } = wants;
    const count = there.get(accelerators)?.length ?? 0;
    const { attribution, assigned } = known.get(wants) ?? { attribution: 'None' as const, assigned: [] };
    return Array.from({ length: devices }, (_, k): HeldDevice => {
      const one = assigned[k];
      const past = one && held.columns && { ...held.columns, active: one.active, from: one.from };
      if (one === undefined || past === undefined || !isToldOf(one, past)) {
        const sharers = sharersOf(accelerators, count, accelerators.capacity);
        const untold = attribution === 'Contested' ? attribution : 'None';
        return {
          pod,
          accelerators,
          attribution: untold,
          gpu: undefined,
          track: undefined,
          past,
          sharers,
          gpuPower: NaN,
        };
      }
      const sharers = Math.max(sharersOf(accelerators, count, accelerators.asked), users.get(one.device) ?? 1);
      const gpuPower = powerOf(one.device, gpuOf.get(one.device)) / sharers;
      return { pod, accelerators, attribution, gpu: one.device.gpu, track: past, past, sharers, gpuPower };
    });
  });
}

function wantedOf({ fleet, pods }: Held): readonly Wanted[] {
  return pods.flatMap((pod) =>
    [...pod.holds]
      .sort((a, b) => compareText(a.resource, b.resource))
      .map(({ resource, devices }) => ({ pod, accelerators: fleet.heldBy(pod, resource), devices })),
  );
}

interface Measured {
  readonly columns: Columns | undefined;
  readonly devices: readonly MeasuredDevice[];
  /** Those that anything is told of now, by what they are devices of. */
  readonly there: ReadonlyMap<NodeAccelerators | undefined, readonly MeasuredDevice[]>;
}

function assignedOf(wanted: readonly Wanted[], { columns, devices, there }: Measured): ReadonlyMap<Wanted, Known> {
  const known = new Map<Wanted, Known>();
  if (columns === undefined) return known;
  const named = devicesOfExporter(devices, columns);
  for (const wants of wanted) {
    const found = named(wants);
    if (found !== undefined) known.set(wants, found);
  }
  for (const [accelerators, some] of Map.groupBy(wanted, (wants) => wants.accelerators)) {
    if (some.some((wants) => known.has(wants))) continue;
    for (const [wants, assigned] of devicesOfNode(some, there.get(accelerators) ?? [], columns)) {
      known.set(wants, { attribution: 'Node', assigned });
    }
  }
  return known;
}

/** By device, how many there are that use it now. */
function usersOf(known: Iterable<Known>, columns: Columns | undefined): ReadonlyMap<MeasuredDevice, number> {
  const users = new Map<MeasuredDevice, number>();
  if (columns === undefined) return users;
  for (const { assigned } of known) {
    for (const one of assigned) if (isToldOf(one, columns)) users.set(one.device, (users.get(one.device) ?? 0) + 1);
  }
  return users;
}

/**
 * Of a product that is shared in time, how many shares one device that is measured has: those that are held where they draw
 * its power together, else all that the node offers. The names of products don't tell.
 */
function sharersOf({ parts }: NodeAccelerators, measured: number, shares: number): number {
  return measured === 0 || !parts.isShared ? 1 : Math.max(1, shares / measured);
}

/** An instance has its part of the GPU by compute slices, which is no more than all of it together with the others. */
function powerOf({ share }: MeasuredDevice, gpu: MeasuredGpu | undefined): number {
  return gpu === undefined ? NaN : (gpu.power * share) / Math.max(1, gpu.shares);
}
