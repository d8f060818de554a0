import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import type { PriceSample, PriceSeries } from '../../domain/electricity-price.ts';
import { cutTo, sampleAt } from '../../domain/samples.ts';
import { HOUR_MS, MINUTE_MS, type EpochMs } from '../../domain/units.ts';
import type { PriceQuery, PriceSource } from '../../ports/price.ts';
import { SourceError, type SourceErrorCode } from '../../ports/source-error.ts';
import { PriceMetrics } from '../../telemetry/price-metrics.ts';
import { ElectricityPrices, type ElectricityPricesOptions, type PriceSourceInOrder } from './electricity-prices.ts';

/** A market whose price is that of the hour of day in cents, and another one every day; published until an instant. */
class Market implements PriceSource {
  readonly name: string;
  readonly queries: PriceQuery[] = [];
  currency = 'EUR';
  publishedFrom: EpochMs = -Infinity;
  publishedUntil: EpochMs = atHour(24);
  /** By zone, or of all. */
  fails: Error | undefined;
  failsFor = new Map<string, Error>();
  priceAt = (at: EpochMs): number => (at - MIDNIGHT) / HOUR_MS / 100;

  constructor(name = 'market') {
    this.name = name;
  }

  async prices(query: PriceQuery): Promise<PriceSeries> {
    this.queries.push(query);
    const failure = this.failsFor.get(query.zone) ?? this.fails;
    if (failure !== undefined) throw failure;
    const { zone, interval } = query;
    const first = Math.floor(interval.startsAt / HOUR_MS) * HOUR_MS;
    const length = Math.max(0, Math.min(this.publishedUntil, interval.endsAt) - first) / HOUR_MS;
    const all = Array.from({ length: Math.ceil(length) }, (_, k): PriceSample => {
      const startsAt = first + k * HOUR_MS;
      return { startsAt, endsAt: startsAt + HOUR_MS, perKilowattHour: this.priceAt(startsAt), estimated: false };
    });
    const samples = cutTo(all, { ...interval, startsAt: Math.max(interval.startsAt, this.publishedFrom) });
    if (samples.length === 0) throw new SourceError('NoData', 'not published yet');
    return { zone, currency: this.currency, basis: 'Market', source: this.name, samples };
  }
}

const failure = (code: SourceErrorCode, message = 'it was so'): SourceError => new SourceError(code, message);

function anOperator(
  sources: readonly (PriceSource | PriceSourceInOrder)[],
  overrides: Partial<ElectricityPricesOptions> = {},
) {
  const [clock, logger, registry] = [new FakeClock(MIDNIGHT), new RecordingLogger(), new Registry()];
  const world = { zones: ['DE'], changed: [] as string[] };
  const prices = new ElectricityPrices({
    sources: sources.map((one) => ('source' in one ? one : { source: one, zones: undefined })),
    wanted: () => new Set(world.zones),
    onChange: (zone) => world.changed.push(zone),
    clock,
    random: () => 0,
    logger,
    metrics: new PriceMetrics(registry),
    horizonMs: hours(48),
    intervalMs: hours(1),
    ...overrides,
  });
  const abort = new AbortController();
  const metric = async (name: string) =>
    (await registry.getSingleMetric(`sunward_${name}`)?.get())?.values.map(({ labels, value }) => ({
      ...labels,
      value,
    }));
  return {
    ...{ clock, logger, metric, world, prices, abort },
    refresh: (...zones: string[]) => prices.refresh(zones.length === 0 ? ['DE'] : zones, abort.signal),
    at: (hour: number, zone = 'DE') => sampleAt(prices.get(zone)?.series?.samples ?? [], atHour(hour)),
    start() {
      const running = prices.run(abort.signal);
      return async () => {
        abort.abort();
        await running;
      };
    },
  };
}

