import { describe, expect, test } from '@jest/globals';
import type { BarsBlock } from '../page.ts';
import { barLines } from './bars.ts';
import { printed } from './line.ts';

const drawn = (bars: Readonly<Record<string, number>>, room = 32): string[] => {
  const block: BarsBlock = {
    kind: 'bars',
    title: 'carbon',
    bars: Object.entries(bars).map(([label, value]) => ({ label, value, shown: `${value} g` })),
  };
  return barLines(block, room).map((line) => printed(line, false));
};

describe('bars', () => {
  test('are as long as their amounts, to an eighth of a column', () => {
    expect(drawn({ a: 160, bb: 80, c: 15, d: 0 }, 27)).toEqual([
      'carbon',
      'a   ████████████████  160 g',
      'bb  ████████           80 g',
      'c   █▌                 15 g',
      'd                       0 g',
    ]);
  });

  test('show what is more than nothing', () => {
    expect(drawn({ a: 1000, b: 0.001 })[2]).toMatch(/^b {2}▏ +0\.001 g$/);
    expect(drawn({ a: 1000, b: -0.001 })[2]).toMatch(/^b {2}▕│ +-0\.001 g$/);
  });

  test('go to the left of zero for what is less', () => {
    expect(drawn({ up: 30, down: -10, none: 0 }, 34)).toEqual([
      'carbon',
      'up         │███████████████   30 g',
      'down  █████│                 -10 g',
      'none       │                   0 g',
    ]);
  });

  test('stand for no amount that is none', () => {
    expect(drawn({ a: 4, b: NaN })[2]).toMatch(/^b +NaN g$/);
  });
});
