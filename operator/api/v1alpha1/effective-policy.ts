import type { Objective } from '../../domain/job.ts';
import type { Signal } from '../../domain/intensity.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { UsagePolicy } from '../../domain/usage/usage-policy.ts';

/** What holds in a namespace: the CarbonPolicy that won, with the built-in defaults for what it leaves open. */
export interface EffectivePolicy {
  /** The CarbonPolicy that won; absent where the built-in defaults govern. */
  readonly name: string | undefined;
  /** For jobs that set no objective. */
  readonly objective: Objective;
  readonly signal: Signal;
  readonly withoutData: 'Run' | 'Hold';
  /** Share of the namespace beside others where devices are short. */
  readonly weight: number;
  /** For jobs that set no deadline: how much later they may finish than if they had started at once. */
  readonly defaultMaxDelay: DurationMs;
  /** For jobs that name no home. */
  readonly home: string | undefined;
  /** No job is delayed longer, whatever it says. */
  readonly longestDelay: DurationMs | undefined;
  /** Names of sites; absent: any. */
  readonly sitesAllowed: readonly string[] | undefined;
  /** When devices that pods hold count as wasted, and what is done about it. */
  readonly usage: UsagePolicy;
}
