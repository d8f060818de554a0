import type { DurationMs, EpochMs } from '../domain/units.ts';

/** For the runtime, which reaches the domain through ports alone. */
export type { DurationMs, EpochMs };

/** Time as an argument: the process has one clock, a test has one that it moves. */
export interface Clock {
  now(): EpochMs;
  /** Resolves after `duration`; rejects with `abort.reason` when `abort` fires first. */
  sleep(duration: DurationMs, abort: AbortSignal): Promise<void>;
}

/** A number in [0, 1). Jitter asks for it, so that a test can fix it. */
export type Random = () => number;
