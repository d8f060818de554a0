import { expect, test } from '@jest/globals';
import { COMPARISON_REASONS, EXCLUSION_REASONS, JOB_REASONS, PLAN_REASONS, REASONS, STATE_REASONS } from './reasons.ts';

test('every reason is one CamelCase word, short enough for a condition', () => {
  expect(REASONS.filter((reason) => !/^[A-Z][A-Za-z0-9]{0,127}$/.test(reason))).toEqual([]);
});

test('no two reasons differ only in case, so that a metric label names one of them', () => {
  expect(new Set(REASONS.map((reason) => reason.toLowerCase())).size).toBe(REASONS.length);
});

test('no reason is in its list twice', () => {
  const lists = [PLAN_REASONS, EXCLUSION_REASONS, COMPARISON_REASONS, JOB_REASONS, STATE_REASONS];
  for (const list of lists) expect(new Set<string>(list).size).toBe(list.length);
});
