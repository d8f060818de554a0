import { gramsOf, type Assignment, type Instance } from './instance.ts';

/** One way to run a job: a column of the model. */
export interface StartColumn extends Assignment {
  readonly job: number;
  readonly grams: number;
}

/** The matrix is compressed by columns. Rows: one a job, which runs once, then one a site and slot. */
export interface TimeIndexedModel {
  readonly columns: readonly StartColumn[];
  readonly starts: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float64Array;
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
}

/**
 * The time-indexed formulation: a binary for each job, site and start that meets the deadline. Its relaxation is the tightest
 * of the usual ones (Sousa and Wolsey, A time indexed formulation of non-preemptive single machine scheduling problems,
 * Mathematical Programming 54, 1992).
 */
export function timeIndexedModel(instance: Instance): TimeIndexedModel {
  const { jobs, sites, slots } = instance;
  const columns = columnsOf(instance);
  const starts = new Int32Array(columns.length + 1);
  const indices: number[] = [];
  const values: number[] = [];
  for (const [c, { job, site, start }] of columns.entries()) {
    const { devices = 0, length = 0 } = jobs[job] ?? {};
    indices.push(job);
    values.push(1);
    for (let slot = start; slot < start + length; slot++) {
      indices.push(jobs.length + site * slots + slot);
      values.push(devices);
    }
    starts[c + 1] = indices.length;
  }
  const rows = jobs.length + sites.length * slots;
  const rowLower = new Float64Array(rows).fill(1, 0, jobs.length).fill(-Infinity, jobs.length);
  const rowUpper = new Float64Array(rows).fill(1, 0, jobs.length);
  for (const [s, { devices }] of sites.entries()) {
    rowUpper.fill(devices, jobs.length + s * slots, jobs.length + (s + 1) * slots);
  }
  return { columns, starts, indices: Int32Array.from(indices), values: Float64Array.from(values), rowLower, rowUpper };
}

function columnsOf({ jobs, sites }: Instance): readonly StartColumn[] {
  const columns: StartColumn[] = [];
  for (const [j, job] of jobs.entries()) {
    for (const s of job.sites) {
      const site = sites[s];
      if (site === undefined || site.devices < job.devices) continue;
      for (let start = 0; start + job.length <= job.deadline; start++) {
        columns.push({ job: j, site: s, start, grams: gramsOf(job, site, start) });
      }
    }
  }
  return columns;
}
