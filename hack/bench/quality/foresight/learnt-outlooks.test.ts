import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import { foreseen, sameHourBefore } from '../../../../operator/simulation/foresight.ts';
import type { Foresight } from '../../../../operator/simulation/scenario.ts';
import { hours, MIDNIGHT, series } from '../../../../test/builders/planning.ts';
import { learntForesight } from './learnt-outlooks.ts';

const DAYS = 14;
const LAST = DAYS * 24;

/** Clean at noon, and no day like the one before. */
function figure(hour: number): number {
  return 200 + 80 * Math.cos((2 * Math.PI * hour) / 24) + 30 * Math.sin(hour / 17);
}

function hourly(figureOf: (hour: number) => number): IntensitySeries {
  return series(Array.from({ length: LAST }, (_, hour) => figureOf(hour)));
}

const came = hourly(figure);
const noisy = hourly((hour) => figure(hour) + (hour % 7) * 6 - 18);
const always = (): number => Infinity;

describe('what the ladder has learnt by an hour', () => {
  test('is the same whatever comes after it', () => {
    const here = fc.integer({ min: 30, max: LAST - 60 });
    fc.assert(
      fc.property(here, fc.integer({ min: 1, max: 500 }), (hour, other) => {
        const otherwise = (one: IntensitySeries, from: number): IntensitySeries =>
          hourly((at) => (at >= from ? other : (one.samples[at]?.gramsPerKilowattHour ?? NaN)));
        const knownUntil = (now: number): number => now + hours(24);
        const [at, until] = [MIDNIGHT + hours(hour), MIDNIGHT + hours(hour + 48)];
        const [one, another] = [
          learntForesight({ came, forecast: noisy, knownUntil }),
          learntForesight({ came: otherwise(came, hour), forecast: otherwise(noisy, hour + 24), knownUntil }),
        ].map((foresight) => foresight('DE', at, until));
        expect(one?.series.samples.length).toBeGreaterThan(0);
        expect(another).toEqual(one);
      }),
      { numRuns: 10 },
    );
  });

  test('is a perfect forecast itself, and that it is exact', () => {
    const foresight = learntForesight({ came, forecast: came, knownUntil: always });
    const at = MIDNIGHT + hours(240);
    const outlook = foresight('DE', at, at + hours(24));
    expect(outlook?.rung).toBe('LiveForecast');
    expect(outlook?.expectedError?.map(({ share }) => share)).toEqual([0, 0, 0, 0, 0]);
    outlook?.series.samples.forEach(({ gramsPerKilowattHour: told }, k) => {
      expect(Math.abs(told - figure(240 + k))).toBeLessThanOrEqual(0.05);
    });
  });

  test('is closer to what comes than either the forecast or the day before', () => {
    const offBy = (foresight: Foresight): number => {
      let off = 0;
      for (let hour = 120; hour < LAST - 48; hour += 5) {
        const at = MIDNIGHT + hours(hour);
        foresight('DE', at, at + hours(24))?.series.samples.forEach(({ gramsPerKilowattHour: told }, k) => {
          off += (told - figure(hour + k)) ** 2;
        });
      }
      return off;
    };
    const learnt = offBy(learntForesight({ came, forecast: noisy, knownUntil: always }));
    expect(learnt).toBeLessThan(offBy(sameHourBefore(new Map([['DE', came]]))));
    expect(learnt).toBeLessThan(offBy(foreseen(new Map([['DE', noisy]]))));
  });

  test('goes beyond what is known of the forecast as soon as persistence was verified', () => {
    const knownUntil = (now: number): number => now + hours(6);
    const foresight = learntForesight({ came, forecast: noisy, knownUntil });
    const at = MIDNIGHT + hours(200);
    const rungs = foresight('DE', at, at + hours(48))?.series.samples.map(({ rung }) => rung);
    expect(rungs).toEqual([
      ...Array.from({ length: 6 }, () => undefined),
      ...Array.from({ length: 42 }, () => 'Persistence'),
    ]);
  });
});
