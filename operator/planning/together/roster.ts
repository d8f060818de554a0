const NOBODY = new Int32Array(0);

/** Which jobs are in which group, each in one; in no order that means anything, and the same for the same moves. */
export class Roster {
  readonly #members: readonly Int32Array[];
  readonly #counts: Int32Array;
  readonly #group: Int32Array;
  /** Where in its group a job stands. */
  readonly #place: Int32Array;

  constructor(jobs: number, groups: number, groupOf: (job: number) => number) {
    this.#members = Array.from({ length: groups }, () => new Int32Array(jobs));
    this.#counts = new Int32Array(groups);
    this.#group = new Int32Array(jobs);
    this.#place = new Int32Array(jobs);
    for (let job = 0; job < jobs; job++) this.#add(job, groupOf(job));
  }

  count(group: number): number {
    return this.#counts[group] ?? 0;
  }

  /** The first {@link count} entries are its jobs, until the next move. */
  of(group: number): Int32Array {
    return this.#members[group] ?? NOBODY;
  }

  /** The last one of the group that it leaves takes its place. */
  move(job: number, group: number): void {
    const before = this.#group[job] ?? 0;
    if (before === group) return;
    const members = this.#members[before];
    const last = (this.#counts[before] ?? 0) - 1;
    const place = this.#place[job] ?? 0;
    const other = members?.[last] ?? 0;
    if (members !== undefined) members[place] = other;
    this.#place[other] = place;
    this.#counts[before] = last;
    this.#add(job, group);
  }

  #add(job: number, group: number): void {
    const members = this.#members[group];
    const count = this.#counts[group] ?? 0;
    if (members === undefined) throw new RangeError(`there is no group ${String(group)}`);
    members[count] = job;
    this.#counts[group] = count + 1;
    this.#group[job] = group;
    this.#place[job] = count;
  }
}
