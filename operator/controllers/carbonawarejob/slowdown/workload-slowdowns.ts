import type { SlowdownHistory } from '../../../accounting/slowdown/slowdown-history.ts';
import type { ObservedSlowdown } from '../../../domain/length/observed-slowdown.ts';
import type { JobRecord } from '../job-record.ts';

/** What was observed of one kind of job at one site. */
export interface WorkloadSlowdown {
  readonly namespace: string;
  /** Value of the label, else `job/` and the name of a job: no value of a label has a slash. */
  readonly workload: string;
  readonly site: string;
  readonly share: number;
  /** Jobs of the kind that were counted, at all sites. */
  readonly runs: number;
}

/**
 * Every kind of job at every site where it is known. Kinds are told by the label `sunward.dev/workload`, else by the template,
 * which has the name of the first of its jobs that is still there. Of several accelerators at a site the one that most ran on.
 * @param counted jobs that the history is made of
 */
export function workloadSlowdowns(
  counted: readonly JobRecord[],
  history: SlowdownHistory,
  homeOf: (record: JobRecord) => string | undefined,
): readonly WorkloadSlowdown[] {
  return [...kindsOf(counted).values()].flatMap((jobs) => {
    const [first] = jobs.toSorted((a, b) => a.createdAt - b.createdAt || (a.metadata.name < b.metadata.name ? -1 : 1));
    if (first === undefined) return [];
    const { namespace, workload = `job/${first.metadata.name}` } = first.identity;
    const observed = history.observedOfWorkload(first.identity, homeOf(first));
    return mostRunAt(observed).map(({ site, share }) => ({ namespace, workload, site, share, runs: jobs.length }));
  });
}

function kindsOf(counted: readonly JobRecord[]): ReadonlyMap<string, readonly JobRecord[]> {
  return Map.groupBy(counted, ({ identity: { namespace, template, workload } }) => {
    return `${namespace}/${workload === undefined ? `template ${template}` : `label ${workload}`}`;
  });
}

/** One a site. */
function mostRunAt(observed: readonly ObservedSlowdown[]): readonly ObservedSlowdown[] {
  const bySite = new Map<string, ObservedSlowdown>();
  for (const one of observed) {
    const before = bySite.get(one.site);
    if (before === undefined || one.runs > before.runs) bySite.set(one.site, one);
  }
  return [...bySite.values()];
}
