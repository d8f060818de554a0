import { describe, expect, test } from '@jest/globals';
import { ElectricityMapsStandIn } from '../../../hack/stand-ins/electricity-maps.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { ElectricityMapsPriceSource } from '../../../operator/adapters/price/electricity-maps/source.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import type { PriceQuery } from '../../../operator/ports/price.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { priceSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T06:20:00Z');
const HOUR = Date.parse('2026-11-23T06:00:00Z');
const KEY = 'of-the-test-4711';
const NEVER = new AbortController().signal;
const known: PriceQuery = { zone: 'SE-SE3', interval: { startsAt: HOUR, endsAt: HOUR + 4 * HOUR_MS } };

type StandInOptions = ConstructorParameters<typeof ElectricityMapsStandIn>[0];

async function provider(overrides: Partial<StandInOptions> = {}, settings: { readonly key?: string } = {}) {
  const standIn = await new ElectricityMapsStandIn({
    key: KEY,
    zones: ['SE-SE3', 'DE'],
    figures: () => 20,
    // EUR/MWh: 10 more by the hour, and 200 less from 12:00 to 14:00.
    prices: (_, at) => {
      const hour = new Date(at).getUTCHours();
      return 10 * hour - (hour === 12 || hour === 13 ? 200 : 0);
    },
    now: () => NOW,
    ...overrides,
  }).start();
  const http = new AxiosClient({ clock: new FakeClock(NOW) });
  const key = { read: () => Promise.resolve(settings.key ?? KEY) };
  const source = new ElectricityMapsPriceSource({ http, key, baseUrl: `${standIn.url}/v4` });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

priceSourceContract('electricity-maps', async () => ({
  ...(await provider()),
  known,
  unknownZone: 'XX-NOWHERE',
  uncovered: { startsAt: HOUR + 30 * HOUR_MS, endsAt: HOUR + 48 * HOUR_MS },
  truth: { currency: 'EUR', basis: 'Market', perKilowattHour: [0.06, 0.07, 0.08, 0.09] },
  negative: { startsAt: HOUR + 6 * HOUR_MS, endsAt: HOUR + 8 * HOUR_MS },
}));

interface Rows {
  readonly data: Record<string, unknown>[];
}
const withRows = (change: (k: number) => Record<string, unknown>) =>
  changed<Rows>(({ data, ...rest }) => ({ ...rest, data: data.map((row, k) => ({ ...row, ...change(k) })) }));

providerFaultsContract(
  'electricity-maps prices',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [KEY], ask: async (abort) => (await source.prices(known, abort)).samples };
  },
  {
    'a key that it does not take': {
      fault: { status: 401, body: { error: 'Invalid auth-token' } },
      code: 'Unauthorised',
      says: /Invalid auth-token.*Secret/,
    },
    'a plan that has not the zone': {
      fault: {
        status: 401,
        body: {
          error: 'Request unauthorized for zoneKey=SE-SE3,requestType=combined,dataType=price-day-ahead.',
          message: 'You do not have access to this specific endpoint for this specific zone.',
        },
      },
      code: 'NotEntitled',
      says: /plan.*day-ahead prices of zone SE-SE3/,
    },
    'a reply for another zone': {
      fault: changed<object>((body) => ({ ...body, zone: 'FR' })),
      code: 'Malformed',
      says: 'zone FR, zone SE-SE3 was asked for',
    },
    'figures that are null': { fault: withRows((k) => (k === 1 ? { value: null } : {})), rows: 3 },
  },
);

describe('electricity-maps prices', () => {
  const opened = closedAfterEach(provider);

  test('are asked for with the key, and never for the caller’s place', async () => {
    const { standIn, source } = await opened();
    await source.prices(known, NEVER);
    const { path, query, headers } = standIn.requests.at(-1)!;
    expect(path).toBe('/v4/price-day-ahead/combined');
    expect(query.get('zone')).toBe('SE-SE3');
    expect(query.get('disableCallerLookup')).toBe('true');
    expect(headers['auth-token']).toBe(KEY);
  });

  test('of a sandbox key are made up, and not used', async () => {
    const { standIn, source } = await opened({ sandbox: true });
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    await expect(source.prices(known, NEVER)).rejects.toThrow('made-up prices are not used');

    const unsaid = await opened();
    unsaid.standIn.failNext(withRows((k) => (k === 2 ? { estimationMethod: 'SANDBOX_MODE_DATA' } : {})));
    await expect(unsaid.source.prices(known, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    expect(standIn.requests).toHaveLength(2);
  });

  test('with a disclaimer about licences are prices', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(changed<object>((body) => ({ ...body, _disclaimer: 'Data licensed for academic use only.' })));
    expect((await source.prices(known, NEVER)).samples).toHaveLength(4);
  });

  test('in another currency have that currency', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(withRows(() => ({ unit: 'AUD/MWh' })));
    const { currency, samples } = await source.prices(known, NEVER);
    expect(currency).toBe('AUD');
    expect(samples[0]?.perKilowattHour).toBeCloseTo(0.06, 9);
  });

  test.each([
    ['several currencies', withRows((k) => (k === 3 ? { unit: 'SEK/MWh' } : {})), 'EUR/MWh, SEK/MWh'],
    ['a unit that is no currency per MWh', withRows(() => ({ unit: 'EUR/kWh' })), 'EUR/kWh'],
    ['a row of another zone', withRows((k) => (k === 3 ? { zone: 'SE-SE4' } : {})), 'SE-SE4'],
    [
      'rows that hold for less than an hour',
      changed<object>((body) => ({ ...body, temporalGranularity: '15_minutes' })),
      '15_minutes',
    ],
  ])('with %s are not read', async (_, fault, says) => {
    const { standIn, source } = await opened();
    standIn.failAlways(fault);
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Malformed' });
    await expect(source.prices(known, NEVER)).rejects.toThrow(says);
  });

  test('that no exchange has published yet are the provider’s forecast, and marked as estimated', async () => {
    const { standIn, source } = await opened();
    const sources = ['nordpool.com', 'electricitymaps.com', null, 'nordpool.com'];
    standIn.failNext(withRows((k) => ({ source: sources[k] ?? '', isEstimated: k === 3 })));
    const { samples } = await source.prices(known, NEVER);
    expect(samples.map(({ estimated }) => estimated)).toEqual([false, true, true, true]);
  });

  test('with a key that is wrong are told from a plan that lacks a zone', async () => {
    const wrongKey = await opened({}, { key: 'of-yesterday' });
    await expect(wrongKey.source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Unauthorised' });
    const smallPlan = await opened({ entitled: ['DE'] });
    await expect(smallPlan.source.prices(known, NEVER)).rejects.toMatchObject({ code: 'NotEntitled' });
    expect((await smallPlan.source.prices({ ...known, zone: 'DE' }, NEVER)).zone).toBe('DE');
  });

  test('of a zone that has none are no data', async () => {
    const { source } = await opened({ prices: () => undefined });
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'NoData' });
  });
});
