import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PreferredSchedulingTerm } from '../../../ports/node-selection.ts';
import { notPreferring, preferring } from './preferred-nodes.ts';

const named = (name: string, weight: number): PreferredSchedulingTerm => ({
  weight,
  preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: [name] }] },
});
const onSsd: PreferredSchedulingTerm = {
  weight: 100,
  preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
};

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
/** Some of them like ours in every part. */
const term = fc.oneof(
  fc.constant(onSsd),
  fc
    .tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 46, max: 50 }))
    .map(([name, weight]) => named(name, weight)),
);
const terms = fc.option(fc.array(term, { minLength: 1, maxLength: 4 }), { nil: undefined });

describe('preferring nodes', () => {
  test('adds a term for each behind those that are there, the best with the most weight', () => {
    expect(preferring([onSsd], ['b', 'a'])).toEqual([onSsd, named('b', 50), named('a', 49)]);
    expect(preferring(undefined, ['b'])).toEqual([named('b', 50)]);
    expect(preferring(undefined, [])).toBeUndefined();
  });

  test('is undone to what was there before, whatever the user has', () => {
    fc.assert(
      fc.property(terms, names, (before, nodes) => {
        expect(notPreferring(preferring(before, nodes), nodes)).toEqual(before);
      }),
    );
  });

  test('is undone also where others have added behind it, moved it or taken it away', () => {
    expect(notPreferring([named('a', 50), named('b', 49), onSsd], ['a', 'b'])).toEqual([onSsd]);
    expect(notPreferring([named('b', 49), onSsd, named('a', 50)], ['a', 'b'])).toEqual([onSsd]);
    expect(notPreferring([onSsd], ['a', 'b'])).toEqual([onSsd]);
    expect(notPreferring(undefined, ['a', 'b'])).toBeUndefined();
  });

  test('leaves what has become another preference', () => {
    const [{ preference }] = [named('a', 50)];
    const changed = [
      { weight: 10, preference },
      { weight: 50, preference: { ...preference, ...onSsd.preference } },
      { weight: 50, preference: {} },
      named('c', 50),
    ];
    expect(notPreferring(changed, ['a'])).toEqual(changed);
  });
});
