import { seriesKey, type Labels } from './sums.ts';

/** Things that have the same labels, and so have their series in common. */
export interface Group<T> {
  readonly labels: Labels;
  readonly members: readonly T[];
  /** Whether it has series of its own; else its labels are those of the others. */
  readonly isOwn: boolean;
}

export interface Bounding<T> {
  readonly labelsOf: (item: T) => Labels;
  /** Labels of the series that all have in common who have none of their own. */
  readonly othersOf: (item: T) => Labels;
  /** What those are ordered by that get series of their own, the largest first: what decides comes first. */
  readonly rankOf: (item: T) => readonly number[];
  readonly most: number;
}

/**
 * Groups by labels; of the groups, those of the highest rank keep their labels, in order of rank, and the others are put
 * together by those of `othersOf`. Nothing is lost: each item is in one group. Of equal rank the first by label comes first, so
 * that it is the same ones at each scrape.
 */
export function bounded<T>(
  items: readonly T[],
  { labelsOf, most, othersOf, rankOf }: Bounding<T>,
): readonly Group<T>[] {
  const own = [...grouped(items, labelsOf)]
    .map(([key, { labels, members }]) => ({ key, labels, members, rank: sumOfRanks(members.map(rankOf)) }))
    .sort((a, b) => compareRanks(a.rank, b.rank) || (a.key < b.key ? -1 : 1));
  const others = grouped(
    own.slice(most).flatMap(({ members }) => members),
    othersOf,
  );
  return [
    ...own.slice(0, most).map(({ labels, members }) => ({ labels, members, isOwn: true })),
    ...[...others.values()].map(({ labels, members }) => ({ labels, members, isOwn: false })),
  ];
}

function grouped<T>(
  items: readonly T[],
  labelsOf: (item: T) => Labels,
): ReadonlyMap<string, { labels: Labels; members: T[] }> {
  const groups = new Map<string, { labels: Labels; members: T[] }>();
  for (const item of items) {
    const labels = labelsOf(item);
    const key = seriesKey(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, members: [item] });
    else group.members.push(item);
  }
  return groups;
}

function sumOfRanks(ranks: readonly (readonly number[])[]): readonly number[] {
  return (ranks[0] ?? []).map((_, at) => ranks.reduce((sum, rank) => sum + (rank[at] ?? 0), 0));
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const difference = (b[at] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return 0;
}
