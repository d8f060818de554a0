import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../units.ts';
import { lastShown, offsetAt, type ClockSpan } from './clock-spans.ts';

const CHANGED_AT = Date.UTC(2026, 2, 29, 1);
const clocks = (before: number, after: number): readonly ClockSpan[] => [
  { startsAt: CHANGED_AT - 100 * HOUR_MS, endsAt: CHANGED_AT, offsetMs: before * HOUR_MS },
  { startsAt: CHANGED_AT, endsAt: CHANGED_AT + 100 * HOUR_MS, offsetMs: after * HOUR_MS },
];
const SPRING = clocks(1, 2);
const AUTUMN = clocks(2, 1);
/** Hours from the change on, at what clocks show so many hours after the change as they did before it. */
const shownAt = (spans: readonly ClockSpan[], hours: number): number =>
  (lastShown(spans, CHANGED_AT + (spans[0]?.offsetMs ?? NaN) + hours * HOUR_MS) - CHANGED_AT) / HOUR_MS;

describe('what clocks showed', () => {
  test('is by the span of the instant; the first and the last reach further', () => {
    const hours = [-200, -1, 0, 1, 200].map((hour) => offsetAt(SPRING, CHANGED_AT + hour * HOUR_MS) / HOUR_MS);
    expect(hours).toEqual([1, 1, 2, 2, 2]);
  });

  test('was at the instant that had it, before and after they were changed', () => {
    expect([-200, -1, 2].map((hour) => shownAt(SPRING, hour))).toEqual([-200, -1, 1]);
    expect([-200, -2, 1].map((hour) => shownAt(AUTUMN, hour))).toEqual([-200, -2, 2]);
  });

  test('was skipped when they were changed', () => {
    expect([0, 0.5, 1].map((hour) => shownAt(SPRING, hour))).toEqual([0, 0, 0]);
  });

  test('was last the second time that they did', () => {
    expect([-1, -0.5].map((hour) => shownAt(AUTUMN, hour))).toEqual([0, 0.5]);
  });
});
