import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aSite } from '../../../test/builders/planning.ts';
import { sameValue } from './same-value.ts';

describe('two values are the same', () => {
  test('where all that they hold is alike', () => {
    const site = aSite('berlin', [1, 2, 3]);
    expect(sameValue(site, structuredClone(site))).toBe(true);
    expect(sameValue(Float64Array.of(1, NaN), Float64Array.of(1, NaN))).toBe(true);
    expect(sameValue({ deep: [{ down: 1 }] }, { deep: [{ down: 1 }] })).toBe(true);
  });

  test.each([
    ['a figure differs', { a: [1, 2] }, { a: [1, 3] }],
    ['one has an item more', [1, 2], [1, 2, 3]],
    ['one has a field more', { a: 1 }, { a: 1, b: 2 }],
    ['one is a list and the other is none', [1], { 0: 1 }],
    ['one is nothing', {}, null],
    ['a text looks like a number', '1', 1],
    ['zero and minus zero are told apart', 0, -0],
  ])('unless %s', (_, a, b) => {
    expect(sameValue(a, b)).toBe(false);
    expect(sameValue(b, a)).toBe(false);
  });

  test('whether a field is absent or undefined', () => {
    expect(sameValue({ a: 1, b: undefined }, { a: 1 })).toBe(true);
    expect(sameValue({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  });

  test('as their clones are, and no more when one job has got more time', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(sameValue(value, structuredClone(value))).toBe(true)));
    const job = aPlannableJob();
    expect(sameValue(job, { ...job, deadline: job.deadline + 1 })).toBe(false);
  });
});
