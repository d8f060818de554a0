import { describe, expect, test } from '@jest/globals';
import type { LabelRequirement } from '../../api/v1alpha1/parse/carbon-policy.ts';
import { matchesAll } from './label-selector.ts';

const requirement = (operator: LabelRequirement['operator'], ...values: string[]): LabelRequirement => ({
  key: 'team',
  operator,
  values,
});

describe('a requirement', () => {
  test.each([
    ['In', ['a', 'b'], { team: 'b' }, true],
    ['In', ['a', 'b'], { team: 'c' }, false],
    ['In', ['a', 'b'], {}, false],
    ['NotIn', ['a', 'b'], { team: 'b' }, false],
    ['NotIn', ['a', 'b'], { team: 'c' }, true],
    ['NotIn', ['a', 'b'], {}, true],
    ['Exists', [], { team: '' }, true],
    ['Exists', [], { other: 'a' }, false],
    ['DoesNotExist', [], { team: 'a' }, false],
    ['DoesNotExist', [], { other: 'a' }, true],
  ] as const)('%s %j on %j: %s', (operator, values, labels, holds) => {
    expect(matchesAll([requirement(operator, ...values)], labels)).toBe(holds);
  });

  test('on a label that every object of the language has is about labels alone', () => {
    const key = { key: 'constructor', values: [] };
    expect(matchesAll([{ ...key, operator: 'Exists' }], {})).toBe(false);
    expect(matchesAll([{ ...key, operator: 'DoesNotExist' }], {})).toBe(true);
  });
});

test('all requirements must hold, and none always does', () => {
  expect(matchesAll([requirement('Exists'), requirement('In', 'a')], { team: 'a' })).toBe(true);
  expect(matchesAll([requirement('Exists'), requirement('In', 'a')], { team: 'b' })).toBe(false);
  expect(matchesAll([], {})).toBe(true);
});
