import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../units.ts';
import { offsetAt, UTC_CLOCKS, type ClockSpan } from './clock-spans.ts';
import { outsideSince, parseActiveHours, timeZoneUnknown, type ActiveHours } from './active-hours.ts';
import { clockTimeAt, DAY_MS, DAYS, isWithin } from './weekly-window.ts';

/** A Monday. */
const MONDAY = Date.UTC(2026, 10, 23);
const BERLIN = [{ startsAt: -Infinity, endsAt: Infinity, offsetMs: HOUR_MS }];
const at = (day: number, hour: number) => MONDAY + day * DAY_MS + hour * HOUR_MS;

function read(text: string): ActiveHours {
  const hours = parseActiveHours(text);
  if (!hours.ok) throw new Error(hours.message);
  return hours.value;
}

describe('active hours', () => {
  const office = read('Mon-Fri 08:00-18:00 Europe/Berlin');

  test('have a time zone, UTC where none is named', () => {
    expect(office.timeZone).toBe('Europe/Berlin');
    expect(read('Mon 08:00-18:00').timeZone).toBe('UTC');
    expect(read('Mon 08:00-18:00 Etc/GMT+5; Tue 08:00-18:00').timeZone).toBe('Etc/GMT+5');
  });

  test('go by the clocks of the place', () => {
    expect(outsideSince(office, at(0, 7.5), BERLIN)).toBeUndefined();
    expect(outsideSince(office, at(0, 6.5), BERLIN)).toBe(at(-3, 17));
    expect(outsideSince(office, at(0, 17.5), BERLIN)).toBe(at(0, 17));
  });

  test('are over since the last of several windows ended', () => {
    const shifts = read('Mon-Fri 06:00-14:00; Mon-Fri 13:00-22:00; Sat 06:00-10:00');
    expect(outsideSince(shifts, at(0, 13.5), UTC_CLOCKS)).toBeUndefined();
    expect(outsideSince(shifts, at(0, 23), UTC_CLOCKS)).toBe(at(0, 22));
    expect(outsideSince(shifts, at(6, 12), UTC_CLOCKS)).toBe(at(5, 10));
  });

  test('may go over midnight, and belong to the day on which they begin', () => {
    const nights = read('Fri 22:00-06:00');
    expect(outsideSince(nights, at(4, 23), UTC_CLOCKS)).toBeUndefined();
    expect(outsideSince(nights, at(5, 5), UTC_CLOCKS)).toBeUndefined();
    expect(outsideSince(nights, at(6, 5), UTC_CLOCKS)).toBe(at(5, 6));
    expect(outsideSince(nights, at(4, 21), UTC_CLOCKS)).toBe(at(-2, 6));
  });

  test('may go over the end of the week', () => {
    const long = read('Fri-Mon 00:00-24:00');
    expect(outsideSince(long, at(6, 12), UTC_CLOCKS)).toBeUndefined();
    expect(outsideSince(long, at(1, 12), UTC_CLOCKS)).toBe(at(1, 0));
    expect(read('Mon,Wed 08:00-09:00').windows[0]?.days).toEqual(new Set([1, 3]));
  });

  test('are on every day where no days are named', () => {
    expect(read('08:00-18:00').windows[0]?.days.size).toBe(7);
  });

  test.each([
    ['', /"" is not days and hours; .*Mon-Fri 08:00-18:00/],
    ['Mon-Fri 8-18', /"Mon-Fri 8-18" is not days and hours/],
    ['Mon 08:00-18:00;', /"" is not days and hours/],
    ['Mo-Fr 08:00-18:00', /"Mo-Fr" are no days; write some of Sun, Mon/],
    ['Mon-Wed-Fri 08:00-18:00', /"Mon-Wed-Fri" are no days/],
    ['Mon, 08:00-18:00', /"Mon," are no days/],
    ['Mon 24:00-06:00', /no clock shows "24:00"; write 00:00 to 23:59/],
    ['Mon 08:00-18:60', /no clock shows "18:60"; write 00:00 to 24:00/],
    ['Mon 08:00-08:00', /"08:00-08:00" has no length; .*00:00-24:00/],
    ['Mon 08:00-09:00 Europe/Berlin; Tue 08:00-09:00 UTC', /two time zones, Europe\/Berlin and UTC/],
  ])('that can not be read are told so: %s', (text, message) => {
    const hours = parseActiveHours(text);
    expect(hours).toMatchObject({ ok: false, message: expect.stringMatching(message) });
    expect(hours.ok ? '' : hours.message).toContain(`"${text}"`);
  });

  test('of an unknown time zone are told so', () => {
    expect(timeZoneUnknown('08:00-09:00 X', read('08:00-09:00 X'))).toMatch(/^"08:00-09:00 X": .*zone X; write/);
  });

  test('were on right before they were over, and at no time since', () => {
    const clock = (minutes: number) =>
      [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
    const windows = fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1440 }),
      )
      .filter(([, from, until]) => from !== until)
      .map(([days, from, until]) => `${days.join(',')} ${clock(from)}-${clock(until)}`);
    const ahead = fc.integer({ min: -12 * 60, max: 14 * 60 });
    // By an hour, half an hour or two, to and fro.
    const change = fc.record({
      minute: fc.integer({ min: 0, max: 14 * 1440 }),
      by: fc.constantFrom(0, 30, 60, -60, -120),
    });
    const minutes = fc.integer({ min: 0, max: 14 * 1440 });
    const texts = fc.array(windows, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(texts, ahead, change, minutes, (written, offset, { minute, by }, nowMinute) => {
        const hours = read(written.join('; '));
        const now = MONDAY + nowMinute * MINUTE_MS;
        const changedAt = MONDAY + minute * MINUTE_MS;
        const clocks: readonly ClockSpan[] = [
          { startsAt: -Infinity, endsAt: changedAt, offsetMs: offset * MINUTE_MS },
          { startsAt: changedAt, endsAt: Infinity, offsetMs: (offset + by) * MINUTE_MS },
        ];
        const isOn = (instant: number) =>
          hours.windows.some((window) => isWithin(window, clockTimeAt(instant, offsetAt(clocks, instant))));
        // What clocks show twice can't be told apart.
        fc.pre(by >= 0 || now < changedAt || now >= changedAt - by * MINUTE_MS);
        const since = outsideSince(hours, now, clocks);
        expect(since === undefined).toBe(isOn(now));
        if (since === undefined) return;
        expect(isOn(since - 1) || since === changedAt).toBe(true);
        for (let instant = since; instant <= now; instant += 15 * MINUTE_MS) expect(isOn(instant)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
