import { BUILT_IN_POLICY } from '../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../api/v1alpha1/effective-policy.ts';
import { assessUsage } from '../../accounting/usage/assess.ts';
import type { Holding } from '../../domain/usage/assessment.ts';
import { USAGE_FIGURES, type MeasuredUsage } from '../../domain/usage/device-usage.ts';
import { MINUTE_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { EventRecorder } from '../../ports/events.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MetricsSource, UsageGap } from '../../ports/metrics-source.ts';
import { objectKey, parseObjectKey } from '../../runtime/cache/object-key.ts';
import { RefreshLoop } from '../../runtime/refresh-loop.ts';
import type { UsageMetrics } from '../../telemetry/usage/usage-metrics.ts';
import type { Assessed } from './assessed.ts';
import { chainsOf, gatherUsage, type UsageSources } from './gather.ts';
import { HoursNotes } from './hours-notes.ts';
import { asksForNoMore, holdingsByJob, idleDevicesOf, isIdle, useOf } from './idle-jobs.ts';
import type { DeviceUse, IdleDevices, IdleReader } from './idle-reader.ts';
import type { Owners } from './owners/owners.ts';
import { lookBackOf } from './look-back.ts';
import { siteUseOf } from './site-use.ts';
import { UsageHistory } from './usage-history.ts';
import type { SiteUse, UsageReader } from './usage-reader.ts';
import { WasteNotes } from './waste-notes.ts';

export interface UsageCycleOptions {
  /** Absent: nobody measures anything, and only who holds what is known. */
  readonly source: MetricsSource | undefined;
  readonly sources: Omit<UsageSources, 'workloadOf'>;
  readonly owners: Owners;
  readonly events: EventRecorder;
  readonly metrics: UsageMetrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly intervalMs: DurationMs;
  /** At least; see {@link lookBackOf}. */
  readonly lookBackMs: DurationMs;
  /** Told after every turn. */
  readonly onAssessed: (assessed: LookAgain) => void;
}

/** What may be another than at the turn before. */
export interface LookAgain {
  /** Names of sites that have devices. */
  readonly sites: ReadonlySet<string>;
  /** Keys of CarbonAwareJobs whose devices are idle, or were, or do what they did not do before. */
  readonly jobs: ReadonlySet<string>;
}

/** So many turns may be missed, for a source that is slow, before what was found says nothing of now; and so long, if that is longer. */
const STALE_AFTER_TURNS = 5;
const STALE_AFTER_MS: DurationMs = 5 * MINUTE_MS;
/** What a pod holds is measured after so many turns, and so many must have found devices in use for them to be called that again. */
const SETTLED_AFTER_TURNS = 5;

/**
 * One loop: ask what is new -> gather a snapshot of everything -> assess -> publish. Nothing that it knows outlives it: the
 * source and the API server have it all.
 */
export class UsageCycle implements UsageReader, IdleReader {
  readonly #options: UsageCycleOptions;
  readonly #history: UsageHistory;
  readonly #notes: WasteNotes;
  readonly #hours: HoursNotes;
  readonly #loop: RefreshLoop;
  /** Keys of the pods that hold devices. */
  #holders: ReadonlySet<string> = new Set();
  #gaps: readonly UsageGap[] = [];
  #assessed: Assessed | undefined;
  #byJob: ByJob = new Map();
  /** As it was when that was assessed. */
  #policyThen: (namespace: string) => Pick<EffectivePolicy, 'usage'> = () => BUILT_IN_POLICY;

  constructor(options: UsageCycleOptions) {
    this.#options = options;
    const { intervalMs: interval, lookBackMs: lookBack, sources } = options;
    this.#history = new UsageHistory({
      step: interval,
      lookBack: () => lookBackOf(sources.governance().policies, { interval, lookBack }),
      holds: (pod) => this.#holders.has(objectKey(pod)),
    });
    this.#notes = new WasteNotes(options.events, SETTLED_AFTER_TURNS * interval);
    this.#hours = new HoursNotes(options.events);
    this.#loop = new RefreshLoop({ ...options, what: 'the use of accelerators', turn: (_, abort) => this.turn(abort) });
    options.metrics.observe(() => this.assessed());
  }

  async run(abort: AbortSignal): Promise<void> {
    await this.#loop.run(abort);
  }

  /** `undefined` until there is one, and once it is so old that it says nothing of now. */
  assessed(): Assessed | undefined {
    const age = this.#options.clock.now() - (this.#assessed?.assessment.at ?? -Infinity);
    return age >= 0 && age <= this.#longestAge ? this.#assessed : undefined;
  }

  get isMeasured(): boolean {
    return this.#options.source !== undefined;
  }

  site(name: string): SiteUse | undefined {
    const assessed = this.assessed();
    return assessed && siteUseOf(name, assessed);
  }

  idle(job: string): IdleDevices | undefined {
    const { namespace = '' } = parseObjectKey(job);
    const { usage } = this.#options.sources.governance().policyOf(namespace);
    const stillHolds = asksForNoMore(usage, this.#policyThen(namespace).usage);
    return idleDevicesOf(this.#holdingsOf(job), { ...usage.idle, ...(!stillHolds && { action: 'Alert' }) });
  }

  use(job: string): DeviceUse {
    return useOf(this.#holdingsOf(job));
  }

  /** Rejects only with `abort.reason`. */
  async turn(abort: AbortSignal): Promise<void> {
    const { clock, intervalMs, metrics, onAssessed, owners, sources } = this.#options;
    const startedAt = clock.now();
    this.#holders = new Set(
      sources.pods.list().flatMap((pod) => (pod.user === undefined ? [] : objectKey(pod.metadata))),
    );
    const [{ gaps, measured }] = await Promise.all([
      this.#measure(startedAt, abort),
      owners.follow(chainsOf(sources.pods.list()), abort),
    ]);
    const now = clock.now();
    const snapshot = gatherUsage({ ...sources, workloadOf: (owned) => owners.workloadOf(owned) }, measured, now);
    const currencies = new Map(snapshot.sites.map(({ currency, name }) => [name, currency]));
    const assessed: Assessed = {
      assessment: assessUsage(snapshot),
      gaps,
      settledBefore: now - SETTLED_AFTER_TURNS * intervalMs,
      currencyOf: (site) => currencies.get(site) ?? '',
    };
    const [before, idleBefore] = [this.#byJob, this.#idleJobs()];
    this.#assessed = assessed;
    this.#byJob = holdingsByJob(assessed);
    const governance = sources.governance();
    this.#policyThen = (namespace) => governance.policyOf(namespace);
    this.#hours.tell(snapshot.pods, now);
    this.#notes.tell(assessed.assessment.holdings, assessed.currencyOf, now);
    metrics.collected(clock.now() - startedAt);
    const sites = new Set(assessed.assessment.sites.map(({ site }) => site));
    onAssessed({ sites, jobs: new Set([...idleBefore, ...this.#idleJobs(), ...changedUse(before, this.#byJob)]) });
  }

  /** By the last turn, however long ago it was: what was told of them may have to be taken back. */
  #idleJobs(): readonly string[] {
    return [...this.#byJob].flatMap(([job, holdings]) => (isIdle(holdings) ? job : []));
  }

  get #longestAge(): DurationMs {
    return Math.max(STALE_AFTER_MS, STALE_AFTER_TURNS * this.#options.intervalMs);
  }

  #holdingsOf(job: string): readonly Holding[] {
    return this.assessed() === undefined ? [] : (this.#byJob.get(job) ?? []);
  }

  /** The newest first; after a fault the rest waits for the next turn. */
  async #measure(now: EpochMs, abort: AbortSignal): Promise<Measurement> {
    const { source } = this.#options;
    if (source === undefined) return { measured: undefined, gaps: undefined };
    let isNewest = true;
    for (let grid = this.#history.wanted(now); grid !== undefined; grid = this.#history.wanted(now)) {
      const answer = await source.usage(grid, abort);
      const isAnswered = this.#history.add(answer, now);
      if (isNewest) this.#tell(source.name, answer.gaps);
      isNewest = false;
      if (!isAnswered) break;
    }
    return { measured: this.#history.at(now), gaps: this.#gaps };
  }

  #tell(source: string, gaps: readonly UsageGap[]): void {
    const { metrics } = this.#options;
    this.#gaps = gaps;
    for (const figure of USAGE_FIGURES) {
      const gap = gaps.find((one) => one.figure === figure);
      metrics.known(figure, gap === undefined);
      if (gap !== undefined) metrics.failed(source, figure, gap.error.code);
    }
  }
}

type ByJob = ReadonlyMap<string, readonly Holding[]>;

function changedUse(before: ByJob, now: ByJob): readonly string[] {
  const jobs = new Set([...before.keys(), ...now.keys()]);
  return [...jobs].filter((job) => useOf(before.get(job) ?? []) !== useOf(now.get(job) ?? []));
}

interface Measurement {
  readonly measured: MeasuredUsage | undefined;
  readonly gaps: readonly UsageGap[] | undefined;
}
