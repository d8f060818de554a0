import type { Holding, NodeUsage, UsageAssessment, WasteClass, WorkloadRef } from '../../domain/usage/assessment.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { UsageGap } from '../../ports/metrics-source.ts';
import type { Totals } from './totals.ts';

/** A workload that counts as needed at all times, since nobody can read when it is. */
export interface UnreadableHours {
  readonly workload: WorkloadRef;
  /** What is wrong with the text, and the remedy. */
  readonly problem: string;
}

/** What is held and what it does, as far as it can be seen from here. */
export interface UseSight {
  readonly assessment: UsageAssessment;
  /** What could not be asked for; `undefined` where nobody was asked what devices do. */
  readonly gaps: readonly UsageGap[] | undefined;
  /** How far back it was asked for. */
  readonly lookBack: DurationMs;
  /** Of a site, by name; empty where the site is not known. */
  readonly currencyOf: (site: string) => string;
  /** The pods of every namespace could be seen, and nodes: so that what nobody holds is known. */
  readonly isWhole: boolean;
  readonly unreadableHours: readonly UnreadableHours[];
  /** What could not be seen and what was taken for it, in sentences. */
  readonly notes: readonly string[];
}

/** What the user wants to see of it. */
export interface WasteChoice {
  /** `undefined`: all. */
  readonly namespace: string | undefined;
  /** `undefined`: all. */
  readonly class: WasteClass | undefined;
  /** So many workloads are named; totals have them all. */
  readonly top: number;
}

/** What is shown, sorted out. */
export interface WasteFound {
  readonly sight: UseSight;
  readonly choice: WasteChoice;
  readonly totals: Totals;
  /** Those of the sight, and what concerns what is shown. */
  readonly notes: readonly string[];
  /** Those that waste most come first. */
  readonly wasting: readonly Holding[];
  /** Nobody knows whether they do; those that cost most come first. */
  readonly unknown: readonly Holding[];
  /** Nodes with devices that no pod can have. */
  readonly stranded: readonly NodeUsage[];
}
