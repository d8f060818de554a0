/**
 * Jobs that run in one piece and share pools of devices, in whole slots. Rows of cells are `slots` long, a row a pool.
 * A berth is a seat of a job with what a start there occupies; job j has the berths [berthFrom[j], berthFrom[j + 1]).
 */
export interface JointProblem {
  readonly pools: number;
  readonly slots: number;
  readonly jobs: number;
  /** Devices that are free, by pool and slot. */
  readonly free: Int32Array;
  /** Devices that each job needs. */
  readonly devices: Int32Array;
  readonly berthFrom: Int32Array;
  readonly pool: Int32Array;
  /** Slots that a run occupies. */
  readonly length: Int32Array;
  /** The first slot of a start, and how many there are, one after another. */
  readonly first: Int32Array;
  readonly starts: Int32Array;
  /** Where the costs of a berth's starts lie in `cost`. Infinite where a start may not be. */
  readonly costFrom: Int32Array;
  readonly cost: Float64Array;
  /** Jobs of one group together may not become dearer than they are. */
  readonly group: Int32Array;
  readonly groups: number;
}

/** Where each job is: its berth, or -1 where it has none, and the slot of its start. */
export interface Assignment {
  readonly berth: Int32Array;
  readonly start: Int32Array;
}

/** Cost of a start in a slot of a berth. */
export function costAt({ cost, costFrom, first }: JointProblem, berth: number, start: number): number {
  return cost[(costFrom[berth] ?? 0) + start - (first[berth] ?? 0)] ?? Infinity;
}

/** Of all jobs that have a berth. */
export function costOf(problem: JointProblem, { berth, start }: Assignment): number {
  return berth.reduce((sum, at, job) => (at < 0 ? sum : sum + costAt(problem, at, start[job] ?? 0)), 0);
}

/** Where each of some lengths begins, one after another, and where the last one ends. */
export function offsets(lengths: readonly number[]): Int32Array {
  const from = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) from[i + 1] = (from[i] ?? 0) + length;
  return from;
}
