import { describe, expect, test } from '@jest/globals';
import { readIntensityFile } from '../../../operator/adapters/carbon/file/intensity-file.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import { FIRST_EDITION, forecastCsv, type ForecastEdition } from './forecast.ts';
import { BENCH_SITES } from './sites.ts';

const NOW = Date.parse('2026-11-23T08:20:00Z');
const THE_HOUR = Date.parse('2026-11-23T08:00:00Z');

function grams(edition: ForecastEdition, zone: string): readonly number[] {
  const { zones } = readIntensityFile(forecastCsv(BENCH_SITES, NOW, edition), 'csv');
  return (zones.get(zone)?.get('Average')?.samples ?? []).map(({ gramsPerKilowattHour }) => gramsPerKilowattHour);
}

/** The hour, counted from now, of the first clean one. */
function firstCleanHour(edition: ForecastEdition, zone: string): number {
  const all = grams(edition, zone);
  return all.findIndex((value) => value < 0.75 * (all[4] ?? 0));
}

describe('the forecast of the benchmark', () => {
  test('is a file that the file source reads, from the hour at hand for five days', () => {
    const { zones } = readIntensityFile(forecastCsv(BENCH_SITES, NOW, FIRST_EDITION), 'csv');
    for (const { zone } of BENCH_SITES) {
      const samples = zones.get(zone)?.get('Average')?.samples ?? [];
      expect(samples[0]?.startsAt).toBe(THE_HOUR);
      expect(samples.at(-1)?.endsAt).toBe(THE_HOUR + 120 * HOUR_MS);
    }
  });

  test('makes the hours at hand the dirtiest, so that nothing has a reason to start at once', () => {
    for (const { zone } of BENCH_SITES) {
      const [first = 0, second, third, ...later] = grams(FIRST_EDITION, zone);
      expect([second, third]).toEqual([first, first]);
      expect(Math.max(...later)).toBeLessThan(first);
    }
  });

  test('moves the clean hours of one zone and ripples through the others in its next edition', () => {
    const next = { cleanHoursMoved: { PL: 3 }, ripple: 0.01 };
    expect(firstCleanHour(next, 'PL') - firstCleanHour(FIRST_EDITION, 'PL')).toBe(3);

    const before = grams(FIRST_EDITION, 'DE');
    for (const [hour, value] of grams(next, 'DE').entries()) {
      expect(Math.abs(value / (before[hour] ?? NaN) - 1)).toBeCloseTo(0.01, 2);
    }
  });
});
