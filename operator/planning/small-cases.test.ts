import { expect, test } from '@jest/globals';
import { compared, inWords, type Manner } from '../../test/properties/small-cases.ts';

const CASES = 150;
const SEED = 5;
/** On average, against the best of all plans of up to six jobs. */
const MOST_GAP = 0.01;

test.each<Manner>(['in one piece', 'in pieces', 'of both kinds'])(
  'up to six jobs %s are within 1 % of the best on average',
  (manner) => {
    const cases = compared(manner, CASES, SEED);
    const inTime = cases.flatMap(({ gap, snapshot }) => (gap === undefined ? [] : [{ gap, snapshot }]));
    const [worst] = inTime.toSorted((a, b) => b.gap - a.gap);
    const mean = inTime.reduce((sum, { gap }) => sum + gap, 0) / inTime.length;
    console.info(
      `${manner}: ${(100 * mean).toFixed(2)} % on average, ${String(cases.length - inTime.length)} late; worst ${(
        100 * (worst?.gap ?? 0)
      ).toFixed(1)} %: ${worst === undefined ? '' : inWords(worst.snapshot)}`,
    );
    expect(mean).toBeLessThan(MOST_GAP);
    expect(inTime.length).toBeGreaterThan(0.95 * cases.length);
  },
);
