import { columnAfter, type Columns } from '../activity/columns.ts';
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

/** The first column in which all of these pods held their devices all the time. A pod may have the name of one before it. */
export function heldFrom({ grid }: Columns, pods: readonly HoldingPod[]): number {
  return columnAfter(grid, Math.max(...pods.map(({ heldSince }) => heldSince)));
}
