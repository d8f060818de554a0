import { EXPECTED_UTILISATION, hostPowerOf, powerAtActivity } from '../../../domain/accelerators/accelerator-power.ts';
import { activeNow } from '../activity/columns.ts';
import type { HeldDevice } from '../devices/held-devices.ts';
import type { NodeAccelerators } from '../devices/node-accelerators.ts';
import type { HostPower } from './host-power.ts';

/** Power of a device at the plug of its node, watts before PUE. */
export interface DevicePower {
  readonly power: number;
  readonly isMeasured: boolean;
}

/**
 * What was measured of the GPU, else that of the product at the activity of the device; and the host. A device that somebody
 * holds and that nothing is known of is expected to work as the planner expects it of jobs.
 */
export function powerOfHeld(held: HeldDevice, host: HostPower): DevicePower {
  const { accelerators, gpuPower, sharers, track } = held;
  const isMeasured = Number.isFinite(gpuPower);
  const active = track === undefined ? undefined : activeNow(track);
  const gpu = isMeasured ? gpuPower : gpuPowerAt(accelerators, active ?? EXPECTED_UTILISATION) / sharers;
  return { power: gpu + host.ofDevice(held), isMeasured };
}

/** Without the host. */
export function gpuPowerAt({ power }: NodeAccelerators, active: number): number {
  return powerAtActivity(power, active) - hostPowerOf(power);
}
