import { EXPECTED_UTILISATION } from '../../../domain/accelerators/accelerator-power.ts';
import type { NodeUsage } from '../../../domain/usage/assessment.ts';
import { lastOf, type MeasuredDevice, type MeasuredGpu } from '../devices/measured-gpus.ts';
import type { NodeAccelerators } from '../devices/node-accelerators.ts';
import type { Columns } from '../activity/columns.ts';
import { sumOver } from '../sum-over.ts';
import { gpuPowerAt } from '../power/device-power.ts';
import type { HostPower } from '../power/host-power.ts';
import { rateOf } from '../rate.ts';
import type { WaitingPod } from '../usage-snapshot.ts';
import { strandedOf } from './stranded.ts';

/** Of the devices of one resource of one node. */
export interface NodeFigures {
  readonly usage: NodeUsage;
  /** Sum of the shares of time active of those that are known. */
  readonly worked: number;
  readonly known: number;
  /** How many there are to be known of: each that is shared counts once. */
  readonly expected: number;
}

export interface MeasuredOf {
  readonly device: MeasuredDevice;
  readonly gpu: MeasuredGpu;
}

interface Around {
  readonly columns: Columns | undefined;
  readonly host: HostPower;
  readonly waiting: readonly WaitingPod[];
}

/** @param measured devices that the source tells of, held or free */
export function nodeFigures(
  accelerators: NodeAccelerators,
  measured: readonly MeasuredOf[],
  around: Around & { readonly now: number },
): NodeFigures {
  const { acceptsWork, asked, capacity, node, product, resource, site } = accelerators;
  const held = Math.min(asked, capacity);
  const expected = gpusOf(accelerators, measured);
  const active = measured.map(({ device }) => activeOf(device, around.columns)).filter(Number.isFinite);
  const worked = sumOver(active, (share) => share);
  const { power, isMeasured } = gpuPower(accelerators, measured, { expected, columns: around.columns });
  const rate = rateOf({ devices: capacity, power: power + around.host.ofAll(accelerators, expected) }, accelerators);
  const usage = {
    node,
    site: site?.name ?? '',
    product,
    resource,
    acceptsWork,
    capacity,
    held,
    active: active.length > 0 && active.length * 2 >= expected ? worked / active.length : undefined,
    rate,
    powerBasis: isMeasured ? ('Measured' as const) : ('Modelled' as const),
  };
  const stranded = strandedOf(accelerators, { rate, held, gpus: expected, ...around });
  return { usage: { ...usage, stranded }, worked, known: active.length, expected };
}

/** As many as are measured where their product is shared: how many shares one has is not in its name. */
function gpusOf({ capacity, parts }: NodeAccelerators, measured: readonly MeasuredOf[]): number {
  const count = measured.length;
  if (count > 0 && parts.isShared) return Math.min(count, capacity);
  return capacity;
}

function activeOf({ series }: MeasuredDevice, columns: Columns | undefined): number {
  return columns === undefined
    ? NaN
    : lastOf(
        series.map(({ active }) => active),
        columns,
      );
}

/**
 * Without the host: what was measured; by its activity what only that is known of; and of the others those that pods hold as if
 * they worked as jobs are expected to, the free ones idle.
 */
function gpuPower(
  accelerators: NodeAccelerators,
  measured: readonly MeasuredOf[],
  { columns, expected }: { readonly columns: Columns | undefined; readonly expected: number },
): { readonly power: number; readonly isMeasured: boolean } {
  const ofOne = accelerators.parts.share;
  let [power, covered, counted] = [0, 0, 0];
  for (const { device, gpu } of measured) {
    const active = activeOf(device, columns);
    const isMeasured = Number.isFinite(gpu.power);
    if (!isMeasured && !Number.isFinite(active)) continue;
    // Its instances have all of a GPU between them, whatever was cut off for nobody.
    power += isMeasured ? (gpu.power * device.share) / gpu.shares : gpuPowerAt(accelerators, active);
    covered += device.share / ofOne;
    if (isMeasured) counted += device.share / ofOne;
  }
  const { asked, capacity } = accelerators;
  const unknown = Math.max(0, expected - covered);
  const held = capacity === 0 ? 0 : (Math.min(asked, capacity) / capacity) * expected;
  const busy = Math.min(unknown, Math.max(0, held - covered));
  power += busy * gpuPowerAt(accelerators, EXPECTED_UTILISATION) + (unknown - busy) * gpuPowerAt(accelerators, 0);
  return { power, isMeasured: counted > 0 && counted >= expected - ROUNDING && covered - counted < ROUNDING };
}

/** Of sevenths. */
const ROUNDING = 1e-9;
