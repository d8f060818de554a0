import type { PlannableJob } from '../../operator/domain/job.ts';
import type { AcceleratorPool } from '../../operator/domain/site.ts';
import type { DurationMs, EpochMs } from '../../operator/domain/units.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';
import { stintsOf, type Stint } from './earliest-finish.ts';
import { reckonedCost, weighed } from './reckoned-cost.ts';

/** How many jobs are late, and by how much together. */
export interface Lateness {
  readonly late: number;
  readonly by: DurationMs;
}

/** @param finishes by key; a job that is not among them never ends */
export function latenessOf(jobs: readonly PlannableJob[], finishes: ReadonlyMap<string, EpochMs>): Lateness {
  const delays = jobs.map(({ key, deadline }) => (finishes.get(key) ?? Infinity) - deadline).filter((by) => by > 0);
  return { late: delays.length, by: delays.reduce((sum, by) => sum + by, 0) };
}

/** Devices in use on a pool by slot of {@link edges}: all of them, and those that wait for none to come. */
interface Books {
  readonly all: number[];
  readonly onHand: number[];
}

/**
 * When each job is done if nobody waits for clean power: the one with the least time to spare begins first, where it is done
 * soonest of all, in one piece. Devices are shared by the slot, and a start is at once or at the edge of one. Of seats where it
 * is done as soon the one that costs less. For jobs that all wait and have devices to ask for.
 * @param until nothing is begun that would end later
 */
export function earliestDeadlineFirst(snapshot: PlanningSnapshot, until: EpochMs): ReadonlyMap<string, EpochMs> {
  const { jobs, now, sites } = snapshot;
  const edges = edgesOf(snapshot, until);
  const books = new Map<AcceleratorPool, Books>(
    sites.flatMap(({ pools }) => pools.map((pool) => [pool, { all: edges.map(() => 0), onHand: edges.map(() => 0) }])),
  );
  const finishes = new Map<string, EpochMs>();
  for (const job of jobs.toSorted(byTimeToSpare)) {
    const runs = stintsOf(job, sites).flatMap((stint) => {
      const startsAt = edges.find(
        (start) => start + stint.length <= until && isFree(stint, job, { books, edges, start }),
      );
      return startsAt === undefined ? [] : [runOf(job, stint, startsAt)];
    });
    const [first] = runs.toSorted((a, b) => a.endsAt - b.endsAt || a.cost - b.cost);
    if (first === undefined) continue;
    for (const slot of slotsOf(edges, first.startsAt, first.endsAt)) take(books, first.stint, job, slot);
    finishes.set(job.key, first.endsAt);
  }
  return new Map([...finishes].map(([key, endsAt]) => [key, Math.max(now, endsAt)]));
}

function byTimeToSpare(a: PlannableJob, b: PlannableJob): number {
  const spare = (job: PlannableJob): EpochMs => job.deadline - job.remainingWork;
  return spare(a) - spare(b) || a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1);
}

function edgesOf({ now, slot }: PlanningSnapshot, until: EpochMs): readonly EpochMs[] {
  const edges = [now];
  for (let edge = (Math.floor(now / slot) + 1) * slot; edge < until; edge += slot) edges.push(edge);
  return edges;
}

/** Slots that a run holds, in part or all of them. */
function slotsOf(edges: readonly EpochMs[], startsAt: EpochMs, endsAt: EpochMs): readonly number[] {
  return [...edges.keys()].filter((slot) => (edges[slot + 1] ?? Infinity) > startsAt && (edges[slot] ?? 0) < endsAt);
}

function isFree(
  { pool, provisioned, length }: Stint,
  { devices }: PlannableJob,
  { books, edges, start }: { books: ReadonlyMap<AcceleratorPool, Books>; edges: readonly EpochMs[]; start: EpochMs },
): boolean {
  const { all = [], onHand = [] } = books.get(pool) ?? {};
  return slotsOf(edges, start, start + length).every((slot) => {
    const inAll = (all[slot] ?? 0) + devices <= pool.maxCapacity - pool.heldByOthers;
    return inAll && (provisioned || (onHand[slot] ?? 0) + devices <= pool.capacity - pool.heldByOthers);
  });
}

function take(
  books: ReadonlyMap<AcceleratorPool, Books>,
  { pool, provisioned }: Stint,
  { devices }: PlannableJob,
  slot: number,
): void {
  const { all = [], onHand = [] } = books.get(pool) ?? {};
  all[slot] = (all[slot] ?? 0) + devices;
  if (!provisioned) onHand[slot] = (onHand[slot] ?? 0) + devices;
}

function runOf(job: PlannableJob, stint: Stint, startsAt: EpochMs) {
  const endsAt = startsAt + stint.length;
  return { stint, startsAt, endsAt, cost: weighed(reckonedCost(job, stint.site, { startsAt, endsAt }), job) };
}
