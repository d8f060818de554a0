import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../domain/units.ts';
import { CLOCKS_BACK_MS } from '../../domain/weekly-hours/active-hours.ts';
import { activeHoursProblem, clocksOf } from './clocks.ts';

const SUMMER = Date.UTC(2026, 6, 1);

describe('clocks of the time zones that active hours name', () => {
  test('are ahead of UTC by what they show at that time', () => {
    const named = ['08:00-18:00 Europe/Berlin', '08:00-18:00 America/New_York', '08:00-18:00', undefined];
    const span = { startsAt: SUMMER - CLOCKS_BACK_MS, endsAt: SUMMER + 1 };
    expect(clocksOf(named, SUMMER)).toEqual(
      new Map([
        ['Europe/Berlin', [{ ...span, offsetMs: 2 * HOUR_MS }]],
        ['America/New_York', [{ ...span, offsetMs: -4 * HOUR_MS }]],
        ['UTC', [{ ...span, offsetMs: 0 }]],
      ]),
    );
  });

  test('are told as they were before they were changed', () => {
    const clocks = clocksOf(['08:00-18:00 Europe/Berlin'], Date.UTC(2026, 9, 26)).get('Europe/Berlin');
    expect(clocks?.map(({ startsAt, offsetMs }) => [new Date(startsAt).toISOString(), offsetMs / HOUR_MS])).toEqual([
      ['2026-10-17T00:00:00.000Z', 2],
      ['2026-10-25T01:00:00.000Z', 1],
    ]);
  });

  test('are left out where the text can not be read or nobody knows the time zone', () => {
    expect(clocksOf(['whenever', '08:00-18:00 Europe/Atlantis'], SUMMER)).toEqual(new Map());
  });
});

describe('what is wrong with active hours', () => {
  test('is nothing where they can be read', () => {
    expect(activeHoursProblem('Mon-Fri 08:00-18:00 Asia/Kathmandu')).toBeUndefined();
  });

  test('names the value and the remedy', () => {
    expect(activeHoursProblem('08:00-18:00 Europe/Atlantis')).toMatch(/"08:00-18:00 Europe\/Atlantis".*IANA/);
    expect(activeHoursProblem('8-18')).toMatch(/"8-18".*Mon-Fri 08:00-18:00/);
  });
});
