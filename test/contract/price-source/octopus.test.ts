import { describe, expect, test } from '@jest/globals';
import { OctopusStandIn, type OctopusOptions, type OctopusRate } from '../../../hack/stand-ins/octopus.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { OctopusSource } from '../../../operator/adapters/price/octopus/source.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { PriceQuery } from '../../../operator/ports/price.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { priceSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T10:10:00Z');
const START = Date.parse('2026-11-23T10:00:00Z');
/** Rates of Agile are published until 23:00 of the day after they are, which is today in the morning. */
const PUBLISHED_UNTIL = Date.parse('2026-11-23T23:00:00Z');
const PRODUCT = 'AGILE-24-10-01';
const NEVER = new AbortController().signal;
const known: PriceQuery = { zone: 'GB', interval: { startsAt: START, endsAt: START + 2 * HOUR_MS } };

async function provider(
  overrides: Partial<OctopusOptions> = {},
  settings: { readonly includeVat?: boolean; readonly product?: string; readonly region?: 'C' | 'P' } = {},
) {
  const standIn = await new OctopusStandIn({
    product: PRODUCT,
    // Pence without tax: 20 in region C and 10 in others, more by the half-hour; 25 less at 13:00 and 13:30.
    figures: (region, at) => {
      if (at >= PUBLISHED_UNTIL) return undefined;
      const halfHours = (at - START) / (30 * MINUTE_MS);
      return (region === 'C' ? 20 : 10) + halfHours / 10 - (halfHours === 6 || halfHours === 7 ? 25 : 0);
    },
    now: () => NOW,
    ...overrides,
  }).start();
  const http = new AxiosClient({ clock: new FakeClock(NOW) });
  const { includeVat = true, product = PRODUCT, region = 'C' } = settings;
  const source = new OctopusSource({ http, baseUrl: standIn.url, product, region, includeVat });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

priceSourceContract('octopus', async () => ({
  ...(await provider()),
  known,
  unknownZone: 'FR',
  uncovered: { startsAt: PUBLISHED_UNTIL, endsAt: PUBLISHED_UNTIL + 24 * HOUR_MS },
  truth: { currency: 'GBP', basis: 'Tariff', perKilowattHour: [0.21, 0.21105, 0.2121, 0.21315] },
  negative: { startsAt: START + 3 * HOUR_MS, endsAt: START + 4 * HOUR_MS },
}));

interface Page {
  readonly next: string | null;
  readonly results: Record<string, unknown>[];
}
const withFirstRate = (change: Record<string, unknown>) =>
  changed<Page>(({ results, ...rest }) => ({
    ...rest,
    results: results.map((rate, k) => (k === 0 ? { ...rate, ...change } : rate)),
  }));
const withNext = (next: string) => changed<Page>((body) => ({ ...body, next }));

providerFaultsContract(
  'octopus',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [], ask: async (abort) => (await source.prices(known, abort)).samples };
  },
  {
    'a key that it does not take': { impossibleBecause: 'unit rates need no key' },
    'a plan that has not the zone': { impossibleBecause: 'unit rates are public' },
    'a reply for another zone': { impossibleBecause: 'its rates do not say where they hold: the address asked does' },
    'figures that are null': { fault: withFirstRate({ value_exc_vat: null, value_inc_vat: null }), rows: 3 },
  },
);

