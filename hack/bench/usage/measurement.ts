import type { Taken } from '../speed/measurement.ts';

/** What the process tells that looks at what GPUs do. */
export interface UsageMeasured {
  readonly gpus: number;
  readonly workloads: number;
  /** The first turn, which asks for all that is looked back on. */
  readonly first: Taken;
  readonly columnsAtFirst: number;
  /** The turns after it, which ask for what is new. */
  readonly next: Taken;
  /** What a turn reckons, without what it asks. */
  readonly assessment: Taken;
  readonly scrape: Taken;
  /** Of what the operator reports of usage. */
  readonly series: number;
  readonly bytes: number;
  /** Devices that were found to be wasted, and those that are known to be. */
  readonly wasted: number;
  readonly wastedInTruth: number;
  /** Resident memory at its highest, in bytes. */
  readonly peak: number;
  /** What could not be asked. */
  readonly gaps: readonly string[];
}
