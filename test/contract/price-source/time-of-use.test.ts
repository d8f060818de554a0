import { describe, expect, test } from '@jest/globals';
import { TimeOfUseSource } from '../../../operator/adapters/price/time-of-use/source.ts';
import { priceSourceContract } from './contract.ts';

const NEVER = new AbortController().signal;

/** Night from 22:00 to 06:00, a peak on working days, and paid consumption at noon on Sundays. */
const source = new TimeOfUseSource({
  zones: {
    DE: {
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
      otherwisePerKWh: 0.3,
      windows: [
        { days: ['Sun'], from: '12:00', until: '14:00', perKWh: -0.02 },
        { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'], from: '17:00', until: '20:00', perKWh: 0.45 },
        { from: '22:00', until: '06:00', perKWh: 0.18 },
      ],
    },
  },
});

priceSourceContract('time-of-use', () =>
  Promise.resolve({
    source,
    known: {
      zone: 'DE',
      // A Monday, from 14:20 to 07:10 by the clocks of Berlin.
      interval: { startsAt: Date.parse('2026-11-23T13:20:00Z'), endsAt: Date.parse('2026-11-24T06:10:00Z') },
    },
    unknownZone: 'FR',
    uncovered: { knowsAllTimeBecause: 'the hours of a contract come back every week' },
    truth: { currency: 'EUR', basis: 'Tariff', perKilowattHour: [0.3, 0.45, 0.3, 0.18, 0.3] },
    negative: { startsAt: Date.parse('2026-11-22T11:00:00Z'), endsAt: Date.parse('2026-11-22T13:00:00Z') },
  }),
);

describe('time-of-use', () => {
  /** The stretches of a day in UTC, with the price of each. */
  async function stretches(tariff: TimeOfUseSource, from: string, until: string) {
    const interval = { startsAt: Date.parse(from), endsAt: Date.parse(until) };
    const { samples } = await tariff.prices({ zone: 'DE', interval }, NEVER);
    return samples.map(({ startsAt, endsAt, perKilowattHour }) => [
      new Date(startsAt).toISOString().slice(11, 16),
      new Date(endsAt).toISOString().slice(11, 16),
      perKilowattHour,
    ]);
  }
  const withWindow = (from: string, until: string, days?: readonly ['Sat']) =>
    new TimeOfUseSource({
      zones: {
        DE: {
          currency: 'EUR',
          timeZone: 'Europe/Berlin',
          otherwisePerKWh: 1,
          windows: [{ from, until, perKWh: 2, ...(days === undefined ? {} : { days }) }],
        },
      },
    });

  test('a window has an hour less on the day on which 02:00 to 03:00 is missing', async () => {
    expect(await stretches(withWindow('01:00', '05:00'), '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toEqual([
      ['23:00', '00:00', 1],
      ['00:00', '03:00', 2],
      ['03:00', '22:00', 1],
    ]);
  });

  test('a window has an hour more on the day on which 02:00 to 03:00 comes twice', async () => {
    expect(await stretches(withWindow('01:00', '05:00'), '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z')).toEqual([
      ['22:00', '23:00', 1],
      ['23:00', '04:00', 2],
      ['04:00', '23:00', 1],
    ]);
  });

  test('a window within the missing hour does not come, and one within the repeated hour comes twice', async () => {
    const source = withWindow('02:15', '02:45');
    expect(await stretches(source, '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z')).toEqual([['23:00', '22:00', 1]]);
    expect(await stretches(source, '2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z')).toEqual([
      ['23:00', '00:15', 1],
      ['00:15', '00:45', 2],
      ['00:45', '01:15', 1],
      ['01:15', '01:45', 2],
      ['01:45', '03:00', 1],
    ]);
  });

  test('a window across midnight belongs to the day on which it begins', async () => {
    // Saturday, 21 November, and not Friday night into Saturday.
    expect(
      await stretches(withWindow('22:00', '06:00', ['Sat']), '2026-11-20T12:00:00Z', '2026-11-23T12:00:00Z'),
    ).toEqual([
      ['12:00', '21:00', 1],
      ['21:00', '05:00', 2],
      ['05:00', '12:00', 1],
    ]);
  });

  test('of two windows that apply the first one holds', async () => {
    const tariff = new TimeOfUseSource({
      zones: {
        DE: {
          currency: 'EUR',
          timeZone: 'UTC',
          otherwisePerKWh: 1,
          windows: [
            { from: '10:00', until: '11:00', perKWh: 3 },
            { from: '09:00', until: '12:00', perKWh: 2 },
          ],
        },
      },
    });
    expect(await stretches(tariff, '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z')).toEqual([
      ['00:00', '09:00', 1],
      ['09:00', '10:00', 2],
      ['10:00', '11:00', 3],
      ['11:00', '12:00', 2],
      ['12:00', '00:00', 1],
    ]);
  });
});
