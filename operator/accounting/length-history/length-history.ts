import type { LengthBelief, LengthKinship } from '../../domain/length/length-belief.ts';
import type { DurationMs } from '../../domain/units.ts';
import { KinLengths, type FinishedWork } from './kin-lengths.ts';
import { lengthLearntInOrder } from './length-learnt.ts';
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
export interface FinishedJob extends FinishedWork {
  readonly identity: WorkloadIdentity;
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

/** The lengths of jobs that have finished, by what others may have in common with them. */
export class LengthHistory {
  readonly #finished = new Map<string, FinishedJob[]>();
  /** Of those alone that somebody has asked about. */
  readonly #lengths = new Map<string, KinLengths>();

  constructor(finished: Iterable<FinishedJob>) {
    for (const job of finished) {
      for (const kin of KINDS) {
        const key = keyOf(job.identity, kin);
        if (key === undefined) continue;
        const jobs = this.#finished.get(key) ?? [];
        jobs.push(job);
        this.#finished.set(key, jobs);
      }
    }
  }

  /**
   * What is believed of a job whose length nobody has told: from the nearest kin of which enough have finished.
   * @param wait how long it may go without working, as far as anybody can tell
   * @param home name of the site where it would run without this operator: that sets the place that a length is reckoned for
   */
  beliefOf(identity: WorkloadIdentity, wait: DurationMs, home?: string): Omit<LengthBelief, 'mayWait'> {
    const prior = lengthPrior(wait);
    for (const kin of KINDS) {
      const key = keyOf(identity, kin) ?? '';
      const finished = this.#finished.get(key) ?? [];
      if (finished.length < kin.leastRuns) continue;
      const lengths = this.#lengths.get(key) ?? new KinLengths(finished);
      this.#lengths.set(key, lengths);
      const learntFrom = { kinship: kin.kinship, runs: finished.length };
      return { points: lengthLearntInOrder(lengths.at(home), prior, kin.priorRuns), learntFrom };
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
