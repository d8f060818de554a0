import { describe, expect, test } from '@jest/globals';
import { decodeProfile } from '../../operator/adapters/carbon/typical-day/profile.ts';
import type { TypicalDayTable } from '../../operator/adapters/carbon/typical-day/table.ts';
import { averageByMonthAndHour, problemsOfTable, renderTable } from './typical-day.ts';

const HOURS_OF_2023 = Array.from({ length: 8_760 }, (_, hour) => new Date(Date.UTC(2023, 0, 1) + hour * 3_600_000));

/** A year of two zones: `AA` by `figure`, `BB` always 50. */
function year(figure: (hour: Date) => string): string {
  const rows = HOURS_OF_2023.map((hour) => `${hour.toISOString().slice(0, 16)}Z,${figure(hour)},50`);
  return ['hour_utc,AA,BB', ...rows, ''].join('\n');
}

/** Day of the month plus hour of the day: averages to half the days of the month, and the hour. */
const daily = year((hour) => String(hour.getUTCDate() + hour.getUTCHours()));

const rendered = (csv: string) => JSON.parse(renderTable(averageByMonthAndHour(csv))) as TypicalDayTable;

describe('the typical day table', () => {
  test('averages every hour of day over the days of its month, and rounds to whole grams', () => {
    const table = rendered(daily);
    const profile = decodeProfile(table.zones['AA'] ?? '');

    expect(table.year).toBe(2023);
    expect(Object.keys(table.zones)).toEqual(['AA', 'BB']);
    expect(profile.slice(0, 3)).toEqual([16, 17, 18]);
    expect(profile.slice(24, 26)).toEqual([15, 16]); // February: 14.5 rounds to 15
    expect(new Set(decodeProfile(table.zones['BB'] ?? ''))).toEqual(new Set([50]));
  });

  test('leaves hours without a figure out of the average', () => {
    const { zones } = rendered(year((hour) => (hour.getUTCDate() % 2 === 0 ? '' : '80')));
    expect(new Set(decodeProfile(zones['AA'] ?? ''))).toEqual(new Set([80]));
  });

  test.each([
    ['a month without data', year((hour) => (hour.getUTCMonth() === 3 ? '' : '80')), /AA: month 4 .* 0 days/],
    ['a figure below zero', year(() => '-3'), /line 2, AA: "-3"/],
    ['a figure that is no number', year(() => 'n\/a'), /line 2, AA: "n\/a"/],
    ['a second year', `${daily}2024-01-01T00:00Z,1,2\n`, /one calendar year/],
    ['another layout', 'time,AA\n', /hour_utc/],
  ])('is not made from %s', (_, csv, message) => {
    expect(() => averageByMonthAndHour(csv)).toThrow(message);
  });
});

describe('a committed table', () => {
  const sound = rendered(daily);

  test('as it was made shows no problem', () => {
    expect(problemsOfTable(sound)).toEqual([]);
  });

  test.each([
    [
      'a figure changed by hand',
      { zones: { ...sound.zones, BB: (sound.zones['BB'] ?? '').replace('50', '49') } },
      'zonesSha256',
    ],
    ['a zone cut short', { zones: { ...sound.zones, BB: '1 2 3' } }, '12 months of 24 hours'],
    [
      'an implausible figure',
      { zones: { ...sound.zones, BB: (sound.zones['BB'] ?? '').replace('50', '5000') } },
      'not plausible',
    ],
    ['no zone at all', { zones: {} }, 'no zones'],
    ['another licence', { licence: 'Apache-2.0' }, 'Open Database License'],
    ['no attribution', { attribution: '' }, 'Electricity Maps'],
    ['another signal', { signal: 'Marginal' }, 'must be Average'],
  ])('with %s shows it', (_, change, problem) => {
    expect(problemsOfTable({ ...sound, ...change }).join('\n')).toContain(problem);
  });
});
