import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sampleAt } from '../../../domain/samples.ts';
import { HOUR_MS } from '../../../domain/units.ts';
import { DAYS, type Day } from '../../../domain/weekly-hours/weekly-window.ts';
import { MAX_DAYS_AN_ANSWER, TimeOfUseSource } from './source.ts';
import type { TimeOfUseTariff, TimeOfUseWindow } from './tariff.ts';

const NEVER = new AbortController().signal;
const DAY_MS = 24 * HOUR_MS;

const tariff: TimeOfUseTariff = {
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  otherwisePerKWh: 0.3,
  windows: [{ days: ['Mon'], from: '22:00', until: '06:00', perKWh: 0.2 }],
};

async function pricesOf(written: TimeOfUseTariff, startsAt: number, endsAt: number) {
  const source = new TimeOfUseSource({ zones: { XX: written } });
  return (await source.prices({ zone: 'XX', interval: { startsAt, endsAt } }, NEVER)).samples;
}

/** What the clocks of a place show at one instant, asked of the platform; compared as texts. */
function naivePrice(written: TimeOfUseTariff, instant: number): number {
  const { timeZone, windows, otherwisePerKWh } = written;
  const format = { timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const parts = new Intl.DateTimeFormat('en-US', format).formatToParts(instant);
  const part = (type: string): string => parts.find((each) => each.type === type)?.value ?? '';
  const today = part('weekday') as Day;
  const yesterday = DAYS.at(DAYS.indexOf(today) - 1)!;
  const time = `${part('hour')}:${part('minute')}`;
  const applies = ({ days = DAYS, from, until }: TimeOfUseWindow): boolean =>
    from < until
      ? days.includes(today) && from <= time && time < until
      : (days.includes(today) && from <= time) || (days.includes(yesterday) && time < until);
  return windows.find(applies)?.perKWh ?? otherwisePerKWh;
}

const timeZones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  // Half an hour of summer time, a quarter of an hour off, clocks that are changed at midnight.
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Africa/Cairo',
  // Winter time in Ramadan, a day that was left out in 2011, an offset with seconds until 1972.
  'Africa/Casablanca',
  'Pacific/Apia',
  'Africa/Monrovia',
);
const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 });
const time = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
const windows = fc
  .record({
    days: fc.option(fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }), { nil: undefined }),
    from: minutes.map(time),
    until: fc.oneof(minutes.map(time), fc.constant('24:00')),
    perKWh: fc.integer({ min: -2, max: 2 }),
  })
  .filter(({ from, until }) => from !== until)
  .map(({ days, ...rest }): TimeOfUseWindow => ({ ...rest, ...(days === undefined ? {} : { days }) }));
const tariffs = fc.record({
  currency: fc.constant('EUR'),
  timeZone: timeZones,
  otherwisePerKWh: fc.integer({ min: -2, max: 2 }),
  windows: fc.array(windows, { maxLength: 4 }),
});
/** Any time at all, or about the days on which clocks are changed. */
const instants = fc.oneof(
  fc.integer({ min: 0, max: Date.UTC(2099, 0, 1) }),
  fc
    .tuple(
      fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-04-24', '2011-12-30'),
      fc.integer({ min: -DAY_MS, max: 2 * DAY_MS }),
    )
    .map(([day, around]) => Date.parse(day) + around),
);

