import type { DurationMs } from '../../domain/units.ts';

/** What a job that came to its end tells of the length of others. */
export interface FinishedWork {
  /** Names of the sites that make a difference as a home: any other is as good as none. */
  readonly homes: ReadonlySet<string>;
  /**
   * As time on an accelerator of speed 1 at the place that jobs with that home are compared with, pauses and overheads left out.
   * @param home name of the site where the job that asks would run without this operator
   */
  work(home: string | undefined): DurationMs;
}

/** The shortest first. */
export type LengthsInOrder = Readonly<ArrayLike<DurationMs>>;

/**
 * How long jobs took that have something in common. Worked out once a home, when somebody first asks, and only for homes that
 * make a difference to one of the jobs: a home is whatever text users write, and there may be ever more of it.
 */
export class KinLengths {
  readonly #finished: readonly FinishedWork[];
  readonly #homes: ReadonlySet<string>;
  /** Of each job, where the home makes no difference to it. */
  readonly #usual: Float64Array;
  readonly #byHome = new Map<string | undefined, LengthsInOrder>();

  constructor(finished: readonly FinishedWork[]) {
    this.#finished = finished;
    // Jobs of one kind share theirs.
    const homes = new Set(finished.map((job) => job.homes));
    this.#homes = new Set([...homes].flatMap((some) => [...some]));
    this.#usual = Float64Array.from(finished, (job) => job.work(undefined));
  }

  at(home: string | undefined): LengthsInOrder {
    const telling = home !== undefined && this.#homes.has(home) ? home : undefined;
    const lengths = this.#byHome.get(telling) ?? this.#worksFor(telling).sort();
    this.#byHome.set(telling, lengths);
    return lengths;
  }

  #worksFor(home: string | undefined): Float64Array {
    return this.#usual.map((usual, i) => {
      const job = this.#finished[i];
      return home !== undefined && job?.homes.has(home) === true ? job.work(home) : usual;
    });
  }
}
