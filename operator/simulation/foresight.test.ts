import { describe, expect, test } from '@jest/globals';
import { atHour, hours, series } from '../../test/builders/planning.ts';
import { HOUR_MS } from '../domain/units.ts';
import { foreseen, sameHourBefore, staleSince, withGaps, within, withNoise } from './foresight.ts';
import { meterOf } from './meter.ts';

const DE = series([1, 2, 3, 4, 5, 6], { zone: 'DE' });
const KNOWN = foreseen(new Map([['DE', DE]]));

function figuresOf(outlook: ReturnType<typeof KNOWN>): readonly number[] | undefined {
  return outlook?.series.samples.map(({ gramsPerKilowattHour }) => gramsPerKilowattHour);
}

describe('a forecast', () => {
  test('is of the time from its planning on, and of no zone that nobody forecasts', () => {
    expect(figuresOf(KNOWN('DE', atHour(2.5), atHour(4)))).toEqual([3, 4]);
    expect(KNOWN('FR', atHour(0), atHour(4))).toBeUndefined();
  });

  test('says where it stands and how far it is off, if that is told', () => {
    const told = { rung: 'Persistence', expectedError: [{ lead: 0, share: 0.1 }] } as const;
    expect(foreseen(new Map([['DE', DE]]), told)('DE', atHour(0), atHour(1))).toMatchObject(told);
  });

  test('stays what it was since its source is silent', () => {
    const silent = staleSince(atHour(1), within(hours(3), KNOWN));
    expect(figuresOf(silent('DE', atHour(1), atHour(6)))).toEqual([2, 3, 4]);
    expect(figuresOf(silent('DE', atHour(3), atHour(6)))).toEqual([4]);
    expect(silent('DE', atHour(3), atHour(6))?.rung).toBe('CachedForecast');
  });

  test('says nothing in its gaps', () => {
    expect(withGaps([{ startsAt: atHour(1), endsAt: atHour(2.5) }], DE).samples).toHaveLength(4);
  });
});

describe('noise', () => {
  const flat = series(Array.from({ length: 5_000 }, () => 200));

  test('is that of its seed, and of no other', () => {
    expect(withNoise(flat, { share: 0.05, seed: 1 })).toEqual(withNoise(flat, { share: 0.05, seed: 1 }));
    expect(withNoise(flat, { share: 0.05, seed: 2 })).not.toEqual(withNoise(flat, { share: 0.05, seed: 1 }));
  });

  test('is as wide as was asked for, and leans to no side', () => {
    const off = withNoise(flat, { share: 0.05, seed: 7 }).samples.map((sample) => sample.gramsPerKilowattHour - 200);
    const mean = off.reduce((sum, one) => sum + one, 0) / off.length;
    const deviation = Math.sqrt(off.reduce((sum, one) => sum + (one - mean) ** 2, 0) / off.length);
    expect(Math.abs(mean)).toBeLessThan(0.5);
    expect(Math.abs(deviation - 10)).toBeLessThan(0.5);
  });
});

describe('a meter', () => {
  const meter = meterOf(series([100, 300, undefined, 50], { slot: HOUR_MS }));

  test('weighs parts of samples by time', () => {
    expect(meter.gramHours({ startsAt: atHour(0.5), endsAt: atHour(1.25) })).toBeCloseTo(50 + 75, 9);
    expect(meter.gramHours({ startsAt: atHour(3), endsAt: atHour(4) })).toBeCloseTo(50, 9);
    expect(meter.gramHours({ startsAt: atHour(1), endsAt: atHour(1) })).toBe(0);
  });

  test('knows nothing of what no sample covers', () => {
    expect(meter.gramHours({ startsAt: atHour(1), endsAt: atHour(2.5) })).toBeNaN();
    expect(meter.gramHours({ startsAt: atHour(3), endsAt: atHour(5) })).toBeNaN();
    expect(meter.gramHours({ startsAt: atHour(-1), endsAt: atHour(1) })).toBeNaN();
  });
});

test('the same hour of the day before is that of the last day that has come, however far ahead', () => {
  const came = series(Array.from({ length: 72 }, (_, hour) => hour));
  const told = sameHourBefore(new Map([['DE', came]]))('DE', atHour(50.5), atHour(98));
  expect(figuresOf(told)).toEqual(Array.from({ length: 48 }, (_, k) => 50 + k - (k < 24 ? 24 : 48)));
  expect(sameHourBefore(new Map([['DE', came]]))('FR', atHour(50), atHour(98))).toBeUndefined();
});
