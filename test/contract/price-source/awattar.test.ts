import { describe, expect, test } from '@jest/globals';
import { AwattarStandIn } from '../../../hack/stand-ins/awattar.ts';
import type { Figures } from '../../../hack/stand-ins/stand-in.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { AwattarSource } from '../../../operator/adapters/price/awattar/source.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { PriceQuery } from '../../../operator/ports/price.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { priceSourceContract } from './contract.ts';

/** Half past noon in Berlin: the auction of tomorrow is not published. */
const NOW = Date.parse('2026-11-23T11:30:00Z');
const HOUR = Date.parse('2026-11-23T11:00:00Z');
const MIDNIGHT = Date.parse('2026-11-23T23:00:00Z');
const NEVER = new AbortController().signal;
const known: PriceQuery = { zone: 'DE', interval: { startsAt: HOUR, endsAt: HOUR + 4 * HOUR_MS } };

/** EUR/MWh: cents of the hour of the day, less where it is windy at night; nothing from midnight on. */
const figures: Figures = (zone, at) => {
  if (at >= MIDNIGHT) return undefined;
  const hour = new Date(at).getUTCHours();
  return (zone === 'AT' ? 100 : 40) + hour - (hour < 4 ? 120 : 0);
};

async function provider(settings: { readonly swapped?: boolean; readonly figures?: Figures } = {}) {
  const options = { figures: settings.figures ?? figures, now: () => NOW };
  const german = await new AwattarStandIn({ ...options, country: 'de' }).start();
  const austrian = await new AwattarStandIn({ ...options, country: 'at' }).start();
  const http = new AxiosClient({ clock: new FakeClock(NOW) });
  const [de, at] = settings.swapped === true ? [austrian, german] : [german, austrian];
  const source = new AwattarSource({ http, baseUrls: { DE: de.url, AT: at.url } });
  const close = async (): Promise<void> => {
    http.close();
    await Promise.all([german.stop(), austrian.stop()]);
  };
  return { standIn: german, source, close };
}

priceSourceContract('awattar', async () => ({
  ...(await provider()),
  known,
  unknownZone: 'FR',
  uncovered: { startsAt: MIDNIGHT, endsAt: MIDNIGHT + 24 * HOUR_MS },
  truth: { currency: 'EUR', basis: 'Market', perKilowattHour: [0.051, 0.052, 0.053, 0.054] },
  negative: { startsAt: Date.parse('2026-11-23T01:00:00Z'), endsAt: Date.parse('2026-11-23T03:00:00Z') },
}));

interface Rows {
  readonly data: { marketprice: number | null; unit: string; start_timestamp: number; end_timestamp: number }[];
}
const withFirstRow = (change: Partial<Rows['data'][number]>) =>
  changed<Rows>(({ data, ...rest }) => ({
    ...rest,
    data: data.map((row, k) => (k === 0 ? { ...row, ...change } : row)),
  }));

providerFaultsContract(
  'awattar',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [], ask: async (abort) => (await source.prices(known, abort)).samples };
  },
  {
    'a key that it does not take': { impossibleBecause: 'it asks for no key' },
    'a plan that has not the zone': { impossibleBecause: 'it has no plans' },
    'a reply for another zone': {
      fault: changed<object>((body) => ({ ...body, url: '/at/v1/marketdata' })),
      code: 'Malformed',
      says: 'zone AT, zone DE was asked for',
    },
    'figures that are null': { fault: withFirstRow({ marketprice: null }), rows: 3 },
  },
);

describe('awattar', () => {
  const opened = closedAfterEach(provider);

  test('has the prices of each country from that country’s host', async () => {
    const { source } = await opened();
    expect((await source.prices({ ...known, zone: 'AT' }, NEVER)).samples[0]?.perKilowattHour).toBeCloseTo(0.111, 9);
  });

  test('hosts that are confused in the configuration are noticed', async () => {
    const { source } = await opened({ swapped: true });
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Malformed' });
    await expect(source.prices(known, NEVER)).rejects.toThrow('look at its base URL for DE');
  });

  test('is asked for whole hours, so that the hour under way is among them', async () => {
    const { standIn, source } = await opened();
    const interval = { startsAt: NOW, endsAt: NOW + 45 * MINUTE_MS };
    const { samples } = await source.prices({ zone: 'DE', interval }, NEVER);
    expect(standIn.requests.at(-1)?.query.get('start')).toBe(String(HOUR));
    expect(standIn.requests.at(-1)?.query.get('end')).toBe(String(HOUR + 2 * HOUR_MS));
    expect(samples.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [NOW, HOUR + HOUR_MS],
      [HOUR + HOUR_MS, NOW + 45 * MINUTE_MS],
    ]);
  });

  test('tomorrow that is not published yet: today alone, and nothing made up for the rest', async () => {
    const { source } = await opened();
    const interval = { startsAt: MIDNIGHT - 2 * HOUR_MS, endsAt: MIDNIGHT + 6 * HOUR_MS };
    const { samples } = await source.prices({ zone: 'DE', interval }, NEVER);
    expect(samples).toHaveLength(2);
    expect(samples.at(-1)?.endsAt).toBe(MIDNIGHT);
  });

  test.each([
    ['shortest', '2026-03-28T23:00:00Z', 23],
    ['longest', '2026-10-24T22:00:00Z', 25],
  ])('the %s day of the year, by the clocks of Berlin, has its own number of hours', async (_, midnight, hours) => {
    const { source } = await opened({ figures: (__, at) => at / HOUR_MS });
    const startsAt = Date.parse(midnight);
    const endsAt = startsAt + hours * HOUR_MS;
    const { samples } = await source.prices({ zone: 'DE', interval: { startsAt, endsAt } }, NEVER);
    expect(samples).toHaveLength(hours);
    expect(samples.at(-1)?.endsAt).toBe(endsAt);
  });

  test.each([
    ['a unit that is not EUR/MWh', withFirstRow({ unit: 'ct/kWh' }), 'ct/kWh'],
    ['a row that ends before it begins', withFirstRow({ end_timestamp: HOUR }), 'ends before it begins'],
    ['times that are texts', changed<object>(() => ({ data: [{ start_timestamp: '2026' }] })), 'out of its contract'],
  ])('%s is not read', async (_, fault, says) => {
    const { standIn, source } = await opened();
    standIn.failAlways(fault);
    await expect(source.prices(known, NEVER)).rejects.toMatchObject({ code: 'Malformed' });
    await expect(source.prices(known, NEVER)).rejects.toThrow(says);
  });
});
