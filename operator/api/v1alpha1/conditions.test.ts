import { describe, expect, test } from '@jest/globals';
import { conditionIsTrue, findCondition, MAX_MESSAGE_LENGTH, setCondition, shortened } from './conditions.ts';
import type { Condition, ConditionUpdate } from './conditions.ts';

const EARLIER = '2026-11-22T08:00:00Z';
const NOW = Date.parse('2026-11-22T09:00:00Z');

const planned: Condition = {
  type: 'Planned',
  status: 'False',
  observedGeneration: 1,
  lastTransitionTime: EARLIER,
  reason: 'AwaitingPlan',
  message: 'Waits for the next planning cycle.',
};

const update = (overrides: Partial<ConditionUpdate> = {}): ConditionUpdate => ({
  type: 'Planned',
  status: 'False',
  observedGeneration: 1,
  reason: 'AwaitingPlan',
  message: 'Waits for the next planning cycle.',
  ...overrides,
});

describe('setting a condition', () => {
  test('adds it with the time of now where it was not there', () => {
    expect(setCondition([], update(), NOW)).toEqual([{ ...planned, lastTransitionTime: '2026-11-22T09:00:00Z' }]);
  });

  test('moves lastTransitionTime when the status flips', () => {
    const [after] = setCondition([planned], update({ status: 'True', reason: 'Planned' }), NOW);
    expect(after).toMatchObject({ status: 'True', reason: 'Planned', lastTransitionTime: '2026-11-22T09:00:00Z' });
  });

  test('keeps lastTransitionTime when only reason, message or generation change', () => {
    const [after] = setCondition([planned], update({ reason: 'Replanned', message: 'x', observedGeneration: 2 }), NOW);
    expect(after).toMatchObject({
      reason: 'Replanned',
      message: 'x',
      observedGeneration: 2,
      lastTransitionTime: EARLIER,
    });
  });

  test('gives the same list back where nothing changes, so that no write follows', () => {
    const conditions = [planned];
    expect(setCondition(conditions, update(), NOW)).toBe(conditions);
  });

  test('leaves the others alone, in their order', () => {
    const running = { ...planned, type: 'Running' };
    const paused = { ...planned, type: 'Paused' };
    const after = setCondition([running, planned, paused], update({ status: 'True' }), NOW);
    expect(after.map(({ type, status }) => [type, status])).toEqual([
      ['Running', 'False'],
      ['Planned', 'True'],
      ['Paused', 'False'],
    ]);
  });

  test("shortens a message that the schema would refuse, such as the API server's own words", () => {
    const [after] = setCondition([], update({ message: 'x'.repeat(5_000) }), NOW);
    expect(after?.message).toHaveLength(MAX_MESSAGE_LENGTH);
    expect(after?.message.endsWith('x…')).toBe(true);
  });

  test('setting the same long message again changes nothing', () => {
    const long = update({ message: 'x'.repeat(5_000) });
    const conditions = setCondition([], long, NOW);
    expect(setCondition(conditions, long, NOW)).toBe(conditions);
  });
});

describe('reading conditions', () => {
  test('one that is not there is neither true nor found', () => {
    expect(conditionIsTrue(undefined, 'Planned')).toBe(false);
    expect(findCondition([planned], 'Running')).toBeUndefined();
  });

  test('one is true only with status True', () => {
    const status = (value: Condition['status']) => conditionIsTrue([{ ...planned, status: value }], 'Planned');
    expect([status('True'), status('False'), status('Unknown')]).toEqual([true, false, false]);
  });
});

test('a text is never cut in the middle of a character', () => {
  expect(shortened('ab😀cd', 4)).toBe('ab…');
  expect(shortened('ab😀cd', 5)).toBe('ab😀…');
  expect(shortened('ab😀cd', 6)).toBe('ab😀cd');
});
