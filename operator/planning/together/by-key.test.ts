import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { insertByKey, leastFirst, type Keyed } from './by-key.ts';

const someKeys = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 12 });

function keyed(keys: readonly number[]): Keyed {
  return { items: Int32Array.from(keys.keys()), keys: Float64Array.from(keys) };
}

test('the least come first, in order, and none is lost', () => {
  fc.assert(
    fc.property(someKeys, fc.nat(12), (keys, wanted) => {
      const count = Math.min(wanted, keys.length);
      const ordered = keyed(keys);
      leastFirst(ordered, count, keys.length);
      expect([...ordered.keys.subarray(0, count)]).toEqual(keys.toSorted((a, b) => a - b).slice(0, count));
      expect([...ordered.items].map((item) => keys[item])).toEqual([...ordered.keys]);
      expect([...ordered.items].toSorted((a, b) => a - b)).toEqual([...keys.keys()]);
    }),
  );
});

test('inserted one after another they are in order, the same keys in the order in which they came', () => {
  fc.assert(
    fc.property(someKeys, (keys) => {
      const ordered = keyed(keys.map(() => NaN));
      keys.forEach((key, item) => {
        insertByKey(ordered, item, item, key);
      });
      expect([...ordered.items]).toEqual([...keys.keys()].sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0)));
    }),
  );
});