describe('octopus', () => {
  const opened = closedAfterEach(provider);
  const pounds = async (...args: Parameters<typeof provider>) => {
    const { source } = await opened(...args);
    return (await source.prices(known, NEVER)).samples.map(({ perKilowattHour }) => perKilowattHour);
  };
  const rate = (pence: number, change: Partial<OctopusRate> = {}): OctopusRate => ({
    value_exc_vat: pence,
    value_inc_vat: pence * 2,
    valid_from: '2026-10-01T00:00:00+01:00',
    valid_to: null,
    payment_method: null,
    ...change,
  });

  test('is asked for the tariff of one register of its product and region', async () => {
    const { standIn, source } = await opened({}, { region: 'P' });
    await source.prices({ ...known, interval: { startsAt: NOW + 1, endsAt: NOW + HOUR_MS + 1 } }, NEVER);
    const { path, query } = standIn.requests.at(-1)!;
    expect(path).toBe(`/v1/products/${PRODUCT}/electricity-tariffs/E-1R-${PRODUCT}-P/standard-unit-rates/`);
    expect(query.get('period_from')).toBe('2026-11-23T10:10:00Z');
    expect(query.get('period_to')).toBe('2026-11-23T11:10:01Z');
  });

  test('tells prices with value added tax or without it', async () => {
    expect((await pounds({}, { includeVat: false }))[0]).toBeCloseTo(0.2, 9);
    expect((await pounds({}, { includeVat: true }))[0]).toBeCloseTo(0.21, 9);
  });

  test('serves zones within Great Britain, but not Northern Ireland, which has another market', async () => {
    const { source } = await opened();
    expect((await source.prices({ ...known, zone: 'GB-ORK' }, NEVER)).zone).toBe('GB-ORK');
    for (const zone of ['GB-NIR', 'GBX', 'IE']) {
      await expect(source.prices({ ...known, zone }, NEVER)).rejects.toMatchObject({ code: 'ZoneUnknown' });
    }
  });

  test('a product or a region that the provider has not is told apart from rates that are not published', async () => {
    const { source } = await opened({}, { product: 'AGILE-1' });
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(source.prices(known, NEVER)).rejects.toThrow(/E-1R-AGILE-1-C.*product and region/);
  });

  test('tomorrow that is not published yet: today alone', async () => {
    const { source } = await opened();
    const interval = { startsAt: PUBLISHED_UNTIL - HOUR_MS, endsAt: PUBLISHED_UNTIL + 12 * HOUR_MS };
    const { samples } = await source.prices({ zone: 'GB', interval }, NEVER);
    expect(samples).toHaveLength(2);
    expect(samples.at(-1)?.endsAt).toBe(PUBLISHED_UNTIL);
  });

  test('a rate without an end holds until the end of the question, and from its beginning', async () => {
    const { source } = await opened({ fixed: [rate(12)] });
    const { samples } = await source.prices(known, NEVER);
    expect(samples).toEqual([{ ...known.interval, perKilowattHour: 0.24, estimated: false }]);
    const early = { startsAt: Date.parse('2026-09-30T22:00:00Z'), endsAt: Date.parse('2026-10-01T00:00:00Z') };
    const [first] = (await source.prices({ zone: 'GB', interval: early }, NEVER)).samples;
    expect(first?.startsAt).toBe(Date.parse('2026-09-30T23:00:00Z'));
  });

  test('a rate without an end is ended by a later one', async () => {
    const from = new Date(START + HOUR_MS).toISOString();
    expect(await pounds({ fixed: [rate(30, { valid_from: from }), rate(12)] })).toEqual([0.24, 0.6]);
  });

  test('a rate that has always held has no beginning', async () => {
    const { standIn, source } = await opened({ fixed: [rate(12)] });
    standIn.failNext(withFirstRate({ valid_from: null }));
    expect((await source.prices(known, NEVER)).samples[0]?.startsAt).toBe(START);
  });

  test.each([
    ['first', [rate(10, { payment_method: 'DIRECT_DEBIT' }), rate(11, { payment_method: 'NON_DIRECT_DEBIT' })]],
    ['last', [rate(11, { payment_method: 'NON_DIRECT_DEBIT' }), rate(10, { payment_method: 'DIRECT_DEBIT' })]],
    ['before one for everybody', [rate(10, { payment_method: 'DIRECT_DEBIT' }), rate(11)]],
  ])('of two rates for the same time that of direct debit holds, also where it comes %s', async (_, fixed) => {
    expect(await pounds({ fixed })).toEqual([0.2]);
  });

  test('rates for other methods of payment alone are none', async () => {
    const { source } = await opened({ fixed: [rate(11, { payment_method: 'NON_DIRECT_DEBIT' })] });
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    await expect(source.prices(known, NEVER)).rejects.toThrow('none that is paid by direct debit');
  });

  test('rates on several pages are put together', async () => {
    const { standIn, source } = await opened({ maxPageSize: 3 });
    const interval = { startsAt: START, endsAt: START + 5 * HOUR_MS };
    const { samples } = await source.prices({ zone: 'GB', interval }, NEVER);
    expect(standIn.requests.map(({ query }) => query.get('page'))).toEqual([null, '2', '3', '4']);
    expect(samples).toHaveLength(10);
    expect(samples.map(({ startsAt }) => startsAt)).toEqual(
      Array.from({ length: 10 }, (_, k) => START + k * 30 * MINUTE_MS),
    );
  });

  test('a next page elsewhere is refused, and not asked for', async () => {
    const { standIn, source } = await opened();
    const elsewhere = await opened();
    for (const next of [elsewhere.standIn.url, standIn.url.replace('http:', 'https:'), '/relative', 'nonsense']) {
      standIn.failNext(withNext(next));
      const refusal = source.prices(known, NEVER);
      await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
      await expect(refusal).rejects.toThrow(next);
    }
    expect(standIn.requests).toHaveLength(4);
    expect(elsewhere.standIn.requests).toHaveLength(0);
  });

  test('pages without end are given up', async () => {
    const { standIn, source } = await opened();
    standIn.failAlways({ body: { next: `${standIn.url}/again?page=1`, results: [] } });
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Malformed' });
    expect(standIn.requests).toHaveLength(20);
  });

  test('a rate that ends before it begins is not read', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(withFirstRate({ valid_to: '2026-11-22T00:00:00Z' }));
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Malformed' });
  });
});