describe('what is known of a zone', () => {
  test('is what is published, and beyond that what stands for it, from a day back to the horizon in whole hours', async () => {
    const market = new Market();
    const { clock, prices, refresh, at } = anOperator([market]);
    await clock.advance(hours(10.3));
    await refresh();
    expect(market.queries).toEqual([{ zone: 'DE', interval: { startsAt: atHour(-14), endsAt: atHour(59) } }]);
    expect(prices.get('DE')).toMatchObject({ publishedUntil: atHour(24), failures: [] });
    expect(prices.get('DE')?.series).toMatchObject({ zone: 'DE', currency: 'EUR', source: 'market', basis: 'Market' });
    expect(at(12)).toMatchObject({ perKilowattHour: 0.12, estimated: false });
    expect(at(24 + 12)).toMatchObject({ perKilowattHour: 0.12, estimated: true });
    expect(at(58.9)).toMatchObject({ perKilowattHour: 0.1, estimated: true });
    expect(at(59)).toBeUndefined();
  });

  test('is nothing while nobody was asked, and of a zone that no source serves', async () => {
    const { prices, refresh, at } = anOperator([{ source: new Market(), zones: new Set(['FR']) }]);
    expect(prices.get('DE')).toBeUndefined();
    await refresh('DE', 'FR');
    expect(prices.get('DE')).toBeUndefined();
    expect(at(0, 'FR')).toBeDefined();
  });

  test('is why there is none, where no source has ever answered', async () => {
    const [market, second] = [new Market(), new Market('second')];
    market.fails = failure('Unauthorised');
    second.fails = new TypeError('a fault in the code');
    const { prices, refresh, metric } = anOperator([market, second]);
    await refresh();
    expect(prices.get('DE')).toMatchObject({
      series: undefined,
      publishedUntil: undefined,
      failures: [
        { source: 'market', error: market.fails },
        { source: 'second', error: { code: 'Unavailable' } },
      ],
    });
    expect(await metric('electricity_price_per_kilowatt_hour')).toEqual([]);
    expect(await metric('price_source_errors_total')).toEqual([
      { source: 'market', code: 'Unauthorised', value: 1 },
      { source: 'second', code: 'Unavailable', value: 1 },
    ]);
  });

  test('is of the first source that has an answer', async () => {
    const [market, second] = [new Market(), new Market('second')];
    const { prices, refresh } = anOperator([market, second]);
    await refresh();
    expect(prices.get('DE')?.series?.source).toBe('market');
    expect(second.queries).toEqual([]);
  });

  test('is of the next source where the first has none, and says why it is not of the better one', async () => {
    const [market, second] = [new Market(), new Market('second')];
    second.priceAt = () => 0.5;
    market.fails = failure('Unavailable');
    const { prices, refresh, at } = anOperator([market, second]);
    await refresh();
    expect(prices.get('DE')).toMatchObject({ series: { source: 'second' }, failures: [{ source: 'market' }] });
    expect(at(5)?.perKilowattHour).toBe(0.5);
  });

  test('stays that of the first source while what it has published reaches ahead, whatever becomes of it', async () => {
    const [market, second] = [new Market(), new Market('second')];
    const { prices, refresh, clock } = anOperator([market, second]);
    await refresh();
    market.fails = failure('Unavailable');
    await clock.advance(hours(1));
    await refresh();
    expect(prices.get('DE')).toMatchObject({ series: { source: 'market' }, failures: [{ source: 'market' }] });
    expect(second.queries).toEqual([]);
    await clock.advance((prices.get('DE')?.publishedUntil ?? 0) - clock.now());
    await refresh();
    expect(prices.get('DE')?.series?.source).toBe('second');
  });

  test('becomes more once tomorrow is published', async () => {
    const market = new Market();
    const { clock, prices, refresh, at, world } = anOperator([market]);
    await clock.advance(hours(12));
    await refresh();
    expect(at(30)).toMatchObject({ perKilowattHour: 0.06, estimated: true });
    market.publishedUntil = atHour(48);
    await clock.advance(hours(1));
    await refresh();
    expect(prices.get('DE')?.publishedUntil).toBe(atHour(48));
    expect(at(30)).toMatchObject({ perKilowattHour: 0.3, estimated: false });
    expect(world.changed).toHaveLength(2);
  });

  test('stays where the source is down: first what was published, then for a week what stands for it', async () => {
    const market = new Market();
    market.publishedUntil = atHour(48);
    const { clock, prices, refresh, at } = anOperator([market]);
    await clock.advance(hours(14));
    await refresh();
    market.fails = failure('Unavailable');
    for (let hour = 14; hour < 6 * 24; hour += 6) {
      await refresh();
      const known = at(hour);
      expect(known).toMatchObject({ estimated: hour >= 48 });
      if (hour >= 48) expect(known?.perKilowattHour).toBeCloseTo(0.24 + (hour % 24) / 100);
      expect(prices.get('DE')).toMatchObject({ publishedUntil: atHour(48), failures: [{ source: 'market' }] });
      await clock.advance(hours(6));
    }
    await clock.advance(hours(4 * 24));
    await refresh();
    expect(prices.get('DE')?.series?.samples).toEqual([]);
  });

  test('has no hole where one answer begins later than the one before', async () => {
    const market = new Market();
    market.publishedUntil = atHour(96);
    const { clock, prices, refresh } = anOperator([market]);
    for (let turn = 0; turn < 70; turn++) {
      await refresh();
      await clock.advance(0.7 * HOUR_MS);
    }
    market.fails = failure('Unavailable');
    await clock.advance(hours(70));
    await refresh();
    let edge: EpochMs | undefined;
    for (const { startsAt, endsAt } of prices.get('DE')?.series?.samples ?? []) {
      expect(startsAt).toBe(edge ?? startsAt);
      edge = endsAt;
    }
    expect(edge).toBe(Math.ceil((clock.now() + hours(48)) / HOUR_MS) * HOUR_MS);
  });

  test('rests on the last days, of which the source tells only the last one', async () => {
    const market = new Market();
    const { clock, refresh, at } = anOperator([market]);
    await clock.advance(hours(12));
    await refresh();
    market.publishedUntil = atHour(36);
    await clock.advance(hours(35));
    await refresh();
    expect(at(58)).toMatchObject({ perKilowattHour: 0.34, estimated: true });
    expect(at(66)).toMatchObject({ perKilowattHour: 0.18, estimated: true });
  });

  test('begins anew with another currency: prices of two are never one series', async () => {
    const market = new Market();
    const { prices, refresh, at } = anOperator([market]);
    await refresh();
    market.currency = 'SEK';
    market.publishedFrom = atHour(20);
    await refresh();
    expect(prices.get('DE')?.series?.currency).toBe('SEK');
    expect(at(20)).toBeDefined();
    expect(at(19)).toBeUndefined();
  });

  test('goes with the last site in the zone', async () => {
    const { world, prices, start, clock, metric } = anOperator([new Market()]);
    world.zones = ['DE', 'FR'];
    const stop = start();
    await settle();
    expect(prices.get('FR')).toBeDefined();
    world.zones = ['DE'];
    await clock.advance(2 * MINUTE_MS);
    expect(prices.get('FR')).toBeUndefined();
    expect(await metric('electricity_price_horizon_seconds')).toMatchObject([{ zone: 'DE' }]);
    await stop();
  });
});

