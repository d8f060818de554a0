import { expect, test } from '@jest/globals';
import { axisOf, shownIn } from './shown-in.ts';

test.each([
  ['percentunit', 0.1208, '12.1 %'],
  ['watt', 5_375, '5.38 kW'],
  ['si:g/h', 51.25, '51.3 g/h'],
  ['massg', 1_250_000, '1.25 Mg'],
  ['suffix:g/kWh', 40, '40 g/kWh'],
  ['s', 0.03, '30 ms'],
  ['s', 10, '10 s'],
  ['s', 1_270, '21.2 min'],
  ['s', 9_000, '2.5 h'],
  ['s', 0, '0 s'],
  ['short', -0.5, '−0.5'],
  [undefined, 8, '8'],
])('in %s, %d is %s', (unit, value, shown) => {
  expect(shownIn(unit, value)).toBe(shown);
});

test('an axis has one unit for all figures', () => {
  expect(['percentunit', 'watt', 'si:g/h', 'short', undefined].map(axisOf)).toEqual([
    { factor: 100, unit: '%' },
    { factor: 1, unit: 'W' },
    { factor: 1, unit: 'g/h' },
    { factor: 1, unit: '' },
    { factor: 1, unit: '' },
  ]);
});
