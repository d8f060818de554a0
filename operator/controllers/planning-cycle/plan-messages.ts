import type { Decision, Plan } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { sameValue } from '../../planning/replan/same-value.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { ChangesTaken, ChangesTold, type KeyedChanges } from './keyed-changes.ts';

/**
 * What goes from one thread to the other is copied there and back. From plan to plan most jobs, sites and decisions are what they
 * were: of ten thousand jobs all copies of all of them would be most of the memory that the operator takes, and much of its time.
 */
export interface SnapshotMessage extends Omit<PlanningSnapshot, 'jobs' | 'sites'> {
  readonly jobs: KeyedChanges<PlannableJob>;
  readonly sites: KeyedChanges<Site>;
}

export interface PlanMessage extends Omit<Plan, 'decisions'> {
  readonly decisions: KeyedChanges<Decision>;
}

/** One end of the way: snapshots go, plans come. */
export class SnapshotSender {
  readonly #jobs = new ChangesTold<PlannableJob>(sameValue);
  readonly #sites = new ChangesTold<Site>(sameValue);
  readonly #decisions = new ChangesTaken<Decision>();

  messageOf({ jobs, sites, ...rest }: PlanningSnapshot): SnapshotMessage {
    return {
      ...rest,
      jobs: this.#jobs.next(new Map(jobs.map((job) => [job.key, job]))),
      sites: this.#sites.next(new Map(sites.map((site) => [site.name, site]))),
    };
  }

  planIn({ decisions, ...rest }: PlanMessage): Plan {
    return { ...rest, decisions: this.#decisions.take(decisions) };
  }
}

/** The other end. */
export class SnapshotReceiver {
  readonly #jobs = new ChangesTaken<PlannableJob>();
  readonly #sites = new ChangesTaken<Site>();
  /** A decision that still stands is the same object in the next plan. */
  readonly #decisions = new ChangesTold<Decision>(Object.is);

  snapshotIn({ jobs, sites, ...rest }: SnapshotMessage): PlanningSnapshot {
    return { ...rest, jobs: [...this.#jobs.take(jobs).values()], sites: [...this.#sites.take(sites).values()] };
  }

  messageOf({ decisions, ...rest }: Plan): PlanMessage {
    return { ...rest, decisions: this.#decisions.next(decisions) };
  }
}
