import type { LengthBelief, LengthKinship } from '../../domain/length/length-belief.ts';
import type { DurationMs } from '../../domain/units.ts';
import { lengthLearnt } from './length-learnt.ts';
import { lengthPrior } from './length-prior.ts';

/** What tells jobs that are alike. Nothing is learnt across namespaces. */
export interface WorkloadIdentity {
  readonly namespace: string;
  /** The same for templates that are the same. */
  readonly template: string;
  /** Value of the label `sunward.dev/workload`. */
  readonly workload: string | undefined;
  /** What made the job, e.g. a workflow. */
  readonly owner: string | undefined;
}

/** A job that came to its end. */
export interface FinishedJob {
  readonly identity: WorkloadIdentity;
  /** As time on an accelerator of speed 1, pauses and overheads left out. */
  readonly work: DurationMs;
}

interface Kin {
  readonly kinship: LengthKinship;
  /** `undefined`: the job has no such kin. */
  readonly nameOf: (identity: WorkloadIdentity) => string | undefined;
  /** Fewer say nothing. */
  readonly leastRuns: number;
  /** How many jobs the prior counts for: the more, the less alike the jobs are. */
  readonly priorRuns: number;
}

/** The nearest kin first. */
const KINDS: readonly Kin[] = [
  { kinship: 'Template', nameOf: ({ template }) => template, leastRuns: 1, priorRuns: 1 },
  { kinship: 'Workload', nameOf: ({ workload }) => workload, leastRuns: 2, priorRuns: 1 },
  { kinship: 'Owner', nameOf: ({ owner }) => owner, leastRuns: 3, priorRuns: 3 },
  { kinship: 'Namespace', nameOf: () => '', leastRuns: 10, priorRuns: 10 },
];

/** Where jobs would run without this operator sets the place that a length is reckoned for, and with it what is learnt. */
export interface LengthHistories {
  /** @param home name of the site where the job that asks would run without this operator */
  at(home: string | undefined): LengthHistory;
}

/** The lengths of jobs that have finished, by what others may have in common with them. */
export class LengthHistory implements LengthHistories {
  readonly #works = new Map<string, DurationMs[]>();

  constructor(finished: Iterable<FinishedJob>) {
    for (const { identity, work } of finished) {
      for (const kin of KINDS) {
        const key = keyOf(identity, kin);
        if (key === undefined) continue;
        const works = this.#works.get(key) ?? [];
        works.push(work);
        this.#works.set(key, works);
      }
    }
  }

  /** One alone is for every home: where no site is slower than another. */
  at(): this {
    return this;
  }

  /**
   * What is believed of a job whose length nobody has told: from the nearest kin of which enough have finished.
   * @param wait how long it may go without working, as far as anybody can tell
   */
  beliefOf(identity: WorkloadIdentity, wait: DurationMs): Omit<LengthBelief, 'mayWait'> {
    const prior = lengthPrior(wait);
    for (const kin of KINDS) {
      const works = this.#works.get(keyOf(identity, kin) ?? '') ?? [];
      if (works.length < kin.leastRuns) continue;
      const learntFrom = { kinship: kin.kinship, runs: works.length };
      return { points: lengthLearnt(works, prior, kin.priorRuns), learntFrom };
    }
    return { points: prior };
  }
}

/** Of nobody. */
export const NOTHING_LEARNT = new LengthHistory([]);

function keyOf(identity: WorkloadIdentity, { kinship, nameOf }: Kin): string | undefined {
  const name = nameOf(identity);
  return name === undefined ? undefined : `${kinship}/${identity.namespace}/${name}`;
}
