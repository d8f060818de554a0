import { expect, test } from '@jest/globals';
import { differenceOf, isAlike, kindOf, sumOf, type Emissions, type Footing } from './intensity.ts';
import { grams } from './units.ts';

const lifecycle = { signal: 'Average', scope: 'Lifecycle' } as const;
const direct = { signal: 'Average', scope: 'Direct' } as const;
const marginal = { signal: 'Marginal', scope: 'Lifecycle' } as const;

/** As the planner has them: the compiler knows neither signal nor scope. */
function someEmissions(mass: number, kind: Emissions['kind'] = lifecycle, rung: Footing = 'LiveForecast'): Emissions {
  return { grams: grams(mass), kind, rung };
}

const resting = (rung: Footing): Emissions => someEmissions(3, lifecycle, rung);

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

test.each<[Footing, Footing, Footing]>([
  ['LiveForecast', 'LiveForecast', 'LiveForecast'],
  ['LiveForecast', 'Persistence', 'Persistence'],
  ['CachedForecast', 'LiveForecast', 'CachedForecast'],
  ['TypicalDay', 'TypicalDay', 'TypicalDay'],
  ['TypicalDay', 'Persistence', 'PartlyTypicalDay'],
  ['PartlyTypicalDay', 'LiveForecast', 'PartlyTypicalDay'],
  ['TypicalDay', 'PartlyTypicalDay', 'PartlyTypicalDay'],
])('grams on %s and grams on %s rest together on %s', (a, b, both) => {
  expect(sumOf(resting(a), resting(b))).toEqual(someEmissions(6, lifecycle, both));
  expect(sumOf(resting(b), resting(a))?.rung).toBe(both);
});

test('grams of a typical day are compared with their like alone: their level is that of another year', () => {
  const typical = resting('TypicalDay');
  expect(differenceOf(typical, typical)).toBe(0);
  for (const other of ['LiveForecast', 'CachedForecast', 'Persistence', 'PartlyTypicalDay'] as const) {
    expect(differenceOf(typical, resting(other))).toBeUndefined();
    expect(differenceOf(resting(other), typical)).toBeUndefined();
  }
  expect(differenceOf(resting('LiveForecast'), resting('Persistence'))).toBe(0);
});

test('what the compiler can tell apart does not compile', () => {
  const rung = 'LiveForecast';
  const average = { grams: grams(3), kind: lifecycle, rung } as const;
  // @ts-expect-error -- a marginal figure is never added to an average one
  expect(sumOf(average, { grams: grams(4), kind: marginal, rung })).toBeUndefined();
  // @ts-expect-error -- nor compared with it
  expect(differenceOf(average, { grams: grams(4), kind: marginal, rung })).toBeUndefined();
  // @ts-expect-error -- grams of stacks are no grams of a life cycle
  expect(sumOf(average, { grams: grams(4), kind: direct, rung })).toBeUndefined();
  // @ts-expect-error -- and there is no way around asking for their kind
  expect(someEmissions(3) - someEmissions(4)).toBeNaN();
});
