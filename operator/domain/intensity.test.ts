import { expect, test } from '@jest/globals';
import { differenceOf, isAlike, kindOf, sumOf, type Emissions } from './intensity.ts';
import { grams } from './units.ts';

const lifecycle = { signal: 'Average', scope: 'Lifecycle' } as const;
const direct = { signal: 'Average', scope: 'Direct' } as const;
const marginal = { signal: 'Marginal', scope: 'Lifecycle' } as const;

/** As the planner has them: the compiler knows neither signal nor scope. */
function someEmissions(mass: number, kind: Emissions['kind'] = lifecycle): Emissions {
  return { grams: grams(mass), kind };
}

test('grams of one kind are added and compared', () => {
  expect(sumOf(someEmissions(3), someEmissions(4))).toEqual(someEmissions(7));
  expect(differenceOf(someEmissions(3), someEmissions(4))).toBe(-1);
});

test.each([direct, marginal])('grams of unlike kinds have neither sum nor difference: %j', (other) => {
  expect(sumOf(someEmissions(3), someEmissions(4, other))).toBeUndefined();
  expect(differenceOf(someEmissions(3), someEmissions(4, other))).toBeUndefined();
  expect(isAlike(lifecycle, other)).toBe(false);
  expect(isAlike(lifecycle, kindOf(lifecycle))).toBe(true);
});

test('what the compiler can tell apart does not compile', () => {
  const average = { grams: grams(3), kind: lifecycle };
  // @ts-expect-error -- a marginal figure is never added to an average one
  expect(sumOf(average, { grams: grams(4), kind: marginal })).toBeUndefined();
  // @ts-expect-error -- nor compared with it
  expect(differenceOf(average, { grams: grams(4), kind: marginal })).toBeUndefined();
  // @ts-expect-error -- grams of stacks are no grams of a life cycle
  expect(sumOf(average, { grams: grams(4), kind: direct })).toBeUndefined();
  // @ts-expect-error -- and there is no way around asking for their kind
  expect(someEmissions(3) - someEmissions(4)).toBeNaN();
});
