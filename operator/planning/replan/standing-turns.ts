import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { startOf, type Candidate } from '../candidate.ts';
import type { PlanningContext } from '../context.ts';
import { hasPrices } from '../rules/comparable-currency.ts';
import { firstRefusal } from '../rules/site-rules.ts';
import type { Standing, Turn } from '../turns.ts';
import { BookingChanges } from './booking-changes.ts';
import { longestIncreasing } from './longest-increasing.ts';
import { sameValue } from './same-value.ts';

/** What a plan keeps for the next one. */
export interface PlanMemory {
  readonly context: PlanningContext;
  /** In the order in which they were taken. */
  readonly turns: readonly Turn[];
}

/** What of an earlier plan still stands; `undefined` where all is to be planned anew. */
export function standingTurns(
  earlier: PlanMemory | undefined,
  ordered: readonly PlannableJob[],
  context: PlanningContext,
): Standing | undefined {
  if (earlier === undefined || context.grid !== earlier.context.grid) return undefined;
  const { snapshot: before, mostStates } = earlier.context;
  const { snapshot } = context;
  const isComparable =
    mostStates === context.mostStates &&
    sameValue(before.tuning, snapshot.tuning) &&
    sameValue(before.sitesNotReady, snapshot.sitesNotReady) &&
    sameValue(before.sites.map(whatAllDependOn), snapshot.sites.map(whatAllDependOn));
  return isComparable ? new StandingTurns(earlier, ordered, context) : undefined;
}

/** Of a site: that it is there, and the currency by which all are compared. */
function whatAllDependOn(site: Site) {
  return { name: site.name, currency: site.currency, hasPrices: hasPrices(site), schedulable: site.schedulable };
}

/**
 * The turns of an earlier plan that need not be taken again: of jobs that are what they were, that could not use a site that
 * has changed, and that would choose the same among what the others leave them now.
 */
class StandingTurns implements Standing {
  readonly #turns: readonly Turn[];
  readonly #context: PlanningContext;
  readonly #changes: BookingChanges;
  /** By job of the new plan, for those that are what they were: where their turn was. */
  readonly #unchanged = new Map<PlannableJob, number>();
  /** Of those, the ones that come in the same order as before. */
  readonly #inOrder = new Set<number>();
  readonly #reused = new Set<Turn>();
  /** Turns of the earlier plan up to here have been taken in the comparison. */
  #passed = 0;
  /** A promise that was made or taken back since then may change what room there is for others. */
  readonly #promisesStand: boolean;

  constructor({ context: before, turns }: PlanMemory, ordered: readonly PlannableJob[], context: PlanningContext) {
    this.#turns = turns;
    this.#context = context;
    this.#changes = new BookingChanges(context);
    const changed = context.snapshot.sites.filter((site) => !sameValue(site, before.sites.get(site.name)));
    const places = new Map(turns.map(({ placed }, index) => [placed.job.key, index]));
    for (const job of ordered) {
      const index = places.get(job.key);
      const turn = index === undefined ? undefined : turns[index];
      if (index === undefined || turn === undefined || !sameValue(job, turn.placed.job)) continue;
      if (
        !isOver(turn, before, context) &&
        !changed.some((site) => concerns(site, before.sites.get(site.name), turn))
      ) {
        this.#unchanged.set(job, index);
      }
    }
    const standing = [...this.#unchanged.values()];
    for (const position of longestIncreasing(standing)) this.#inOrder.add(standing[position] ?? -1);
    const gone = new Set(turns.keys());
    for (const index of standing) gone.delete(index);
    const newPromises = ordered.some((job) => job.current !== undefined && !this.#unchanged.has(job));
    this.#promisesStand = !newPromises && [...gone].every((index) => turns[index]?.promise === undefined);
  }

  promiseOf(job: PlannableJob): { readonly promise: Candidate | undefined } | undefined {
    const index = this.#promisesStand ? this.#unchanged.get(job) : undefined;
    return index === undefined ? undefined : { promise: this.#turns[index]?.promise };
  }

  begin(promises: ReadonlyMap<PlannableJob, Candidate | undefined>): void {
    if (this.#promisesStand) return;
    for (const promise of promises.values()) this.#changes.add(promise, 1);
    for (const { promise } of this.#turns) this.#changes.add(promise, -1);
  }

  turnOf(job: PlannableJob): Turn | undefined {
    const index = this.#unchanged.get(job);
    const turn = index === undefined || !this.#inOrder.has(index) ? undefined : this.#turns[index];
    if (index === undefined || turn === undefined) return undefined;
    this.#passUntil(index);
    if (this.#changes.concern(turn.placed)) return undefined;
    this.#reused.add(turn);
    return turn;
  }

  took(turn: Turn): void {
    if (this.#reused.has(turn)) return;
    this.#changes.add(turn.placed.chosen, 1);
    this.#changes.add(turn.promise, -1);
  }

  #passUntil(index: number): void {
    for (; this.#passed < index; this.#passed++) {
      const turn = this.#turns[this.#passed];
      if (turn === undefined || this.#reused.has(turn)) continue;
      this.#changes.add(turn.placed.chosen, -1);
      this.#changes.add(turn.promise, 1);
    }
  }
}

/** It was to start by now: the choice is one between what is left. */
function isOver({ placed: { chosen, job } }: Turn, before: PlanningContext, { snapshot }: PlanningContext): boolean {
  if (before.snapshot.now === snapshot.now || chosen === undefined) return false;
  return job.phase === 'Running' || startOf(chosen.windows) <= snapshot.now;
}

/** The job could use the site, or is compared with it, as it was or as it is. */
function concerns(site: Site, before: Site | undefined, { placed: { job, decision } }: Turn): boolean {
  if (before === undefined || decision.baseline === undefined || decision.baseline.site === site.name) return true;
  const refusal = firstRefusal(job, site);
  return refusal === undefined || !sameValue(refusal, firstRefusal(job, before));
}
