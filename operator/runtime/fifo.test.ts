import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Fifo } from './fifo.ts';

test('a fifo agrees with an array, also over the point where it cuts off what is spent', () => {
  const step = fc.oneof(fc.integer({ min: 1, max: 1_500 }), fc.integer({ min: -1_500, max: -1 }));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const count of steps) {
        for (let i = 0; i < count; i++) {
          fifo.push(next);
          model.push(next++);
        }
        const taken = Array.from({ length: Math.max(0, -count) }, () => fifo.shift());
        expect(taken).toEqual(Array.from({ length: taken.length }, () => model.shift()));
        expect(fifo.size).toBe(model.length);
      }
    }),
  );
});
