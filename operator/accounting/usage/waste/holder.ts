import type { Waste, WorkloadRef } from '../../../domain/usage/assessment.ts';
import type { EpochMs } from '../../../domain/units.ts';
import type { ClockSpan } from '../../../domain/weekly-hours/clock-spans.ts';
import type { UsagePolicy } from '../../../domain/usage/usage-policy.ts';
import type { Track } from '../activity/columns.ts';
import type { Use } from '../rate.ts';

/** What one workload holds of one product at one site, as the rules of waste see it. */
export interface Holder {
  readonly now: EpochMs;
  readonly workload: WorkloadRef;
  /** The product, or the resource where that is not known. */
  readonly deviceName: string;
  readonly resource: string;
  readonly policy: UsagePolicy;
  /** Since when each pod has held its devices. */
  readonly heldSince: readonly EpochMs[];
  /** Of each pod. */
  readonly activeHours: readonly (string | undefined)[];
  /** By IANA time zone. */
  readonly clocks: ReadonlyMap<string, readonly ClockSpan[]>;
  readonly devices: readonly HeldTrack[];
  /** Power of one device while it does nothing, watts at the plug. */
  readonly idlePower: number;
}

/** One device. */
export interface HeldTrack {
  /** `undefined` where nothing is known of what it does now. */
  readonly track: Track | undefined;
  /** The same, also where nothing is told of it any more. */
  readonly past: Track | undefined;
  /** Watts at the plug. */
  readonly power: number;
}

export interface Finding extends Pick<Waste, 'since' | 'message' | 'remedy'> {
  /** What could be let go: no more than what is held. */
  readonly wasted: Use;
}

/** All that the workload holds. */
export function allOf({ devices }: Holder): Use {
  return useOf(devices);
}

export function useOf(devices: readonly HeldTrack[]): Use {
  let power = 0;
  for (const device of devices) power += device.power;
  return { devices: devices.length, power };
}
