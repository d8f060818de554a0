import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Roster } from './roster.ts';

test('each job is in the group that it was moved to last, and in no other', () => {
  const moves = fc.array(fc.tuple(fc.nat(4), fc.nat(2)), { maxLength: 40 });
  fc.assert(
    fc.property(moves, (some) => {
      const groupOf = [0, 1, 2, 0, 1];
      const roster = new Roster(groupOf.length, 3, (job) => groupOf[job] ?? 0);
      for (const [job, group] of some) {
        roster.move(job, group);
        groupOf[job] = group;
      }
      for (const group of [0, 1, 2]) {
        const expected = [...groupOf.keys()].filter((job) => groupOf[job] === group);
        expect([...roster.of(group).subarray(0, roster.count(group))].sort()).toEqual(expected);
      }
    }),
  );
});

test('a group that there is not is refused', () => {
  expect(() => new Roster(1, 1, () => 1)).toThrow('there is no group 1');
});
