import type { SharedDevices, SharingJob } from './lagrangian-bound.ts';

/**
 * How many jobs are late where carbon counts for nothing: in each slot the devices go to those that have least time to spare, as
 * far as they fit. Where it is none, a feasible plan exists.
 */
export function lateByLeastLaxity({ devices, jobs }: Pick<SharedDevices, 'devices' | 'jobs'>): number {
  const arrivals = jobs.map((job) => ({ job, left: job.count })).sort((a, b) => a.job.from - b.job.from);
  let present: { readonly job: SharingJob; left: number }[] = [];
  let arrived = 0;
  let late = 0;
  for (let slot = arrivals[0]?.job.from ?? 0; present.length > 0 || arrived < arrivals.length; slot++) {
    for (let next = arrivals[arrived]; next !== undefined && next.job.from <= slot; next = arrivals[++arrived]) {
      if (next.left > 0 && next.job.devices <= devices) present.push(next);
      else late += Number(next.left > 0);
    }
    let free = devices;
    for (const one of present.toSorted((a, b) => a.job.until - a.left - (b.job.until - b.left))) {
      if (one.job.devices > free) continue;
      free -= one.job.devices;
      one.left -= 1;
      late += Number(one.left === 0 && slot >= one.job.until);
    }
    present = present.filter(({ left }) => left > 0);
  }
  return late;
}
