import type { Attribution } from '../../../domain/usage/assessment.ts';
import { columnAfter, isKnownNow, type Columns } from '../activity/columns.ts';
import type { HoldingPod } from '../usage-snapshot.ts';
import type { MeasuredDevice } from './measured-gpus.ts';
import type { NodeAccelerators } from './node-accelerators.ts';

/** Devices of one resource that a pod holds. */
export interface Wanted {
  readonly pod: HoldingPod;
  readonly accelerators: NodeAccelerators;
  readonly devices: number;
}

/** One of the devices that are measured, and what it did while a pod held it. */
export interface Assigned {
  readonly device: MeasuredDevice;
  readonly active: readonly number[];
  readonly power: readonly number[];
  /** The first column that counts. */
  readonly from: number;
}

/** Which devices a pod has, and how that is known. */
export interface Known {
  readonly attribution: Attribution;
  readonly assigned: readonly Assigned[];
}

/** Or else the device may be another's by now. */
export function isToldOf({ active, from, power }: Assigned, columns: Columns): boolean {
  return isKnownNow([active, power], columns, from);
}

/** The first column in which all of these pods held their devices all the time. A pod may have the name of one before it. */
export function heldFrom({ grid }: Columns, pods: readonly HoldingPod[]): number {
  return columnAfter(grid, Math.max(...pods.map(({ heldSince }) => heldSince)));
}
