import { isKnownNow, type Columns } from '../activity/columns.ts';
import { lastOf, type MeasuredDevice } from '../devices/measured-gpus.ts';
import type { NodeAccelerators } from '../devices/node-accelerators.ts';
import { sumOver } from '../sum-over.ts';

/** What is known of what some devices do; each that is shared counts once. */
export interface ActivityTally {
  /** How many there are to be known of. */
  readonly expected: number;
  /** How many of these nobody holds. */
  readonly free: number;
  readonly known: number;
  /** How many of the known no pod is known to hold. */
  readonly knownUnheld: number;
  /** Sum of the shares of time active of the known. */
  readonly worked: number;
}

/** So small a part of all hardly moves their mean, whatever it does. */
const FEW = 0.1;

/**
 * Mean share of time active; `undefined` where it is not known of most, or only of those that are held while others are free: who
 * looks at nothing but what is used finds it used.
 */
export function meanActive({ expected, free, known, knownUnheld, worked }: ActivityTally): number | undefined {
  const isOfMost = known > 0 && known * 2 >= expected;
  const isOfHeldAlone = knownUnheld === 0 && free > FEW * expected;
  return isOfMost && !isOfHeldAlone ? worked / known : undefined;
}

export function sumOfTallies(some: readonly ActivityTally[]): ActivityTally {
  return {
    expected: sumOver(some, ({ expected }) => expected),
    free: sumOver(some, ({ free }) => free),
    known: sumOver(some, ({ known }) => known),
    knownUnheld: sumOver(some, ({ knownUnheld }) => knownUnheld),
    worked: sumOver(some, ({ worked }) => worked),
  };
}

interface Measured {
  readonly measured: readonly MeasuredDevice[];
  /** How many all devices are where each that is shared counts once. */
  readonly expected: number;
  readonly columns: Columns | undefined;
}

/** Of all devices of one resource of a node. */
export function tallyOf(accelerators: NodeAccelerators, { columns, expected, measured }: Measured): ActivityTally {
  const known = measured.flatMap((device) => {
    const active = activeOf(device, columns);
    return Number.isFinite(active) ? [{ active, isHeld: isHeld(device, columns) }] : [];
  });
  return {
    expected,
    // A share that is free is one of a GPU that is measured with the others.
    free: accelerators.parts.isShared ? 0 : expected - heldOf(accelerators, expected),
    known: known.length,
    knownUnheld: known.filter((one) => !one.isHeld).length,
    worked: sumOver(known, ({ active }) => active),
  };
}

/** Of those that are held or free: on a node that accepts no work, those that pods are known to hold. */
export function usableTally(accelerators: NodeAccelerators, all: Measured): ActivityTally {
  const { acceptsWork, asked, capacity } = accelerators;
  if (acceptsWork || asked >= capacity) return tallyOf(accelerators, all);
  const measured = all.measured.filter((device) => isHeld(device, all.columns));
  return { ...tallyOf(accelerators, { ...all, measured }), expected: heldOf(accelerators, all.expected), free: 0 };
}

/** How many are held where each that is shared counts once. */
export function heldOf({ asked, capacity }: NodeAccelerators, expected: number): number {
  return capacity === 0 ? 0 : (Math.min(asked, capacity) / capacity) * expected;
}

/** NaN where it is not known. */
export function activeOf({ series }: MeasuredDevice, columns: Columns | undefined): number {
  return columns === undefined
    ? NaN
    : lastOf(
        series.map(({ active }) => active),
        columns,
      );
}

function isHeld({ series }: MeasuredDevice, columns: Columns | undefined): boolean {
  return series.some(
    ({ active, holder, power }) =>
      holder !== undefined && columns !== undefined && isKnownNow([active, power], columns),
  );
}
