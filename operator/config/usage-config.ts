import type { DurationMs } from '../domain/units.ts';

/** How it is found out what devices are used for. */
export interface UsageConfig {
  /** Length of a column, and from one question to the next. */
  readonly interval: DurationMs;
  readonly lookBack: DurationMs;
  readonly topWorkloads: number;
  readonly topNodes: number;
  /** Best first. */
  readonly ownerLabels: readonly string[];
  /** Absent: nothing is measured. */
  readonly prometheus: MeasuredByPrometheus | undefined;
}

/** What is absent is the default of the adapter. */
export interface MeasuredByPrometheus {
  /** As in PromQL. */
  readonly matchers: readonly string[];
  readonly labels: {
    readonly gpu?: readonly string[];
    readonly instance?: readonly string[];
    readonly profile?: readonly string[];
    readonly node?: readonly string[];
    readonly pods?: readonly { readonly pod: string; readonly namespace: string }[];
  };
  readonly queries: {
    readonly activity?: readonly string[];
    readonly power?: readonly string[];
    readonly podPower?: readonly string[];
    readonly nodePower?: readonly string[];
  };
}
