import { legsAhead, type Decision, type BaselineCost, type Leg } from '../domain/decision.ts';
import type { Interval } from '../domain/interval.ts';
import type { Placement, PlannableJob } from '../domain/job.ts';
import { isSamePlace } from '../domain/place.ts';
import type { DurationMs, EpochMs } from '../domain/units.ts';
import { lengthAsPlanned } from '../planning/unknown-length/planned-work.ts';
import type { JobOutcome, Run } from './outcome.ts';
import type { SimulatedJob } from './scenario.ts';
import { placeAtHome, speedAt, spentOf, usageOf, type World } from './world.ts';

/** Sums of fractions of a millisecond are no delay. */
const ROUNDING_MS: DurationMs = 0.5;

/** A run under way. */
interface OpenRun extends Omit<Run, 'endsAt'> {
  /** Time at its start that repeats lost work. */
  readonly overhead: DurationMs;
  readonly speed: number;
}

/**
 * One job's life: it carries out the promises that plans make, step by step, and tells the next plan how it stands.
 * The end of a promise's last window is an expectation: a job whose work is not done by then goes on.
 */
export class Course {
  readonly asked: PlannableJob;
  readonly #world: World;
  readonly #work: DurationMs;
  readonly #runs: Run[] = [];
  #open: OpenRun | undefined;
  #finishesAt: EpochMs | undefined;
  /** What is promised from now on; a leg whose windows are over is gone. */
  #legs: readonly Leg[] = [];
  #baseline: BaselineCost | undefined;
  #workOfClosedRuns = 0;
  #moves = 0;

  constructor(world: World, { asked, work = asked.totalWork }: SimulatedJob) {
    this.#world = world;
    this.asked = asked;
    this.#work = work;
  }

  get isOver(): boolean {
    return this.#finishesAt !== undefined;
  }

  /** Where it holds devices now. */
  get place(): Pick<Run, 'site' | 'product'> | undefined {
    return this.#open;
  }

