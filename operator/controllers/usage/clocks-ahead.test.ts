import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../domain/units.ts';
import { activeHoursProblem, clocksAhead } from './clocks-ahead.ts';

const SUMMER = Date.UTC(2026, 6, 1);
const WINTER = Date.UTC(2026, 11, 1);

describe('clocks of the time zones that active hours name', () => {
  test('are ahead of UTC by what they show at that time', () => {
    const named = ['08:00-18:00 Europe/Berlin', '08:00-18:00 America/New_York', '08:00-18:00', undefined];
    expect(clocksAhead(named, SUMMER)).toEqual(
      new Map([
        ['Europe/Berlin', 2 * HOUR_MS],
        ['America/New_York', -4 * HOUR_MS],
        ['UTC', 0],
      ]),
    );
    expect(clocksAhead(named, WINTER).get('Europe/Berlin')).toBe(HOUR_MS);
  });

  test('are left out where the text can not be read or nobody knows the time zone', () => {
    expect(clocksAhead(['whenever', '08:00-18:00 Europe/Atlantis'], SUMMER)).toEqual(new Map());
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
