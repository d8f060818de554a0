import type { DurationMs } from '../units.ts';

/** From when on devices that are held count as wasted; of the CarbonPolicy of the namespace. */
export interface UsagePolicy {
  readonly idle: {
    /** Share of time active, e.g. 0.05. */
    readonly below: number;
    readonly for: DurationMs;
    /** `Pause`: CarbonAwareJobs that can be interrupted are paused. Nothing else is ever touched. */
    readonly action: 'Alert' | 'Pause';
  };
  readonly underused: {
    /** Mean share of time active, e.g. 0.3. */
    readonly below: number;
    readonly for: DurationMs;
  };
}
