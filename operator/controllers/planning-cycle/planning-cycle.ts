import type { Decision, Plan } from '../../domain/decision.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { describeError } from '../../runtime/describe-error.ts';
import type { PlanningMetrics } from '../../telemetry/planning-metrics.ts';
import { changedJobs, type Decisions } from './decisions.ts';
import type { Planner } from './planner.ts';
import { withPromises } from './promises.ts';

export interface PlanningCycleOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PlanningMetrics;
  readonly planner: Planner;
  /** Reads the caches: everything that the plan depends on, at one moment. */
  readonly gather: () => PlanningSnapshot;
  /** Called after each cycle with the jobs whose decision someone should act on or read. */
  readonly publish: (jobs: readonly string[]) => void;
  /** After a request, so that a burst of changes is one cycle. */
  readonly settleMs: DurationMs;
  /** A plan is made anew at least this often: time itself changes it. */
  readonly intervalMs: DurationMs;
}

/** The one loop that decides: gather, plan, publish. It writes nothing; reconcilers carry out what it says. */
export class PlanningCycle implements Decisions {
  readonly #options: PlanningCycleOptions;
  #plan: Plan | undefined;
  #requested = false;
  #wake: (() => void) | undefined;

  constructor(options: PlanningCycleOptions) {
    this.#options = options;
  }

  get(job: string, revision: string): Decision | undefined {
    const decision = this.#plan?.decisions.get(job);
    return decision?.revision === revision ? decision : undefined;
  }

  /** Something that a plan depends on has changed. */
  request(): void {
    this.#requested = true;
    this.#wake?.();
  }

  /** Ends with `abort`. A cycle that fails is logged and counted, and the plan before stays in force. */
  async run(abort: AbortSignal): Promise<void> {
    while (!abort.aborted) {
      this.#requested = false;
      const startedAt = this.#options.clock.now();
      await this.#cycle(abort);
      await this.#untilNext(this.#options.clock.now() - startedAt, abort);
    }
  }

  async #cycle(abort: AbortSignal): Promise<void> {
    const { clock, logger, metrics, planner, gather, publish } = this.#options;
    const startedAt = clock.now();
    try {
      const plan = await planner.plan(withPromises(gather(), this.#plan), abort);
      const changed = changedJobs(this.#plan, plan);
      this.#plan = plan;
      publish(changed);
      const tookMs = clock.now() - startedAt;
      metrics.succeeded({ tookMs, changed: changed.length, jobsByReason: countByReason(plan) }, clock.now());
      logger.debug('planned', { jobs: plan.decisions.size, changed: changed.length, tookMs });
    } catch (error) {
      if (abort.aborted) return;
      metrics.failed();
      logger.error('planning failed, the plan before stays in force', describeError(error));
    }
  }

  /**
   * The interval, or the first request and the time for others to join it; no two cycles are closer than that. Nor are they
   * closer than a cycle is long: where thousands of jobs change one by one, half of the time is left for everything else.
   */
  async #untilNext(tookMs: DurationMs, abort: AbortSignal): Promise<void> {
    const { clock, settleMs, intervalMs } = this.#options;
    try {
      await clock.sleep(Math.max(settleMs, tookMs), abort);
      if (!this.#requested) await this.#requestOr(intervalMs - settleMs, abort);
      if (this.#requested) await clock.sleep(settleMs, abort);
    } catch (error) {
      if (!abort.aborted) throw error;
    }
  }

  async #requestOr(ms: DurationMs, abort: AbortSignal): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => {
      woken.abort();
    };
    try {
      await this.#options.clock.sleep(Math.max(0, ms), AbortSignal.any([abort, woken.signal]));
    } catch (error) {
      if (!woken.signal.aborted) throw error;
    } finally {
      this.#wake = undefined;
    }
  }
}

function countByReason(plan: Plan): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { reason } of plan.decisions.values()) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return counts;
}
