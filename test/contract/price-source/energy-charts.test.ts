import { describe, expect, test } from '@jest/globals';
import { EnergyChartsStandIn, type EnergyChartsOptions } from '../../../hack/stand-ins/energy-charts.ts';
import { EnergyChartsPriceSource } from '../../../operator/adapters/price/energy-charts/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { PriceQuery } from '../../../operator/ports/price.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { priceSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T10:20:00Z');
const QUARTER_MS = 15 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Of the market day, in central Europe. */
const TODAY = Date.parse('2026-11-22T23:00:00Z');
const TOMORROW = TODAY + DAY_MS;
const NEVER = new AbortController().signal;

const known: PriceQuery = { zone: 'DE', interval: { startsAt: NOW, endsAt: NOW + HOUR_MS } };
const todayAndTomorrow: PriceQuery = { zone: 'DE', interval: { startsAt: NOW, endsAt: TOMORROW + DAY_MS } };
/** From noon to one, UTC, the market pays. */
const negative = { startsAt: TODAY + 13 * HOUR_MS, endsAt: TODAY + 14 * HOUR_MS };

function eurosPerMegawattHour(biddingZone: string, at: number): number {
  if (at >= negative.startsAt && at < negative.endsAt) return -12.5;
  return (biddingZone === 'DE-LU' ? 100 : 30) + Math.abs((at - TODAY) / QUARTER_MS);
}

async function provider(
  overrides: Partial<EnergyChartsOptions> = {},
  settings: { now?: number; biddingZones?: Record<string, string> } = {},
) {
  const { now = NOW, biddingZones = {} } = settings;
  const standIn = await new EnergyChartsStandIn({
    biddingZones: ['DE-LU', 'DK1', 'CH'],
    figures: () => undefined,
    prices: eurosPerMegawattHour,
    now: () => now,
    ...overrides,
  }).start();
  const clock = new FakeClock(now);
  const http = new AxiosClient({ clock });
  const source = new EnergyChartsPriceSource({ http, clock, baseUrl: standIn.url, biddingZones });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

priceSourceContract('energy-charts', async () => ({
  ...(await provider()),
  known,
  unknownZone: 'XX-NOWHERE',
  uncovered: { startsAt: TOMORROW, endsAt: TOMORROW + DAY_MS },
  truth: { currency: 'EUR', basis: 'Market', perKilowattHour: [0.145, 0.146, 0.147, 0.148, 0.149] },
  negative,
}));

interface Reply {
  readonly unix_seconds: number[];
  readonly price: (number | null)[];
}

/** The reply without the price of the row that begins then. */
const silentAt = (instant: number) =>
  changed<Reply>(({ unix_seconds, price, ...rest }) => ({
    ...rest,
    unix_seconds,
    price: price.map((figure, k) => (unix_seconds[k] === instant / 1_000 ? null : figure)),
  }));

const QUARTER_TO_ELEVEN = Date.parse('2026-11-23T10:45:00Z');

providerFaultsContract(
  'energy-charts prices',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [], ask: async (abort) => (await source.prices(known, abort)).samples };
  },
  {
    'a key that it does not take': { impossibleBecause: 'it takes no key' },
    'a plan that has not the zone': { impossibleBecause: 'it has no plans' },
    'a reply for another zone': { impossibleBecause: 'its replies name no bidding zone' },
    'figures that are null': { fault: silentAt(QUARTER_TO_ELEVEN), rows: 4 },
  },
);

