import { offsets, type Assignment, type JointProblem } from '../../operator/planning/together/problem.ts';

export interface BerthAsked {
  readonly pool?: number;
  /** In slots. */
  readonly length?: number;
  readonly first?: number;
  /** One a start, from the first on. */
  readonly costs: readonly number[];
}

export interface JointJobAsked {
  readonly devices?: number;
  readonly group?: number;
  readonly berths: readonly BerthAsked[];
}

/** @param free a row of devices that are free in each slot, for each pool */
export function aJointProblem(free: readonly (readonly number[])[], jobs: readonly JointJobAsked[]): JointProblem {
  const berths = jobs.flatMap((job) => job.berths);
  const groups = jobs.map(({ group = 0 }) => group);
  return {
    pools: free.length,
    slots: free[0]?.length ?? 0,
    jobs: jobs.length,
    free: Int32Array.from(free.flat()),
    devices: Int32Array.from(jobs, ({ devices = 1 }) => devices),
    berthFrom: offsets(jobs.map((job) => job.berths.length)),
    pool: Int32Array.from(berths, ({ pool = 0 }) => pool),
    length: Int32Array.from(berths, ({ length = 1 }) => length),
    first: Int32Array.from(berths, ({ first = 0 }) => first),
    starts: Int32Array.from(berths, ({ costs }) => costs.length),
    costFrom: offsets(berths.map(({ costs }) => costs.length)),
    cost: Float64Array.from(berths.flatMap(({ costs }) => costs)),
    group: Int32Array.from(groups),
    groups: Math.max(0, ...groups) + 1,
  };
}

/** Of each job its berth, counted over all jobs, and the slot of its start; `undefined`: it has none. */
export function anAssignment(places: readonly (readonly [berth: number, start: number] | undefined)[]): Assignment {
  return {
    berth: Int32Array.from(places, (place) => place?.[0] ?? -1),
    start: Int32Array.from(places, (place) => place?.[1] ?? 0),
  };
}
