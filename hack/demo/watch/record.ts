import type {
  CarbonAwareJob,
  CarbonAwareJobStatusAlternative,
  CarbonAwareJobStatusPlan,
} from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite } from '../../../operator/api/v1alpha1/compute-site.generated.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import type { PodFacts } from './pod-facts.ts';
import { withEnd, withFacts, type PodRun } from './pod-run.ts';
import { isLive, moveInWords, rungOf, sameRung, type RungStep } from './site-rungs.ts';

/** A line of the demo's journal. */
export interface JournalEntry {
  readonly at: EpochMs;
  /** Job, or who else it is about. */
  readonly about: string;
  readonly text: string;
}

/** The end of a Job, by its own status. */
export interface JobEnd {
  readonly outcome: 'Complete' | 'Failed';
  readonly at: EpochMs;
  /** Pods whose success it counted. */
  readonly completions: number;
}

/** All that was seen of one job. */
export interface JobRecord {
  readonly name: string;
  /** As the API server has it now; absent before it is submitted. */
  object: CarbonAwareJob | undefined;
  /** The plan that the user was told first. */
  firstPlan: CarbonAwareJobStatusPlan | undefined;
  /** What was told beside that plan. */
  firstAlternatives: readonly CarbonAwareJobStatusAlternative[];
  /** Jobs of that name that there were: one, unless it ran twice. */
  readonly jobUids: Set<string>;
  readonly pods: Map<string, PodRun>;
  end: JobEnd | undefined;
}

/** What the demo has seen, put together from watches. It believes nothing that it could see for itself. */
export class DemoRecord {
  readonly jobs: ReadonlyMap<string, JobRecord>;
  readonly sites = new Map<string, ComputeSite>();
  /** Where the figures of each site came from, in order of time. */
  readonly rungs = new Map<string, readonly RungStep[]>();
  readonly journal: JournalEntry[] = [];

  constructor(names: readonly string[]) {
    this.jobs = new Map(
      names.map((name) => [
        name,
        {
          name,
          object: undefined,
          firstPlan: undefined,
          firstAlternatives: [],
          jobUids: new Set(),
          pods: new Map(),
          end: undefined,
        },
      ]),
    );
  }

  note(at: EpochMs, about: string, text: string): void {
    this.journal.push({ at, about, text });
  }

  get allSitesAreLive(): boolean {
    return [...this.rungs.values()].every((steps) => isLive(steps.at(-1)));
  }

  takeSite(site: ComputeSite, seenAt: EpochMs): void {
    const { name } = site.metadata;
    this.sites.set(name, site);
    const steps = this.rungs.get(name) ?? [];
    const before = steps.at(-1);
    const now = rungOf(site, seenAt);
    if (now === undefined || sameRung(before, now)) return;
    this.rungs.set(name, [...steps, now]);
    if (before !== undefined && before.rung !== now.rung) this.note(seenAt, name, moveInWords(before, now));
  }

  takeJob(object: CarbonAwareJob): void {
    const record = this.jobs.get(object.metadata.name);
    if (record === undefined) return;
    record.object = object;
    const { plan, alternatives = [] } = object.status ?? {};
    if (plan?.site === undefined || record.firstPlan !== undefined) return;
    record.firstPlan = plan;
    record.firstAlternatives = alternatives;
  }

  takeBatchJob(name: string, uid: string, end: JobEnd | undefined): void {
    const record = this.jobs.get(name);
    record?.jobUids.add(uid);
    if (record !== undefined && end !== undefined) record.end ??= end;
  }

  takePod(facts: PodFacts, seenAt: EpochMs): void {
    const pods = this.jobs.get(facts.job)?.pods;
    pods?.set(facts.uid, withFacts(pods.get(facts.uid), facts, seenAt));
  }

  endPod(facts: PodFacts, seenAt: EpochMs): void {
    const pods = this.jobs.get(facts.job)?.pods;
    const run = pods?.get(facts.uid);
    if (run !== undefined) pods?.set(facts.uid, withEnd(run, seenAt));
  }
}
