/** A job that pauses at will, for nothing. */
export interface SharingJob {
  /** Slots [from, until) that it may use. */
  readonly from: number;
  readonly until: number;
  /** Slots that it needs. */
  readonly count: number;
  readonly devices: number;
}

/** What becomes of jobs where carbon counts for nothing. */
export interface RunNow {
  readonly late: number;
  /** Slots from the end of a job to its deadline, of the one that has fewest; negative where one is late. */
  readonly leastToSpare: number;
}

/**
 * In each slot the devices go to those jobs that have least time to spare, as far as they fit. Where none is late, a feasible
 * plan exists; where all have much to spare, somebody who waits for clean hours is not late either.
 */
export function runByLeastLaxity({
  devices,
  jobs,
}: {
  readonly devices: number;
  readonly jobs: readonly SharingJob[];
}): RunNow {
  const arrivals = jobs
    .filter((job) => job.count > 0 && job.devices <= devices)
    .map((job) => ({ job, left: job.count }))
    .sort((a, b) => a.job.from - b.job.from);
  const spare: number[] = [];
  let present: { readonly job: SharingJob; left: number }[] = [];
  let arrived = 0;
  for (let slot = arrivals[0]?.job.from ?? 0; present.length > 0 || arrived < arrivals.length; slot++) {
    for (let next = arrivals[arrived]; next !== undefined && next.job.from <= slot; next = arrivals[++arrived]) {
      present.push(next);
    }
    let free = devices;
    for (const one of present.toSorted((a, b) => a.job.until - a.left - (b.job.until - b.left))) {
      if (one.job.devices > free) continue;
      free -= one.job.devices;
      one.left -= 1;
      if (one.left === 0) spare.push(one.job.until - slot - 1);
    }
    present = present.filter(({ left }) => left > 0);
  }
  return { late: spare.filter((one) => one < 0).length, leastToSpare: Math.min(...spare) };
}