  /** The job as a plan made at `now` must know it. */
  plannable(now: EpochMs): PlannableJob {
    const done = this.#workDone(now);
    const left = this.asked.totalWork - done;
    const { lengthBelief, createdAt, deadline } = this.asked;
    const least = this.#world.scenario.slot;
    const runs = this.#runsUntil(now);
    return {
      ...this.asked,
      phase: this.#open !== undefined ? 'Running' : this.#runs.length > 0 ? 'Paused' : 'Waiting',
      // Longer than was told: as the controllers do, a slot at least is left of what has not ended.
      remainingWork: left > 0 ? left : least,
      ...(lengthBelief && lengthAsPlanned(lengthBelief, done, { createdAt, deadline, least })),
      pausesSoFar: this.#runs.length,
      spent: spentOf(this.#world, this.asked, runs),
      baseline: this.asked.baseline ?? this.#baseline,
      current: this.#current(now),
    };
  }

  /** A new plan: what runs goes on where the plan says so, and pauses where it doesn't. */
  promise({ chosen, baseline }: Decision, now: EpochMs): void {
    this.#baseline ??= baseline;
    if (chosen === undefined) return;
    const { site, product, windows, moves } = chosen;
    this.#legs = [{ site, product, windows }, ...moves];
    if (this.#open !== undefined && this.#windowAt(now, this.#open) === undefined) this.#close(now);
  }

  /** When after `now` something happens to it by its promise: it begins, pauses or finishes; `Infinity` where nothing does. */
  nextHappening(now: EpochMs): EpochMs {
    if (this.isOver) return Infinity;
    if (this.#open === undefined) return this.#firstWindow((startsAt) => startsAt > now)?.startsAt ?? Infinity;
    const finish = this.#finishOf(this.#open);
    const window = this.#windowAt(now, this.#open);
    // Only a promise that has more to come ends a run before its work is done.
    const hasMore = window !== undefined && this.#comesFrom(window.endsAt);
    return hasMore ? Math.min(finish, window.endsAt) : finish;
  }

  /** Finishes or pauses, where that is due. Says whether it gave back devices. */
  endWhatIsDue(now: EpochMs): boolean {
    if (this.#open === undefined) return false;
    const finish = this.#finishOf(this.#open);
    if (finish <= now) {
      this.#close(finish);
      this.#finishesAt = finish;
      return true;
    }
    const goesOn = this.#windowAt(now, this.#open) !== undefined || !this.#comesFrom(now);
    if (!goesOn) this.#close(now);
    return !goesOn;
  }

  /** Where and for how many devices it would begin now; `undefined` where nothing is due. */
  startDue(now: EpochMs): Leg | undefined {
    if (this.#open !== undefined || this.isOver) return undefined;
    return this.#legs.find(({ windows }) => windows.some((window) => window.startsAt <= now && now < window.endsAt));
  }

  start({ site, product }: Leg, now: EpochMs, staging: DurationMs): void {
    const last = this.#runs.at(-1);
    const moved = last !== undefined && last.site !== site;
    const { restartOverhead = 0, moveOverhead = 0 } = this.asked.interruptible ?? {};
    const overhead = last === undefined ? 0 : restartOverhead + (moved ? moveOverhead : 0);
    if (moved) this.#moves += 1;
    const speed = speedAt(this.#world, this.asked, { site, product });
    this.#open = { site, product, startsAt: now, staging, overhead, speed };
  }

  /** Whether it ended before the end that was expected of it. */
  endedEarly(now: EpochMs): boolean {
    const promised = this.#legs.at(-1)?.windows.at(-1)?.endsAt ?? now;
    return this.isOver && now < promised;
  }

  outcome(): JobOutcome {
    const { asked } = this;
    const mayWait = asked.lengthBelief?.mayWait;
    const deadline = mayWait === undefined ? asked.deadline : asked.createdAt + this.#work + mayWait;
    return {
      key: asked.key,
      runs: this.#runs,
      ...usageOf(this.#world, asked, this.#runs),
      finishesAt: this.#finishesAt,
      deadline,
      late: this.#finishesAt === undefined || this.#finishesAt - deadline > ROUNDING_MS,
      restarts: Math.max(0, this.#runs.length - 1),
      moves: this.#moves,
      baseline: this.#runOnArrival(),
    };
  }

  #runOnArrival(): JobOutcome['baseline'] {
    const { asked } = this;
    const home = this.#world.sites.get(asked.home ?? this.#baseline?.site ?? '');
    const place = home && placeAtHome(asked, home);
    const speed = place === undefined ? 1 : speedAt(this.#world, asked, place);
    const finishesAt = asked.createdAt + this.#work / speed;
    const runs = place === undefined ? [] : [{ ...place, startsAt: asked.createdAt, endsAt: finishesAt, staging: 0 }];
    return { ...usageOf(this.#world, asked, runs), site: home?.name, finishesAt };
  }

  #finishOf({ startsAt, staging, overhead, speed }: OpenRun): EpochMs {
    return startsAt + staging + overhead + (this.#work - this.#workOfClosedRuns) / speed;
  }

  #workDone(now: EpochMs): DurationMs {
    return this.#workOfClosedRuns + (this.#open === undefined ? 0 : workOf(this.#open, now));
  }

  #close(at: EpochMs): void {
    if (this.#open === undefined) return;
    const { site, product, startsAt, staging } = this.#open;
    this.#workOfClosedRuns += workOf(this.#open, at);
    this.#runs.push({ site, product, startsAt, endsAt: at, staging });
    this.#open = undefined;
  }

  #runsUntil(now: EpochMs): readonly Run[] {
    return this.#open === undefined ? this.#runs : [...this.#runs, { ...this.#open, endsAt: now }];
  }

  /**
   * As the operator tells it: of a run under way the first window began when it did, and a paused job is where it ran last,
   * since from there it resumes or moves.
   */
  #current(now: EpochMs): Placement | undefined {
    const ahead = legsAhead(this.#legs, now);
    if (this.#open !== undefined) return placementOfRunning(this.#open, ahead, now);
    const promised = ahead.length > 0 ? ahead : this.#legs.slice(-1);
    const [next, ...moves] = promised;
    const last = this.#runs.at(-1);
    if (next === undefined || last === undefined || isSamePlace(next, last)) return next && { ...next, moves };
    const { site, product, startsAt, endsAt } = last;
    return { site, product, windows: [{ startsAt, endsAt }], moves: promised };
  }

  /** The promised window at a place that holds `now`; windows that touch are one. */
  #windowAt(now: EpochMs, { site, product }: Pick<Run, 'site' | 'product'>): Interval | undefined {
    let found: Interval | undefined;
    for (const leg of this.#legs) {
      if (!isSamePlace(leg, { site, product })) continue;
      for (const window of leg.windows) {
        if (found === undefined && window.startsAt <= now && now < window.endsAt) found = window;
        else if (found !== undefined && window.startsAt === found.endsAt) found = { ...found, endsAt: window.endsAt };
      }
    }
    return found;
  }

  #comesFrom(instant: EpochMs): boolean {
    return this.#firstWindow((startsAt) => startsAt >= instant) !== undefined;
  }

  #firstWindow(holds: (startsAt: EpochMs) => boolean): Interval | undefined {
    for (const { windows } of this.#legs) {
      const found = windows.find(({ startsAt }) => holds(startsAt));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function placementOfRunning({ site, product, startsAt }: OpenRun, ahead: readonly Leg[], now: EpochMs): Placement {
  const [leg, ...moves] = ahead;
  const isHere = leg !== undefined && isSamePlace(leg, { site, product });
  const [running, ...later] = (isHere ? leg.windows : []).filter(({ endsAt }) => endsAt > now);
  const windows = [{ startsAt, endsAt: running?.endsAt ?? now }, ...later];
  return { site, product, windows, moves: isHere ? moves : ahead };
}

function workOf({ startsAt, staging, overhead, speed }: OpenRun, until: EpochMs): DurationMs {
  return Math.max(0, until - startsAt - staging - overhead) * speed;
}
