import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import type { IntensitySample } from '../../domain/intensity.ts';
import { integralOf } from '../../domain/samples.ts';
import { hourlyFigures, hourOf, startOfHour } from './hourly-figures.ts';

const FIRST = hourOf(MIDNIGHT);

/** Samples of a few minutes to some hours each, with gaps between some of them. */
const samplesInARow = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 90 })),
      length: fc.integer({ min: 1, max: 200 }),
      grams: fc.integer({ min: 0, max: 900 }),
    }),
    { maxLength: 60 },
  )
  .map((rows) => {
    let edge = MIDNIGHT;
    return rows.map(({ gap, length, grams }): IntensitySample => {
      const startsAt = edge + gap * MINUTE_MS;
      edge = startsAt + length * MINUTE_MS;
      return { startsAt, endsAt: edge, gramsPerKilowattHour: gramsPerKilowattHour(grams), estimated: false };
    });
  });

function coverage(samples: readonly IntensitySample[], hour: number) {
  const interval = { startsAt: startOfHour(hour), endsAt: startOfHour(hour + 1) };
  return integralOf(samples, interval, (sample) => sample.gramsPerKilowattHour);
}

describe('the figure of an hour', () => {
  test('is the mean of what is known of it, each sample weighted by its time', () => {
    const quarters = series([100, 200, 300, undefined, 400], { slot: hours(0.25) }).samples;
    expect(hourlyFigures(quarters)).toEqual(new Map([[FIRST, 200]]));
  });

  test('is unknown where less than three quarters of it are known', () => {
    expect(hourlyFigures(series([100, 200, undefined, undefined, 400], { slot: hours(0.25) }).samples)).toEqual(
      new Map(),
    );
  });

  test('is that of one long sample in each of its hours', () => {
    expect(hourlyFigures(series([80], { slot: hours(3) }).samples)).toEqual(
      new Map([
        [FIRST, 80],
        [FIRST + 1, 80],
        [FIRST + 2, 80],
      ]),
    );
  });

  test('is unknown of nothing, and of a sample without length', () => {
    expect(hourlyFigures([])).toEqual(new Map());
    const sample = { gramsPerKilowattHour: gramsPerKilowattHour(100), estimated: false };
    expect(hourlyFigures([{ startsAt: atHour(0.5), endsAt: atHour(0.5), ...sample }])).toEqual(new Map());
  });

  test('adds up: figure times what is known of the hour is the integral of the samples', () => {
    fc.assert(
      fc.property(samplesInARow, (samples) => {
        for (const [hour, figure] of hourlyFigures(samples)) {
          const { integral, covered } = coverage(samples, hour);
          expect(figure * covered).toBeCloseTo(integral, 3);
        }
      }),
    );
  });

  test('is there where enough is known, and nowhere else', () => {
    fc.assert(
      fc.property(samplesInARow, (samples) => {
        const known = hourlyFigures(samples);
        const until = hourOf(samples.at(-1)?.endsAt ?? MIDNIGHT) + 1;
        for (let hour = FIRST - 1; hour <= until; hour++) {
          expect(known.has(hour)).toBe(coverage(samples, hour).covered >= 0.75 * HOUR_MS);
        }
      }),
    );
  });
});
