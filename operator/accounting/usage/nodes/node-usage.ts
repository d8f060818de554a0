import { EXPECTED_UTILISATION } from '../../../domain/accelerators/accelerator-power.ts';
import type { NodeUsage } from '../../../domain/usage/assessment.ts';
import type { MeasuredDevice, MeasuredGpu } from '../devices/measured-gpus.ts';
import type { NodeAccelerators } from '../devices/node-accelerators.ts';
import type { Columns } from '../activity/columns.ts';
import { gpuPowerAt } from '../power/device-power.ts';
import type { HostPower } from '../power/host-power.ts';
import { rateOf } from '../rate.ts';
import type { WaitingPod } from '../usage-snapshot.ts';
import { activeOf, heldOf, meanActive, tallyOf, usableTally, type ActivityTally } from './activity-tally.ts';
import { strandedOf } from './stranded.ts';

/** Of the devices of one resource of one node. */
export interface NodeFigures {
  readonly usage: NodeUsage;
  /** Of those that are held or free. */
  readonly usable: ActivityTally;
  /** What all series of its devices call it, `''` where that is nothing; `undefined` where one calls it by the name of a node. */
  readonly misnamed: string | undefined;
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
  const devices = measured.map(({ device }) => device);
  const all = { measured: devices, expected, columns: around.columns };
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
    active: meanActive(tallyOf(accelerators, all)),
    rate,
    powerBasis: isMeasured ? ('Measured' as const) : ('Modelled' as const),
  };
  const stranded = strandedOf(accelerators, { rate, held, gpus: expected, ...around });
  return { usage: { ...usage, stranded }, usable: usableTally(accelerators, all), misnamed: misnamedBy(devices) };
}

function misnamedBy(devices: readonly MeasuredDevice[]): string | undefined {
  return devices.every(({ misnamed }) => misnamed !== undefined) ? devices[0]?.misnamed : undefined;
}

/** As many as are measured where their product is shared: how many shares one has is not in its name. */
function gpusOf({ capacity, parts }: NodeAccelerators, measured: readonly MeasuredOf[]): number {
  const count = measured.length;
  if (count > 0 && parts.isShared) return Math.min(count, capacity);
  return capacity;
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
  const unknown = Math.max(0, expected - covered);
  const busy = Math.min(unknown, Math.max(0, heldOf(accelerators, expected) - covered));
  power += busy * gpuPowerAt(accelerators, EXPECTED_UTILISATION) + (unknown - busy) * gpuPowerAt(accelerators, 0);
  return { power, isMeasured: counted > 0 && counted >= expected - ROUNDING && covered - counted < ROUNDING };
}

/** Of sevenths. */
const ROUNDING = 1e-9;
