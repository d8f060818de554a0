import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';
import { plan } from '../planning/plan.ts';
import { workReckonedWith } from '../planning/unknown-length/planned-work.ts';
import type { PlanningSnapshot } from '../planning/snapshot.ts';
import { Course } from './course.ts';
import type { JobOutcome } from './outcome.ts';
import type { SimulatedJob } from './scenario.ts';
import { sitesAt, type World } from './world.ts';

export interface Replanning {
  /**
   * All jobs are planned anew at the multiples of this, as long as what comes is known, beside the times when one arrives
   * or ends before it was expected to. Absent: at those times only.
   */
  readonly every?: DurationMs;
  /** Told of each plan before it is made. */
  readonly onPlan?: (progress: ReplayProgress) => void;
}

export interface ReplayProgress {
  /** In the time of the replay. */
  readonly now: EpochMs;
  /** Jobs that are done by then. */
  readonly done: number;
}

/**
 * Replays jobs that share one world, as the planning cycle and the reconcilers would: plan, carry out, plan anew. What is
 * promised when the plans end is carried out to its end. Each job's outcome comes in the order of `jobs`.
 */
export function replay(
  world: World,
  jobs: readonly SimulatedJob[],
  { every, onPlan }: Replanning = {},
): readonly JobOutcome[] {
  const courses = jobs.map((job) => new Course(world, job));
  const arrivals = courses.toSorted((a, b) => a.asked.createdAt - b.asked.createdAt);
  let present: readonly Course[] = [];
  let arrived = 0;
  const nextArrival = (): EpochMs => arrivals[arrived]?.asked.createdAt ?? Infinity;
  let now = nextArrival();
  while (now < Infinity) {
    const before = arrived;
    while (nextArrival() <= now) arrived += 1;
    present = [...present, ...arrivals.slice(before, arrived)];
    onPlan?.({ now, done: arrived - present.length });
    planAll(world, present, now);
    now = carryOut(world, present, { from: now, until: Math.min(nextTick(world, now, every), nextArrival()) });
    present = present.filter(({ isOver }) => !isOver);
    if (present.length === 0) now = Math.max(now, nextArrival());
  }
  return courses.map((course) => course.outcome());
}

/**
 * Replays jobs that arrive at one moment and have nothing to do with one another: one plan for all of them, made once and
 * carried out to the end. With perfect knowledge and room for everybody that is what {@link replay} comes to, at a fraction of
 * its cost. Throws where jobs hold accelerators, which they would share in that one plan, or arrive at different moments.
 */
export function replayEachAlone(world: World, jobs: readonly SimulatedJob[]): readonly JobOutcome[] {
  const now = jobs[0]?.asked.createdAt ?? 0;
  for (const { asked } of jobs) {
    if (asked.devices > 0) throw new Error(`${asked.key} holds accelerators: it is not alone in its plan`);
    if (asked.createdAt !== now)
      throw new Error(`${asked.key} arrives at another moment than ${jobs[0]?.asked.key ?? ''}`);
  }
  const courses = jobs.map((job) => new Course(world, job));
  planAll(world, courses, now);
  for (const course of courses) carryOut(world, [course], { from: now, until: Infinity });
  return courses.map((course) => course.outcome());
}

function planAll(world: World, courses: readonly Course[], now: EpochMs): void {
  const { decisions } = plan(snapshotAt(world, courses, now));
  for (const course of courses) {
    const decision: Decision | undefined = decisions.get(course.asked.key);
    if (decision !== undefined) course.promise(decision, now);
  }
}

function snapshotAt(world: World, courses: readonly Course[], now: EpochMs): PlanningSnapshot {
  const { slot, tuning } = world.scenario;
  const jobs = courses.map((course) => course.plannable(now));
  // No further than any of them could use.
  const until = jobs.reduce((latest, job) => Math.max(latest, usefulUntil(job, now)), now) + slot;
  return { now, slot, sites: sitesAt(world, now, until), sitesNotReady: [], jobs, tuning };
}

function usefulUntil(job: PlannableJob, now: EpochMs): EpochMs {
  const beyondPlan = workReckonedWith(job) - job.remainingWork;
  return Math.max(job.deadline, now + job.remainingWork) + beyondPlan;
}

function nextTick({ cameUntil }: World, now: EpochMs, every: DurationMs | undefined): EpochMs {
  if (every === undefined) return Infinity;
  const next = (Math.floor(now / every) + 1) * every;
  return next < cameUntil ? next : Infinity;
}

/**
 * Carries promises out from one plan to the next, one happening after the other: first what ends, then what begins, so that
 * devices given back are there for whoever comes. Stops at `until`, or when a job ends earlier than was expected.
 */
function carryOut(
  world: World,
  courses: readonly Course[],
  { from, until }: { readonly from: EpochMs; readonly until: EpochMs },
): EpochMs {
  let now = from;
  beginWhatIsDue(world, courses, now);
  for (;;) {
    const next = courses.reduce((soonest, course) => Math.min(soonest, course.nextHappening(now)), Infinity);
    // Nothing happens by itself any more, and nobody plans anew.
    if (next === Infinity && until === Infinity) return Infinity;
    if (next > until) return until;
    now = next;
    const ended = courses.filter((course) => course.endWhatIsDue(now));
    // What would begin now waits for the plan that is made now.
    if (now === until) return until;
    beginWhatIsDue(world, courses, now);
    if (ended.some((course) => course.endedEarly(now))) return now;
  }
}

/** A start that is due and finds no room is tried again when another one ends or begins. */
function beginWhatIsDue(world: World, courses: readonly Course[], now: EpochMs): void {
  for (const course of courses) {
    const leg = course.startDue(now);
    if (leg === undefined) continue;
    const staging = stagingFor(world, courses, leg, course.asked.devices);
    if (staging !== undefined) course.start(leg, now, staging);
  }
}

/** How long the devices take to come; `undefined` where the place can't have so many. */
function stagingFor(
  world: World,
  courses: readonly Course[],
  { site, product }: { readonly site: string; readonly product: string | undefined },
  devices: number,
): DurationMs | undefined {
  if (devices === 0) return 0;
  const pool = world.pool(site, product);
  if (pool === undefined) return undefined;
  const held = courses
    .filter(({ place }) => place?.site === site && place.product === product)
    .reduce((sum, { asked }) => sum + asked.devices, pool.heldByOthers);
  if (held + devices <= pool.capacity) return 0;
  return held + devices <= pool.maxCapacity ? pool.provisioning : undefined;
}
