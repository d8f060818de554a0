import { gramsOf, type Assignment, type Instance, type InstanceJob } from './instance.ts';

export interface Schedule {
  readonly grams: number;
  readonly late: number;
}

/** Each job in order of arrival takes the cleanest start that is left and in time, else the earliest there is. */
export function firstCome({ slots, sites, jobs }: Instance): Schedule {
  const booked = sites.map(({ gramsPerKilowattHour }) => new Int32Array(gramsPerKilowattHour.length));
  let grams = 0;
  let late = 0;
  for (const job of jobs) {
    const free = freeStarts({ slots, sites, jobs }, job, booked);
    const inTime = free.filter(({ start }) => start + job.length <= job.deadline);
    const best =
      inTime.length > 0
        ? inTime.reduce((a, b) => (b.grams < a.grams ? b : a))
        : free.reduce((a, b) => (b.start < a.start ? b : a));
    const there = booked[best.site] ?? new Int32Array(0);
    for (let slot = best.start; slot < best.start + job.length; slot++) there[slot] = (there[slot] ?? 0) + job.devices;
    grams += best.grams;
    late += Number(inTime.length === 0);
  }
  return { grams, late };
}

/** There is one at the latest when all deadlines are over, as long as not too many are late. */
function freeStarts(
  { sites }: Instance,
  job: InstanceJob,
  booked: readonly Int32Array[],
): readonly (Assignment & { readonly grams: number })[] {
  return job.sites.flatMap((s) => {
    const [site, there] = [sites[s], booked[s]];
    if (site === undefined || there === undefined) return [];
    const starts: (Assignment & { readonly grams: number })[] = [];
    let free = 0;
    for (let slot = 0; slot < there.length; slot++) {
      free = (there[slot] ?? 0) + job.devices <= site.devices ? free + 1 : 0;
      const start = slot - job.length + 1;
      if (free >= job.length) starts.push({ site: s, start, grams: gramsOf(job, site, start) });
    }
    return starts;
  });
}

/** What a schedule comes to; throws where it uses more devices than there are, or a site where the job may not run. */
export function gramsOfSchedule({ sites, jobs }: Instance, places: readonly Assignment[]): number {
  const booked = sites.map(({ gramsPerKilowattHour }) => new Int32Array(gramsPerKilowattHour.length));
  let grams = 0;
  for (const [j, job] of jobs.entries()) {
    const place = places[j];
    const site = sites[place?.site ?? -1];
    const there = booked[place?.site ?? -1];
    if (place === undefined || site === undefined || there === undefined) throw new Error(`${job.name} has no place`);
    if (!job.sites.includes(place.site)) throw new Error(`${job.name} may not run at ${site.name}`);
    for (let slot = place.start; slot < place.start + job.length; slot++) {
      there[slot] = (there[slot] ?? 0) + job.devices;
      if ((there[slot] ?? 0) > site.devices) throw new Error(`${site.name} is overbooked in slot ${String(slot)}`);
    }
    grams += gramsOf(job, site, place.start);
  }
  return grams;
}
