import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aComputeSite } from '../../../test/builders/cluster.ts';
import { atHour, H100, MIDNIGHT, pricesPerSlot } from '../../../test/builders/planning.ts';
import type { ComputeSiteSpec } from '../../api/v1alpha1/compute-site.generated.ts';
import { parseComputeSite } from '../../api/v1alpha1/parse/compute-site.ts';
import type { PriceSample, PriceSeries } from '../../domain/electricity-price.ts';
import { SourceError } from '../../ports/source-error.ts';
import type { KnownPrices } from '../prices/electricity-prices.ts';
import { devicePricesOf, priceNow, pricesThatCount } from './site-prices.ts';

function specOf(prices: ComputeSiteSpec['prices'] = {}) {
  const reading = parseComputeSite(aComputeSite('s', { prices: { currency: 'EUR', ...prices } }));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

function seriesOf(samples: readonly PriceSample[], currency = 'EUR'): PriceSeries {
  return { zone: 'DE', currency, basis: 'Market', source: 'energy-charts', samples };
}

function known(samples: readonly PriceSample[], overrides: Partial<KnownPrices> = {}): KnownPrices {
  const publishedUntil = samples.findLast(({ estimated }) => !estimated)?.endsAt;
  return { series: seriesOf(samples), publishedUntil, failures: [], ...overrides };
}

const estimated = (samples: readonly PriceSample[]): readonly PriceSample[] =>
  samples.map((sample) => ({ ...sample, estimated: true }));

const quota = { source: 'energy-charts', error: new SourceError('QuotaExceeded', 'two questions a minute') };
const down = { source: 'awattar', error: new SourceError('Unavailable', 'no route') };

describe('the prices that a site is planned with', () => {
  const prices = known(pricesPerSlot([0.1, 0.2]));

  test('are those that are known, in its currency', () => {
    expect(pricesThatCount(specOf(), prices)).toBe(prices.series);
  });

  test('are none where its spec says one, though that be 0', () => {
    expect(pricesThatCount(specOf({ electricityPerKWh: '0.3' }), prices)).toBeUndefined();
    expect(pricesThatCount(specOf({ electricityPerKWh: '0' }), prices)).toBeUndefined();
  });

  test('are none where they are in another currency', () => {
    expect(pricesThatCount(specOf({ currency: 'SEK' }), prices)).toBeUndefined();
  });

  test('are none where none are known, or nobody was asked', () => {
    expect(pricesThatCount(specOf(), undefined)).toBeUndefined();
    expect(pricesThatCount(specOf(), known([], { series: undefined }))).toBeUndefined();
  });
});

describe('the price of a device', () => {
  const nodes = {
    devicePrice: (region: string, product: string) =>
      region === 'north' && product === H100 ? { perHour: 2.5, currency: 'EUR' } : undefined,
  };

  test('is what the spec says, else what the nodes of the region cost, else unknown', () => {
    const own = specOf({ accelerators: [{ product: H100, perHour: '1.5' }] });
    expect(devicePricesOf(own, nodes)(H100)).toBe(1.5);
    expect(devicePricesOf(specOf(), nodes)(H100)).toBe(2.5);
    expect(devicePricesOf(specOf(), nodes)('NVIDIA-L4')).toBe(0);
    expect(devicePricesOf({ ...specOf(), region: 'south' }, nodes)(H100)).toBe(0);
  });

  test('is nothing where the spec says so, and unknown where nodes are priced in another currency', () => {
    const free = specOf({ accelerators: [{ product: H100, perHour: '0' }] });
    expect(devicePricesOf(free, nodes)(H100)).toBe(0);
    expect(devicePricesOf(specOf({ currency: 'USD' }), nodes)(H100)).toBe(0);
  });
});

describe('the price now', () => {
  test('is that of the spec at all times, whatever is known', () => {
    const prices = known(pricesPerSlot([0.1]));
    expect(priceNow(specOf({ electricityPerKWh: '0.30' }), prices, MIDNIGHT)).toEqual({
      freshness: { status: 'True', reason: 'PricesFlat', message: '0.3 EUR/kWh at all times, as spec.prices says' },
      electricityPrice: { perKWh: '0.3', currency: 'EUR', source: 'spec' },
    });
  });

  test('is absent where nothing is configured, and the condition says what to do', () => {
    expect(priceNow(specOf(), undefined, MIDNIGHT)).toEqual({
      freshness: {
        status: 'True',
        reason: 'PricesFlat',
        message: 'electricity is not priced: set spec.prices.electricityPerKWh, or configure prices.electricity',
      },
    });
  });

  test('is the published one of the stretch that is under way', () => {
    expect(priceNow(specOf(), known(pricesPerSlot([0.1, 0.123456789])), atHour(1.5))).toEqual({
      freshness: {
        status: 'True',
        reason: 'PricesPublished',
        message:
          'prices from energy-charts, published until 2026-06-01T02:00:00Z; beyond that those of the day before stand for them',
      },
      changesAt: atHour(2),
      electricityPrice: { perKWh: '0.12346', currency: 'EUR', source: 'energy-charts' },
    });
  });

  test('may be below zero', () => {
    const perKWh = (price: number) =>
      priceNow(specOf(), known(pricesPerSlot([price])), MIDNIGHT).electricityPrice?.perKWh;
    expect([perKWh(-0.0123), perKWh(-500), perKWh(-0.000001), perKWh(0)]).toEqual(['-0.0123', '-500', '0', '0']);
  });

  test('is written as a number that can be read, in so many letters as the CRD has room for', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), (price) => {
        const { electricityPrice } = priceNow(specOf(), known(pricesPerSlot([price])), MIDNIGHT);
        const perKWh = electricityPrice?.perKWh ?? '';
        expect(perKWh).toMatch(/^-?\d+(\.\d{1,5})?$/);
        expect(perKWh.length).toBeLessThanOrEqual(16);
        expect(Number(perKWh)).toBeCloseTo(price, 4);
      }),
    );
  });

  test('says that it is estimated, and the condition why, once nothing is published any more', () => {
    const samples = [...pricesPerSlot([0.1]), ...estimated(pricesPerSlot([undefined, 0.2]))];
    const now = priceNow(specOf(), known(samples, { failures: [quota, down] }), atHour(1));
    expect(now.electricityPrice).toEqual({
      perKWh: '0.2',
      currency: 'EUR',
      source: 'energy-charts',
      estimated: true,
    });
    expect(now.freshness).toEqual({
      status: 'False',
      reason: 'QuotaExceeded',
      message:
        'prices from energy-charts, published until 2026-06-01T01:00:00Z; beyond that those of the day before stand for them; energy-charts: two questions a minute; awattar: no route',
    });
  });

  test('is stale without a reason of a source, where the source has just nothing new', () => {
    const samples = [...pricesPerSlot([0.1]), ...estimated(pricesPerSlot([undefined, 0.2]))];
    expect(priceNow(specOf(), known(samples), atHour(1)).freshness).toMatchObject({
      status: 'False',
      reason: 'NoData',
    });
  });

  test('is published still where a better source fails, and the condition says so', () => {
    const { freshness } = priceNow(specOf(), known(pricesPerSlot([0.1]), { failures: [down] }), MIDNIGHT);
    expect(freshness).toMatchObject({ status: 'True', reason: 'PricesPublished' });
    expect(freshness.message).toMatch(/; awattar: no route$/);
  });

  test('is absent in a gap', () => {
    const now = priceNow(specOf(), known(pricesPerSlot([0.1, undefined, 0.2])), atHour(1));
    expect(now).toEqual({ freshness: expect.objectContaining({ status: 'True', reason: 'PricesPublished' }) });
  });

  test('is absent where it is in another currency, and the condition names the remedy', () => {
    expect(priceNow(specOf({ currency: 'SEK' }), known(pricesPerSlot([0.1])), MIDNIGHT)).toEqual({
      freshness: {
        status: 'False',
        reason: 'CurrencyNotComparable',
        message:
          'energy-charts has prices of zone DE in EUR, and the site counts in SEK: set spec.prices.currency to EUR at all sites',
      },
    });
  });

  test('is absent where all sources fail, and the condition says why each of them does', () => {
    const none = { series: undefined, publishedUntil: undefined };
    expect(priceNow(specOf(), { ...none, failures: [quota, down] }, MIDNIGHT)).toEqual({
      freshness: {
        status: 'False',
        reason: 'QuotaExceeded',
        message: 'energy-charts: two questions a minute; awattar: no route; electricity is not priced until then',
      },
    });
  });
});
