/** Pieces of PromQL that the dashboards have in common. */

/** What a workload is told apart by. */
export const WORKLOAD = ['workload_namespace', 'workload_kind', 'workload', 'owner', 'site', 'product'] as const;

/** Narrowed down by what the reader has chosen. */
const OF_CLUSTER = 'cluster=~"$cluster"';
export const OF_SITE = `${OF_CLUSTER}, site=~"$site"`;

/**
 * One series a thing, however many pods of the operator tell of it: at a change of the leader there are two for a while.
 * @param labels by which things are told apart; one without the label `site` is not narrowed down to the sites that are chosen
 */
export function told(metric: string, labels: readonly string[], more = ''): string {
  const matchers = [labels.includes('site') ? OF_SITE : OF_CLUSTER, ...(more === '' ? [] : [more])].join(', ');
  return `max by (${['cluster', ...labels].join(', ')}) (${metric}{${matchers}})`;
}

/** Counters begin anew with each pod and are of all of them together. */
export function perHour(metric: string, by: readonly string[], more = ''): string {
  const matchers = [OF_CLUSTER, ...(more === '' ? [] : [more])].join(', ');
  return `3600 * sum by (${by.join(', ')}) (rate(${metric}{${matchers}}[$__rate_interval]))`;
}

export function sumBy(label: string, expr: string): string {
  return label === '' ? `sum(${expr})` : `sum by (${label}) (${expr})`;
}

/** 0 where there are no series because there is nothing, and not because nobody knows. */
export function zeroWhereKnown(expr: string): string {
  return `${expr} or 0 * max(${told('sunward_usage_known', ['figure'], 'figure="Activity"')} == 1)`;
}

/** Workloads beyond the first hundred or so are summed up into one without an owner. */
export function withOthersAsOwner(expr: string): string {
  return String.raw`label_replace(${expr}, "owner", "(others)", "workload_namespace", "\\(others\\)")`;
}
