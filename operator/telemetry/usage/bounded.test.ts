import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bounded } from './bounded.ts';

interface Item {
  readonly name: string;
  readonly place: string;
  readonly rank: readonly [number, number];
}

const boundedTo = (most: number, items: readonly Item[]) =>
  bounded(items, {
    labelsOf: ({ name, place }) => ({ name, place }),
    othersOf: ({ place }) => ({ name: '(others)', place }),
    rankOf: ({ rank }) => rank,
    most,
  });

const names = (most: number, items: readonly Item[]) => boundedTo(most, items).map(({ labels }) => labels['name']);

describe('what is bounded', () => {
  const a: Item = { name: 'a', place: 'x', rank: [1, 5] };
  const b: Item = { name: 'b', place: 'x', rank: [2, 0] };
  const c: Item = { name: 'c', place: 'y', rank: [1, 6] };

  test('is in order of rank, and what decides comes first', () => {
    expect(names(3, [a, b, c])).toEqual(['b', 'c', 'a']);
  });

  test('is the others beyond the bound, one for each of their labels', () => {
    expect(boundedTo(1, [a, b, c])).toEqual([
      { labels: { name: 'b', place: 'x' }, members: [b], isOwn: true },
      { labels: { name: '(others)', place: 'y' }, members: [c], isOwn: false },
      { labels: { name: '(others)', place: 'x' }, members: [a], isOwn: false },
    ]);
  });

  test('is one group where labels are the same, with the rank of all of it', () => {
    const half: Item = { name: 'a', place: 'x', rank: [1.5, 0] };
    expect(boundedTo(1, [b, a, half])[0]).toEqual({
      labels: { name: 'a', place: 'x' },
      members: [a, half],
      isOwn: true,
    });
  });

  test('is decided by label where the rank is the same, whatever the order', () => {
    const equal = [a, b, c].map((item): Item => ({ ...item, rank: [0, 0] }));
    expect(names(2, equal)).toEqual(['a', 'b', '(others)']);
    expect(names(2, equal.toReversed())).toEqual(['a', 'b', '(others)']);
  });
});

test('nothing is lost, nothing is there twice, and there are no more groups than the bound and one for each place', () => {
  const item = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    place: fc.constantFrom('x', 'y'),
    rank: fc.tuple(fc.nat(3), fc.nat(3)),
  });
  fc.assert(
    fc.property(fc.array(item), fc.nat(6), (items, most) => {
      const groups = boundedTo(most, items);
      const members = groups.flatMap((group) => group.members);
      expect(new Set(members)).toEqual(new Set(items));
      expect(members).toHaveLength(items.length);
      expect(groups.length).toBeLessThanOrEqual(most + 2);
      expect(groups.filter(({ isOwn }) => isOwn).length).toBeLessThanOrEqual(most);
    }),
  );
});