describe('energy-charts prices', () => {
  const opened = closedAfterEach(provider);

  test('is asked for today and tomorrow at once', async () => {
    const { standIn, source } = await opened({ publishedUntil: () => TOMORROW + DAY_MS });
    const { samples } = await source.prices(todayAndTomorrow, NEVER);
    expect(samples.at(-1)?.endsAt).toBe(TOMORROW + DAY_MS);
    expect(standIn.requests.map(({ query }) => Object.fromEntries(query))).toEqual([
      { bzn: 'DE-LU', start: String(TODAY / 1_000), end: String((TOMORROW + DAY_MS) / 1_000 - 1) },
    ]);
  });

  test('gives today while tomorrow is not published, and tomorrow as soon as it is', async () => {
    let publishedUntil = TOMORROW;
    const { standIn, source } = await opened({ publishedUntil: () => publishedUntil });
    expect((await source.prices(todayAndTomorrow, NEVER)).samples.at(-1)?.endsAt).toBe(TOMORROW);
    publishedUntil = TOMORROW + DAY_MS;
    expect((await source.prices(todayAndTomorrow, NEVER)).samples.at(-1)?.endsAt).toBe(TOMORROW + DAY_MS);
    expect(standIn.requests).toHaveLength(2);
  });

  test('gives today as well where the provider refuses both for the sake of tomorrow, for one more question', async () => {
    let publishedUntil = TOMORROW;
    const { standIn, source } = await opened({ wholeOrNothing: true, publishedUntil: () => publishedUntil });
    const { samples } = await source.prices(todayAndTomorrow, NEVER);
    expect(samples[0]?.startsAt).toBe(NOW);
    expect(samples.at(-1)?.endsAt).toBe(TOMORROW);
    expect(standIn.requests).toHaveLength(2);
    publishedUntil = TOMORROW + DAY_MS;
    expect((await source.prices(todayAndTomorrow, NEVER)).samples.at(-1)?.endsAt).toBe(TOMORROW + DAY_MS);
    expect(standIn.requests).toHaveLength(3);
  });

  test('says that tomorrow is not published yet, where only that is asked for', async () => {
    const { standIn, source } = await opened();
    const tomorrow = { zone: 'DE', interval: { startsAt: TOMORROW, endsAt: TOMORROW + HOUR_MS } };
    await expect(source.prices(tomorrow, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    await expect(source.prices(tomorrow, NEVER)).rejects.toThrow(/DE-LU from 2026-11-23T23:00.*not published yet/);
    expect(standIn.requests).toHaveLength(2);
  });

  test('is not asked for days that no auction has been held for', async () => {
    const { standIn, source } = await opened({ publishedUntil: () => TOMORROW + DAY_MS });
    const later = { zone: 'DE', interval: { startsAt: TOMORROW + DAY_MS, endsAt: TOMORROW + 3 * DAY_MS } };
    await expect(source.prices(later, NEVER)).rejects.toThrow('not published yet');
    expect(standIn.requests).toHaveLength(0);
    await source.prices({ zone: 'DE', interval: { startsAt: NOW, endsAt: TOMORROW + 3 * DAY_MS } }, NEVER);
    expect(standIn.requests.at(-1)?.query.get('end')).toBe(String((TOMORROW + DAY_MS) / 1_000 - 1));
  });

  test('does not call a past without prices one that is to come', async () => {
    const { source } = await opened({ publishedUntil: () => TODAY - 10 * DAY_MS });
    const past = { zone: 'DE', interval: { startsAt: TODAY - 2 * DAY_MS, endsAt: TODAY } };
    await expect(source.prices(past, NEVER)).rejects.toThrow('none is published');
  });

  test.each([
    ['a day of 23 hours has 92 quarters', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', 92],
    ['a day of 24 hours has 96 quarters', '2026-03-29T22:00:00Z', '2026-03-30T22:00:00Z', 96],
    ['a day of 25 hours has 100 quarters', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', 100],
  ])('%s', async (_, from, until, quarters) => {
    const interval = { startsAt: Date.parse(from), endsAt: Date.parse(until) };
    const { standIn, source } = await opened({}, { now: interval.startsAt + 12 * HOUR_MS });
    const { samples } = await source.prices({ zone: 'DE', interval }, NEVER);
    expect(samples).toHaveLength(quarters);
    expect(samples[0]?.startsAt).toBe(interval.startsAt);
    expect(samples.at(-1)?.endsAt).toBe(interval.endsAt);
    expect(standIn.requests).toHaveLength(1);
  });

  test('a price that is null is a gap, and the one before does not hold for it', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(silentAt(QUARTER_TO_ELEVEN));
    const { samples } = await source.prices(known, NEVER);
    expect(samples.map(({ endsAt }) => endsAt)).toContain(QUARTER_TO_ELEVEN);
    expect(samples.map(({ startsAt }) => startsAt)).not.toContain(QUARTER_TO_ELEVEN);
  });

  test('prices of an hour count for hours, as Swiss ones do', async () => {
    const { source } = await opened({ rowMs: HOUR_MS });
    const { samples } = await source.prices({ ...known, zone: 'CH' }, NEVER);
    expect(samples.map(({ startsAt, endsAt }) => (endsAt - startsAt) / MINUTE_MS)).toEqual([40, 20]);
  });

  test.each([
    ['prices in another unit', changed<object>((reply) => ({ ...reply, unit: 'No Unit' })), /unit .*"No Unit"/],
    [
      'lists of unequal length',
      changed<Reply>((reply) => ({ ...reply, price: reply.price.slice(1) })),
      '96 times, 95 prices',
    ],
  ])('%s are refused', async (_, fault, says) => {
    const { standIn, source } = await opened();
    standIn.failAlways(fault);
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Malformed' });
    await expect(source.prices(known, NEVER)).rejects.toThrow(says);
  });

  test('zones have the bidding zones that are built in, and others by configuration', async () => {
    const { standIn, source } = await opened({}, { biddingZones: { 'site-zug': 'CH', DE: 'DK1' } });
    for (const [zone, biddingZone] of [
      ['DK-DK1', 'DK1'],
      ['site-zug', 'CH'],
      ['DE', 'DK1'],
    ] as const) {
      expect((await source.prices({ ...known, zone }, NEVER)).zone).toBe(zone);
      expect(standIn.requests.at(-1)?.query.get('bzn')).toBe(biddingZone);
    }
    await expect(source.prices({ ...known, zone: 'constructor' }, NEVER)).rejects.toThrow(/`biddingZones`/);
  });

  test('a burst is refused, and with the time to wait', async () => {
    const { source } = await opened({ burst: { requests: 2, withinMs: MINUTE_MS } });
    await source.prices(known, NEVER);
    await source.prices(known, NEVER);
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'QuotaExceeded', retryAfterMs: MINUTE_MS });
  });
});
