import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, series } from '../../../test/builders/planning.ts';
import { integralOf } from '../../domain/samples.ts';
import { MINUTE_MS } from '../../domain/units.ts';
import { cleanestStretch, STRETCH_MS } from './cleanest-stretch.ts';

describe('the cleanest three hours', () => {
  test('are those with the least mean, and begin at once where nothing is cleaner', () => {
    expect(cleanestStretch(series([300, 200, 100, 100, 130, 400]).samples, atHour(0))).toEqual({
      startsAt: atHour(2),
      endsAt: atHour(5),
      gramsPerKilowattHour: 110,
    });
    expect(cleanestStretch(series([20, 20, 20, 20, 20, 20]).samples, atHour(0.5))?.startsAt).toBe(atHour(0.5));
  });

  test('have no gap in them, and begin within a day', () => {
    expect(cleanestStretch(series([9, 9, undefined, 9, 9]).samples, atHour(0))).toBeUndefined();
    const days = series([...Array.from({ length: 30 }, () => 50), 1, 1, 1]).samples;
    expect(cleanestStretch(days, atHour(0))?.startsAt).toBe(atHour(0));
    expect(cleanestStretch(days, atHour(6))?.startsAt).toBe(atHour(30));
  });

  test('are no dirtier than any others that are known', () => {
    const figure = fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined });
    const minute = fc.integer({ min: 0, max: 24 * 60 });
    fc.assert(
      fc.property(fc.array(figure, { maxLength: 40 }), minute, minute, (figures, nowMinute, other) => {
        const now = atHour(0) + nowMinute * MINUTE_MS;
        const { samples } = series(figures);
        const startsAt = now + other * MINUTE_MS;
        const stretch = { startsAt, endsAt: startsAt + STRETCH_MS };
        const { covered, integral } = integralOf(samples, stretch, (sample) => sample.gramsPerKilowattHour);
        fc.pre(covered === STRETCH_MS);
        const best = cleanestStretch(samples, now);
        expect(best?.gramsPerKilowattHour).toBeLessThanOrEqual(integral / STRETCH_MS + 0.1 + 1e-6);
      }),
    );
  });
});