describe('prices by time of use', () => {
  test('are at every instant what the clocks of the place say', async () => {
    const within = fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), {
      minLength: 8,
      maxLength: 8,
    });
    const lengths = fc.integer({ min: 1, max: 10 * DAY_MS });
    await fc.assert(
      fc.asyncProperty(tariffs, instants, lengths, within, async (written, startsAt, length, shares) => {
        const samples = await pricesOf(written, startsAt, startsAt + length);
        for (const share of shares) {
          const instant = startsAt + Math.floor(share * length);
          expect(sampleAt(samples, instant)?.perKilowattHour).toBe(naivePrice(written, instant));
        }
        // And on both sides of every edge.
        for (const { startsAt: from, endsAt, perKilowattHour } of samples.slice(0, 20)) {
          expect([naivePrice(written, from), naivePrice(written, endsAt - 1)]).toEqual([
            perKilowattHour,
            perKilowattHour,
          ]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('are in stretches without gap, each as long as it goes', async () => {
    await fc.assert(
      fc.asyncProperty(
        tariffs,
        instants,
        fc.integer({ min: 1, max: 40 * DAY_MS }),
        async (written, startsAt, length) => {
          const samples = await pricesOf(written, startsAt, startsAt + length);
          expect(samples[0]?.startsAt).toBe(startsAt);
          expect(samples.at(-1)?.endsAt).toBe(startsAt + length);
          for (const [k, { endsAt, perKilowattHour }] of samples.slice(0, -1).entries()) {
            expect(samples[k + 1]?.startsAt).toBe(endsAt);
            expect(samples[k + 1]?.perKilowattHour).not.toBe(perKilowattHour);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('are told for so many days and no more, however much is asked for', async () => {
    const startsAt = Date.UTC(2026, 0, 1);
    const samples = await pricesOf(tariff, startsAt, startsAt + 10_000 * DAY_MS);
    expect(samples.at(-1)?.endsAt).toBe(startsAt + MAX_DAYS_AN_ANSWER * DAY_MS);
    // A night in every week, and what is between.
    expect(samples.length).toBeLessThan(2 * (MAX_DAYS_AN_ANSWER / 7) + 3);
  });

  test('of no time at all are none', async () => {
    await expect(pricesOf(tariff, 5, 5)).rejects.toMatchObject({ code: 'NoData' });
  });

  test('of a zone without a tariff are unknown, and those with one are named', async () => {
    const source = new TimeOfUseSource({ zones: { DE: tariff, AT: tariff } });
    const refusal = source.prices({ zone: 'toString', interval: { startsAt: 0, endsAt: 1 } }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(refusal).rejects.toThrow('DE, AT');
  });
});

describe('a tariff by time of use is refused', () => {
  const [window] = tariff.windows as readonly [TimeOfUseWindow];
  const withWindow = (change: object) => ({ ...tariff, windows: [window, { ...window, ...change }] as const });

  test.each<[string, TimeOfUseTariff, RegExp]>([
    ['a currency that is none', { ...tariff, currency: 'euro' }, /currency: "euro" .*ISO 4217/],
    [
      'a time zone that nobody knows',
      { ...tariff, timeZone: 'Europe/Atlantis' },
      /timeZone: "Europe\/Atlantis" .*IANA/,
    ],
    ['a price that is none', { ...tariff, otherwisePerKWh: NaN }, /otherwisePerKWh: NaN .*per kWh/],
    ['a price of a window that is none', withWindow({ perKWh: Infinity }), /windows\[1\]\.perKWh: Infinity/],
    ['an hour that no clock shows', withWindow({ from: '24:00' }), /windows\[1\]\.from: "24:00" .*HH:MM.*23:59/],
    ['a minute that no clock shows', withWindow({ until: '05:60' }), /windows\[1\]\.until: "05:60" .*HH:MM.*24:00/],
    ['an hour of one figure', withWindow({ from: '6:00' }), /windows\[1\]\.from: "6:00"/],
    ['a window of no length', withWindow({ from: '06:00' }), /windows\[1\]\.until: "06:00" .*24:00/],
    ['a day that is none', withWindow({ days: ['Mon', 'Holiday'] }), /windows\[1\]\.days: "Holiday" .*Sun, Mon/],
    ['no days', withWindow({ days: [] }), /windows\[1\]\.days: \[\] .*every day/],
  ])('with %s: field, value and remedy are named', (_, written, says) => {
    const make = () => new TimeOfUseSource({ zones: { DE: written } });
    expect(make).toThrow(RangeError);
    expect(make).toThrow(says);
    expect(make).toThrow('zones.DE.');
  });

  test('unless it is sound; negative prices are', () => {
    expect(() => new TimeOfUseSource({ zones: { DE: withWindow({ perKWh: -1 }) } })).not.toThrow();
  });
});