describe('a listener is told', () => {
  test('of the first answer, and of nothing where the same is published, or the same is wrong', async () => {
    const market = new Market();
    market.publishedUntil = atHour(100);
    const { clock, world, refresh } = anOperator([market]);
    await clock.advance(10 * MINUTE_MS);
    await refresh();
    await clock.advance(20 * MINUTE_MS);
    await refresh();
    expect(world.changed).toEqual(['DE']);
    market.fails = failure('Unavailable');
    await refresh();
    expect(world.changed).toHaveLength(2);
    await clock.advance(20 * MINUTE_MS);
    await refresh();
    expect(world.changed).toHaveLength(2);
    market.fails = failure('Unavailable', 'and now in other words');
    await refresh();
    expect(world.changed).toHaveLength(3);
  });

  test('of a first failure', async () => {
    const market = new Market();
    market.fails = failure('Unavailable');
    const { world, refresh } = anOperator([market]);
    await refresh();
    await refresh();
    expect(world.changed).toEqual(['DE']);
  });

  test('of a price that was corrected', async () => {
    const market = new Market();
    const { world, refresh } = anOperator([market]);
    await refresh();
    market.priceAt = () => -0.01;
    await refresh();
    expect(world.changed).toHaveLength(2);
  });
});

describe('the schedule', () => {
  const asked = (market: Market, zone = 'DE') => market.queries.filter((query) => query.zone === zone).length;

  test('asks about a zone at once, and after the interval', async () => {
    const market = new Market();
    const { clock, start } = anOperator([market]);
    const stop = start();
    await clock.advance(59 * MINUTE_MS);
    expect(asked(market)).toBe(1);
    await clock.advance(2 * MINUTE_MS);
    expect(asked(market)).toBe(2);
    await stop();
  });

  test.each(['Unavailable', 'QuotaExceeded', 'BudgetSpent', 'CircuitOpen'] as const)(
    'asks again two minutes after a failure that may be over soon: %s',
    async (code) => {
      const market = new Market();
      market.fails = failure(code);
      const { clock, start } = anOperator([market]);
      const stop = start();
      await clock.advance(MINUTE_MS);
      expect(asked(market)).toBe(1);
      await clock.advance(2 * MINUTE_MS);
      expect(asked(market)).toBe(2);
      await clock.advance(57 * MINUTE_MS);
      expect(asked(market)).toBeGreaterThanOrEqual(20);
      await stop();
    },
  );

  test.each(['NotEntitled', 'Unauthorised', 'ZoneUnknown', 'NoData', 'Malformed'] as const)(
    'spends no more requests than for an answer on a failure that lasts: %s',
    async (code) => {
      const market = new Market();
      market.fails = failure(code);
      const { clock, start } = anOperator([market]);
      const stop = start();
      await clock.advance(59 * MINUTE_MS);
      expect(asked(market)).toBe(1);
      await clock.advance(2 * MINUTE_MS);
      expect(asked(market)).toBe(2);
      await stop();
    },
  );

  test('waits for the interval where a lesser source answered', async () => {
    const [market, second] = [new Market(), new Market('second')];
    market.fails = failure('Unavailable');
    const { clock, start } = anOperator([market, second]);
    const stop = start();
    await clock.advance(59 * MINUTE_MS);
    expect([asked(market), asked(second)]).toEqual([1, 1]);
    await stop();
  });

  test('is that of each zone', async () => {
    const market = new Market();
    market.failsFor.set('FR', failure('QuotaExceeded'));
    const { clock, start, world } = anOperator([market]);
    world.zones = ['DE', 'FR'];
    const stop = start();
    await clock.advance(5 * MINUTE_MS);
    expect([asked(market, 'DE'), asked(market, 'FR')]).toEqual([1, 3]);
    await stop();
  });

  test('asks about a new zone without waiting, and about that alone', async () => {
    const market = new Market();
    const { start, prices, world } = anOperator([market]);
    const stop = start();
    await settle();
    world.zones = ['DE', 'FR'];
    prices.request();
    await settle();
    expect([asked(market, 'DE'), asked(market, 'FR')]).toEqual([1, 1]);
    await stop();
  });

  test('asks first about the zone whose prices end first', async () => {
    const market = new Market();
    const { refresh } = anOperator([market], { concurrency: 1 });
    await refresh('DE');
    market.publishedUntil = atHour(20);
    await refresh('FR');
    await refresh('DE', 'FR', 'SE-SE3');
    expect(market.queries.slice(2).map(({ zone }) => zone)).toEqual(['SE-SE3', 'FR', 'DE']);
  });

  test('goes on where the clock was set back by hours', async () => {
    const market = new Market();
    const { clock, prices, start } = anOperator([market]);
    const stop = start();
    await settle();
    clock.jump(-hours(5));
    prices.request();
    await settle();
    expect(asked(market)).toBe(2);
    await stop();
  });

  test('has a bounded number of questions under way', async () => {
    const market = new Market();
    let [underWay, most] = [0, 0];
    const slow: PriceSource = {
      name: 'slow',
      prices: async (query) => {
        most = Math.max(most, (underWay += 1));
        await settle();
        underWay -= 1;
        return market.prices(query);
      },
    };
    const { refresh } = anOperator([slow], { concurrency: 3 });
    await refresh(...Array.from({ length: 12 }, (_, k) => `Z${String(k)}`));
    expect(most).toBe(3);
    expect(market.queries).toHaveLength(12);
  });

  test('ends when it is told to, and takes nothing that was cut off for a failure', async () => {
    const { refresh, abort, logger, prices } = anOperator([
      {
        name: 'cut-off',
        prices: () => {
          abort.abort(new Error('stop'));
          return Promise.reject(new TypeError('cut off'));
        },
      },
    ]);
    await expect(refresh()).rejects.toThrow('stop');
    await prices.run(abort.signal);
    expect(prices.get('DE')).toBeUndefined();
    expect(logger.lines).toEqual([]);
  });
});

describe('the metrics', () => {
  test('tell the price of the stretch that is under way, and how far ahead prices are published', async () => {
    const { clock, refresh, metric } = anOperator([new Market()]);
    await refresh();
    await clock.advance(hours(3));
    expect(await metric('electricity_price_per_kilowatt_hour')).toEqual([
      { zone: 'DE', currency: 'EUR', source: 'market', value: 0.03 },
    ]);
    expect(await metric('electricity_price_horizon_seconds')).toEqual([{ zone: 'DE', value: 21 * 3_600 }]);
  });
});
