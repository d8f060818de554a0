/** What one piece of work took, each time, in ms. */
export interface Taken {
  /** CPU of all threads of the process, garbage collection included: what one core alone would take. */
  readonly cpuMs: readonly number[];
  readonly wallMs: readonly number[];
}

/** A plan made from the one before. */
export interface Replanned {
  readonly took: Taken;
  /** Jobs of the plan before of which it was found out again what is best for them. */
  readonly choseAgain: number;
  /** Jobs that have another place or time than in a plan made anew of the same. */
  readonly differ: number;
}

/** What changes cost where all jobs have been told their plans. */
export interface Changes {
  readonly anew: Taken;
  readonly oneJobMore: Taken;
  readonly unchanged: Replanned;
  readonly oneJobCame: Replanned;
  readonly newForecast: Replanned;
}

/** What the process tells that measures times. */
export interface TimesMeasured {
  /** The first plan of the process. */
  readonly cold: Taken;
  readonly anew: Taken;
  readonly late: number;
  readonly bareLoop: Taken;
  readonly pausable: Taken;
  /** With forecasts that are taken at their word, and with such as are expected to be off. */
  readonly exact: Changes;
  readonly uncertain: Changes;
}

/** What the process tells that makes one plan and nothing else, in bytes. */
export interface MemoryMeasured {
  /** Resident memory at its highest. */
  readonly peak: number;
  /** Heap with the snapshot, the plan and what the next plan needs of it, after a garbage collection. */
  readonly heap: number;
  /** The same before the plan. */
  readonly heapBefore: number;
}
