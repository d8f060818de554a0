import { describe, expect, jest, test } from '@jest/globals';
import { HOUR_MS } from '../../domain/units.ts';
import { KinLengths, type FinishedWork } from './kin-lengths.ts';

/** One that took some hours, and some other time as seen from each of its homes. */
function aWork(hours: number, fromHomes: Readonly<Record<string, number>> = {}) {
  const work = jest.fn<FinishedWork['work']>((home) => (fromHomes[home ?? ''] ?? hours) * HOUR_MS);
  return { homes: new Set(Object.keys(fromHomes)), work };
}

const hoursAt = (lengths: KinLengths, home?: string): readonly number[] =>
  Array.from(lengths.at(home), (length) => length / HOUR_MS);

describe('the lengths of jobs that are alike', () => {
  test('are those from the home that asks, the shortest first', () => {
    const lengths = new KinLengths([aWork(12, { north: 10 }), aWork(9, { south: 11 }), aWork(10)]);
    expect(hoursAt(lengths)).toEqual([9, 10, 12]);
    expect(hoursAt(lengths, 'north')).toEqual([9, 10, 10]);
    expect(hoursAt(lengths, 'south')).toEqual([10, 11, 12]);
  });

  test('are one and the same from all homes that make no difference, however many users name', () => {
    const works = [aWork(3, { north: 2 }), aWork(4)];
    const lengths = new KinLengths(works);
    const usual = lengths.at(undefined);
    for (let k = 0; k < 200; k++) expect(lengths.at(`invented-${String(k)}`)).toBe(usual);
    expect(works.map(({ work }) => work.mock.calls)).toEqual([[[undefined]], [[undefined]]]);
  });

  test('are worked out once a home, and only of the jobs that it makes a difference to', () => {
    const [knows, knowsNot] = [aWork(3, { north: 2 }), aWork(4, { south: 5 })];
    const lengths = new KinLengths([knows, knowsNot]);
    expect(lengths.at('north')).toBe(lengths.at('north'));
    expect(knows.work.mock.calls).toEqual([[undefined], ['north']]);
    expect(knowsNot.work.mock.calls).toEqual([[undefined]]);
  });
});
