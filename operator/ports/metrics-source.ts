import type { MeasuredUsage, UsageFigure } from '../domain/usage/device-usage.ts';
import type { UsageGrid } from '../domain/usage/usage-grid.ts';
import type { SourceError } from './source-error.ts';

/** A figure that could not be asked for, or that no answer could be made out of, and why. */
export interface UsageGap {
  readonly figure: UsageFigure;
  readonly error: SourceError;
}

export interface UsageAnswer extends MeasuredUsage {
  /** At most one for each figure. A figure without a gap may still be unknown for some devices. */
  readonly gaps: readonly UsageGap[];
  /**
   * Whether every question about devices was answered, and none in part by the source's own word. A figure that is asked for
   * in several ways has no gap where one of them was, and may be unknown of devices that only another way knows.
   */
  readonly isWhole: boolean;
}

/** What accelerators do. Every implementation passes the suite in `test/contract/metrics-source`. */
export interface MetricsSource {
  /** The vendor's name: label of metrics. */
  readonly name: string;
  /** A figure that fails is a gap, and the others are answered. Rejects only with `abort.reason`. */
  usage(grid: UsageGrid, abort: AbortSignal): Promise<UsageAnswer>;
}
