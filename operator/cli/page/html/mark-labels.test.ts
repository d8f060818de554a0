import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { markLabels } from './mark-labels.ts';

const END = 880;
const places = (marks: readonly (readonly [string, number, number])[]): string[] => {
  const labels = markLabels(
    marks.map(([text, x, width]) => ({ text, x, width })),
    END,
  );
  return labels.map(({ text, lane, isLeft }) => `${text} ${isLeft ? 'left' : 'right'} ${lane}`).toSorted();
};

describe('the labels of marks', () => {
  test('stand to the right of their lines, in one lane where they have room', () => {
    expect(
      places([
        ['now', 50, 100],
        ['deadline', 400, 100],
      ]),
    ).toEqual(['deadline right 0', 'now right 0']);
  });

  test('stand to the left where the picture ends', () => {
    expect(places([['deadline', 850, 100]])).toEqual(['deadline left 0']);
  });

  test('stand below each other where they would collide, so that no line cuts one', () => {
    expect(
      places([
        ['now', 5, 100],
        ['start', 50, 100],
      ]),
    ).toEqual(['now right 0', 'start right 1']);
    expect(
      places([
        ['latest', 800, 200],
        ['deadline', 850, 200],
      ]),
    ).toEqual(['deadline left 0', 'latest left 1']);
  });

  test('are all there and never cover each other', () => {
    const mark = fc.record({ x: fc.integer({ min: 0, max: END }), width: fc.integer({ min: 1, max: END / 2 }) });
    fc.assert(
      fc.property(fc.array(mark, { maxLength: 12 }), (marks) => {
        const labels = markLabels(
          marks.map((one, index) => ({ ...one, text: String(index) })),
          END,
        ).map(({ x, text, lane, isLeft }) => {
          const width = marks[Number(text)]?.width ?? NaN;
          return isLeft ? { lane, from: x - width, to: x } : { lane, from: x, to: x + width };
        });
        expect(labels).toHaveLength(marks.length);
        labels.forEach((label, index) => {
          expect(label.from).toBeGreaterThanOrEqual(0);
          expect(label.to).toBeLessThanOrEqual(END);
          const others = labels.slice(index + 1).filter(({ lane }) => lane === label.lane);
          expect(others.filter(({ from, to }) => from < label.to && label.from < to)).toEqual([]);
        });
      }),
    );
  });
});
