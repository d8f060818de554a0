import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sameValue } from '../../planning/replan/same-value.ts';
import { ChangesTaken, ChangesTold } from './keyed-changes.ts';

const lists = fc.array(
  fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), value: fc.nat(2) }), {
    selector: ({ key }) => key,
  }),
  { minLength: 1, maxLength: 8 },
);

test('the listener has each list as it was told, whatever changed', () => {
  fc.assert(
    fc.property(lists, (all) => {
      const told = new ChangesTold<object>(sameValue);
      const taken = new ChangesTaken<object>();
      for (const list of all) {
        const map = new Map(list.map((thing) => [thing.key, thing]));
        expect([...taken.take(structuredClone(told.next(map)))]).toEqual([...map]);
      }
    }),
  );
});

test('what is the same is not told twice, and stays the very thing that it was', () => {
  const told = new ChangesTold<object>(sameValue);
  const taken = new ChangesTaken<object>();
  const first = taken.take(structuredClone(told.next(new Map([['a', { is: 1 }]]))));
  const changes = told.next(
    new Map([
      ['b', { is: 2 }],
      ['a', { is: 1 }],
    ]),
  );
  expect(changes).toEqual({ order: ['b', 'a'], changed: [['b', { is: 2 }]] });
  expect(taken.take(structuredClone(changes)).get('a')).toBe(first.get('a'));
});

test('a listener that has missed something says so', () => {
  expect(() => new ChangesTaken().take({ order: ['a'], changed: [] })).toThrow('a was never told');
});
