import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';

/** Devices that the pods of a CarbonAwareJob hold and that have done nothing, for as long as its policy says. */
export interface IdleDevices {
  /** Since when none of them has worked. */
  readonly since: EpochMs;
  /** How long that is to last before anything is done about it. */
  readonly for: DurationMs;
  /** How many of what, where, and for how long, in one sentence. */
  readonly message: string;
  /** What the policy of its namespace wants done. */
  readonly action: UsagePolicy['idle']['action'];
}

/** `Quiet`: none of them works now. That is no more than a pause in their work until it has lasted. */
export type DeviceUse = 'Working' | 'Quiet' | 'Unknown';

/** What the devices of CarbonAwareJobs do, as it was last assessed. */
export interface IdleReader {
  /**
   * `undefined` where they work, or where that is not known: what is unknown is never idle.
   * @param job `namespace/name`
   */
  idle(job: string): IdleDevices | undefined;
  /** What the devices that its pods hold do now. */
  use(job: string): DeviceUse;
}
