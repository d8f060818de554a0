import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DelayHeap } from './delay-heap.ts';

function popAll(heap: DelayHeap): string[] {
  const keys = [];
  for (let key = heap.popReady(Infinity); key !== undefined; key = heap.popReady(Infinity)) keys.push(key);
  return keys;
}

describe('the delay heap', () => {
  test('gives keys out by time, and those of one time in the order of the calls', () => {
    const heap = new DelayHeap();
    heap.add('c', 30);
    heap.add('a', 10);
    heap.add('b1', 20);
    heap.add('b2', 20);
    expect(popAll(heap)).toEqual(['a', 'b1', 'b2', 'c']);
  });

  test('keeps back what is not ready', () => {
    const heap = new DelayHeap();
    heap.add('a', 10);
    expect(heap.popReady(9)).toBeUndefined();
    expect(heap.popReady(10)).toBe('a');
    expect(heap.size).toBe(0);
  });

  test('moves a key forward, never back', () => {
    const heap = new DelayHeap();
    heap.add('a', 10);
    heap.add('b', 20);
    heap.add('b', 5);
    heap.add('a', 99);
    expect(heap.size).toBe(2);
    expect(heap.peek()).toMatchObject({ key: 'b', readyAt: 5 });
    expect(popAll(heap)).toEqual(['b', 'a']);
  });

  test('agrees with a sorted list, whatever is added and taken out', () => {
    const step = fc.oneof(
      fc.record({ add: fc.nat({ max: 20 }), at: fc.nat({ max: 50 }) }),
      fc.record({ popAt: fc.nat({ max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const heap = new DelayHeap();
        const model = new Map<string, { at: number; order: number }>();
        steps.forEach((action, order) => {
          if ('add' in action) {
            const key = `k${action.add}`;
            heap.add(key, action.at);
            const known = model.get(key);
            if (known === undefined || action.at < known.at) model.set(key, { at: action.at, order });
          } else {
            const ready = [...model].filter(([, { at }]) => at <= action.popAt);
            ready.sort(([, a], [, b]) => a.at - b.at || a.order - b.order);
            const expected = ready[0]?.[0];
            if (expected !== undefined) model.delete(expected);
            expect(heap.popReady(action.popAt)).toBe(expected);
          }
          expect(heap.size).toBe(model.size);
        });
      }),
    );
  });
});
