import { CARBON_AWARE_JOB_LABEL } from '../../api/v1alpha1/labels.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { parseObjectKey } from '../../runtime/cache/object-key.ts';
import type { Reconciler, ReconcileResult } from '../../runtime/controller.ts';
import { carryOut } from './apply.ts';
import { gather, type GatherSettings, type JobSources } from './gather.ts';
import { isOver } from './job-record.ts';
import { ownWorkload, type JobView } from './job-view.ts';
import type { ApplySettings, Hands, Session } from './session.ts';
import { nextStep } from './step/next-step.ts';
import { writeStatus } from './write-status.ts';

export interface CarbonAwareJobReconcilerOptions {
  readonly sources: JobSources;
  readonly hands: Omit<Hands, 'settings'>;
  readonly settings: ApplySettings & GatherSettings;
  readonly clock: Clock;
}

/** A Job that has lost its label is not watched: it is looked at so often. */
const UNWATCHED_EVERY: DurationMs = 10 * SECOND_MS;
/** More steps than any job takes at once: refused placement, deletion and a new start among them. */
const MAX_STEPS = 12;

/**
 * Carries out one job's part of the plan: gather, then step after step until there is nothing to do, then one status write.
 * What it keeps in memory only spares requests; whoever starts anew comes to the same end.
 */
export class CarbonAwareJobReconciler implements Reconciler {
  readonly name = 'carbonawarejob';
  readonly #options: CarbonAwareJobReconcilerOptions;
  /** Jobs whose Job was refused: for which generation, and when to try again. */
  readonly #refused = new Map<string, { readonly generation: number; readonly until: EpochMs }>();

  constructor(options: CarbonAwareJobReconcilerOptions) {
    this.#options = options;
  }

  async reconcile(key: string, abort: AbortSignal): Promise<ReconcileResult> {
    const { sources, clock } = this.#options;
    const view = await this.#gather(key, abort);
    if (view === undefined) {
      this.#refused.delete(key);
      return {};
    }
    const policy = sources.policyOf(parseObjectKey(key).namespace ?? '');
    const again = await this.#carryOut(key, { view, findings: {}, policy }, abort);
    return again === undefined ? {} : { requeueAfterMs: Math.max(0, again - clock.now()) };
  }

  #gather(key: string, abort: AbortSignal): Promise<JobView | undefined> {
    const { sources, hands, settings, clock } = this.#options;
    const generation = sources.jobs.get(key)?.metadata.generation;
    const refused = this.#refused.get(key);
    const createNotBefore = refused?.generation === generation ? refused?.until : undefined;
    return gather(key, { sources, api: hands.workloads, settings, now: clock.now(), createNotBefore }, abort);
  }

  async #carryOut(key: string, begun: Session, abort: AbortSignal): Promise<EpochMs | undefined> {
    const hands: Hands = { ...this.#options.hands, settings: this.#options.settings };
    let session = begun;
    for (let steps = 0; steps < MAX_STEPS; steps++) {
      const outcome = await carryOut(nextStep(session.view), session, hands, abort);
      session = outcome.session;
      this.#remember(key, session.view, outcome.createNotBefore);
      if (outcome.goOn) continue;
      session = await writeStatus(session, hands, abort);
      return this.#isUnwatched(key, session.view) ? session.view.now + UNWATCHED_EVERY : outcome.again;
    }
    throw new Error(`reconciling ${key}: no end after ${MAX_STEPS} steps`);
  }

  #isUnwatched(key: string, view: JobView): boolean {
    const goesOn = ownWorkload(view) !== undefined && !isOver(view.record);
    return goesOn && this.#options.sources.workloads.get(key) === undefined && lacksLabel(view);
  }

  #remember(key: string, { record, workload }: JobView, createNotBefore: EpochMs | undefined): void {
    if (workload !== undefined) this.#refused.delete(key);
    if (createNotBefore === undefined) return;
    this.#refused.set(key, { generation: record.metadata.generation ?? 0, until: createNotBefore });
  }
}

function lacksLabel({ workload, record }: JobView): boolean {
  return workload?.metadata.labels?.[CARBON_AWARE_JOB_LABEL] !== record.metadata.name;
}
