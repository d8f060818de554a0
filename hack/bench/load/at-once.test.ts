import { expect, test } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import { atOnce } from './at-once.ts';

test('every item is worked on once, and no more at a time than allowed', async () => {
  const done: number[] = [];
  let underWay = 0;
  let most = 0;
  await atOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, (underWay += 1));
    await setImmediate();
    underWay -= 1;
    done.push(item);
  });
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure is thrown, and what was not begun is left', async () => {
  const begun: number[] = [];
  const work = async (item: number): Promise<void> => {
    begun.push(item);
    await setImmediate();
    if (item === 1) throw new Error('refused');
  };
  await expect(atOnce([1, 2, 3, 4, 5, 6], 2, work)).rejects.toThrow('refused');
  expect(begun).toEqual([1, 2]);
});
