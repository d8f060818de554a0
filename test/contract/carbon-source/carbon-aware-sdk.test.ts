import { describe, expect, test } from '@jest/globals';
import { CarbonAwareSdkStandIn, type CarbonAwareSdkStandInOptions } from '../../../hack/stand-ins/carbon-aware-sdk.ts';
import {
  CarbonAwareSdkSource,
  type CarbonAwareSdkOptions,
} from '../../../operator/adapters/carbon/carbon-aware-sdk/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { CarbonQuery } from '../../../operator/ports/carbon.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { carbonSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T06:22:00Z');
const BEGUN = Date.parse('2026-11-23T06:20:00Z');
const DAY_MS = 24 * HOUR_MS;
const NEVER = new AbortController().signal;
const known: CarbonQuery = {
  zone: 'SE-SE3',
  signal: 'Average',
  interval: { startsAt: BEGUN, endsAt: BEGUN + 30 * MINUTE_MS },
};

async function provider(
  overrides: Partial<CarbonAwareSdkStandInOptions> = {},
  settings: Partial<CarbonAwareSdkOptions> = {},
) {
  const standIn = await new CarbonAwareSdkStandIn({
    locations: { swedencentral: 'SE', germanywestcentral: 'DE' },
    figures: (location, at) => (location === 'swedencentral' ? 20 : 400) + ((at / MINUTE_MS) % 60),
    now: () => NOW,
    ...overrides,
  }).start();
  const clock = new FakeClock(NOW);
  const http = new AxiosClient({ clock });
  const source = new CarbonAwareSdkSource({
    http,
    clock,
    baseUrl: standIn.url,
    locations: { 'SE-SE3': 'swedencentral', DE: 'germanywestcentral' },
    signal: 'Average',
    scope: 'Lifecycle',
    ...settings,
  });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

carbonSourceContract('carbon-aware-sdk', async () => ({
  ...(await provider()),
  known,
  otherZones: ['DE'],
  unknownZone: 'XX-NOWHERE',
  missingSignal: 'Marginal',
  uncovered: { startsAt: BEGUN - 4 * HOUR_MS, endsAt: BEGUN },
  truth: { scope: 'Lifecycle', synthetic: false, estimated: new Array<boolean>(6).fill(true), issuedBy: NOW },
  past: {
    interval: { startsAt: BEGUN - 13 * MINUTE_MS, endsAt: BEGUN },
    estimated: [true, true, true],
  },
}));

interface Forecast {
  readonly location: string;
  readonly forecastData: { timestamp: string; duration: number; value: number | null }[];
}
const ofForecast = (change: (forecast: Forecast) => object) =>
  changed<Forecast[]>((forecasts) => forecasts.map(change));

providerFaultsContract(
  'carbon-aware-sdk',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [], ask: async (abort) => (await source.forecast(known, abort)).samples };
  },
  {
    'a key that it does not take': {
      fault: {
        status: 403,
        body: {
          title: 'WattTimeClientHttpException',
          status: 403,
          detail: "Login failed for user: 'someone'",
          errors: {},
        },
      },
      code: 'Unauthorised',
      says: /data source behind.*WattTimeClientHttpException: Login failed.*credentials that the SDK has/,
    },
    'a plan that has not the zone': {
      impossibleBecause: 'the SDK has no plans, and hands on a refusal of its data source with nothing but its status',
    },
    'a reply for another zone': {
      fault: ofForecast((forecast) => ({ ...forecast, location: 'germanywestcentral' })),
      code: 'Malformed',
      says: 'location germanywestcentral, location swedencentral (zone SE-SE3) was asked for',
    },
    'figures that are null': {
      fault: ofForecast(({ forecastData, ...rest }) => ({
        ...rest,
        forecastData: forecastData.map((row, k) => (k === 1 ? { ...row, value: null } : row)),
      })),
      rows: 5,
    },
  },
);

const opened = closedAfterEach(provider);

describe('carbon-aware-sdk, of what is to come,', () => {
  test('is asked for all of a forecast and for no window, so that it averages nothing and refuses no time', async () => {
    const { source, standIn } = await opened({ pointMs: HOUR_MS });
    const interval = { startsAt: BEGUN - 5 * HOUR_MS, endsAt: BEGUN + 7 * DAY_MS };
    const { samples } = await source.forecast({ ...known, interval }, NEVER);
    expect(standIn.requests[0]?.path).toBe('/emissions/forecasts/current');
    expect([...(standIn.requests[0]?.query ?? [])]).toEqual([['location', 'swedencentral']]);
    expect(samples).toHaveLength(24);
    expect(samples.every(({ startsAt, endsAt }) => endsAt - startsAt === HOUR_MS)).toBe(true);
  });

  test('refuses averages over a window where the SDK answers with them none the less', async () => {
    const { source, standIn } = await opened();
    const averaged = ofForecast(({ forecastData, ...rest }) => ({
      ...rest,
      forecastData: forecastData.map((row) => ({ ...row, duration: 30 })),
    }));
    standIn.failNext(averaged);
    const refusal = source.forecast(known, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow('averages over a window: rows overlap at 2026-11-23T06:25:00.000Z');
  });

  test.each(['optimalDataPoint', 'optimalDataPoints'] as const)('does not mind %s', async (best) => {
    const { source } = await opened({ best });
    expect((await source.forecast(known, NEVER)).samples).toHaveLength(6);
  });

  test('dates a forecast by when it was made, and never later than now', async () => {
    const old = await opened({ generatedAt: NOW - HOUR_MS });
    expect((await old.source.forecast(known, NEVER)).issuedAt).toBe(NOW - HOUR_MS);
    const ahead = await opened({ generatedAt: NOW + HOUR_MS });
    expect((await ahead.source.forecast(known, NEVER)).issuedAt).toBe(NOW);
  });

  test('takes the name of a location in any case, and the region in its rows for what it is', async () => {
    const { source, standIn } = await opened();
    standIn.failNext(ofForecast((forecast) => ({ ...forecast, location: 'SwedenCentral' })));
    expect((await source.forecast(known, NEVER)).zone).toBe('SE-SE3');
  });

  test.each([
    [{ status: 501, body: { title: 'NotImplementedException', status: 501, detail: 'not implemented' } }],
    [{ status: 400, body: { title: 'ArgumentException', detail: 'ForecastDataSource is not configured' } }],
  ])('says so where its data source has no forecasts: %j', async (refusal) => {
    const { source, standIn } = await opened();
    standIn.failNext(refusal);
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'ForecastUnsupported' });
  });

  test('has history also where it has no forecasts', async () => {
    const { source } = await opened({ horizonMs: 0 });
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'ForecastUnsupported' });
    const interval = { startsAt: BEGUN - HOUR_MS, endsAt: BEGUN };
    expect((await source.history({ ...known, interval }, NEVER)).samples).toHaveLength(12);
  });

  test('has no data where the forecast is empty', async () => {
    const empty = await opened({ figures: () => undefined });
    await expect(empty.source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    const without = await opened();
    without.standIn.failNext(ofForecast((forecast) => ({ ...forecast, forecastData: null })));
    await expect(without.source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'NoData' });
  });
});

describe('carbon-aware-sdk, of what came,', () => {
  test('asks for the time wanted alone, and not for what is to come', async () => {
    const { source, standIn } = await opened();
    const interval = { startsAt: BEGUN - HOUR_MS, endsAt: NOW + HOUR_MS };
    const { samples } = await source.history({ ...known, interval }, NEVER);
    expect(standIn.requests[0]?.path).toBe('/emissions/bylocations');
    expect(Object.fromEntries(standIn.requests[0]?.query ?? [])).toEqual({
      location: 'swedencentral',
      time: '2026-11-23T05:20:00.000Z',
      toTime: '2026-11-23T06:22:00.000Z',
    });
    expect(samples.at(-1)).toMatchObject({ startsAt: BEGUN, endsAt: BEGUN + 5 * MINUTE_MS });
    const later = { startsAt: NOW, endsAt: NOW + HOUR_MS };
    await expect(source.history({ ...known, interval: later }, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    expect(standIn.requests).toHaveLength(1);
  });

  test('reads lengths as .NET writes them, of days too', async () => {
    const { source } = await opened({ pointMs: 26 * HOUR_MS });
    const interval = { startsAt: NOW - 7 * DAY_MS, endsAt: NOW };
    const { samples } = await source.history({ ...known, interval }, NEVER);
    expect(samples[1]!.endsAt - samples[1]!.startsAt).toBe(26 * HOUR_MS);
  });

  test('leaves out rows without a length, and refuses a length that is none', async () => {
    const { source, standIn } = await opened();
    const interval = { startsAt: BEGUN - HOUR_MS, endsAt: BEGUN };
    const lasting = (duration: string) =>
      changed<object[]>((rows) => rows.map((row, k) => (k === 0 ? { ...row, duration } : row)));
    standIn.failNext(lasting('00:00:00'), lasting('PT5M'));
    expect((await source.history({ ...known, interval }, NEVER)).samples).toHaveLength(11);
    const refusal = source.history({ ...known, interval }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow('"PT5M", which is no TimeSpan');
  });

  test.each([
    ['of two regions', ['SE', 'DE'], 'SE and DE'],
    ['of the location of another zone', ['germanywestcentral', 'germanywestcentral'], 'germanywestcentral'],
  ])('refuses rows %s', async (_, names, said) => {
    const { source, standIn } = await opened();
    standIn.failNext(changed<object[]>((rows) => names.map((location, k) => ({ ...rows[k], location }))));
    const interval = { startsAt: BEGUN - HOUR_MS, endsAt: BEGUN };
    const refusal = source.history({ ...known, interval }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow(`location ${said}, location swedencentral (zone SE-SE3) was asked for`);
  });

  test('has no data where the SDK has none, 204', async () => {
    const { source } = await opened({ figures: () => undefined });
    const interval = { startsAt: BEGUN - HOUR_MS, endsAt: BEGUN };
    const refusal = source.history({ ...known, interval }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'NoData' });
    await expect(refusal).rejects.toThrow('swedencentral, the location of zone SE-SE3');
  });

  test('says so where its data source has no history', async () => {
    const { source, standIn } = await opened();
    standIn.failNext({
      status: 400,
      body: { title: 'ArgumentException', detail: 'EmissionsDataSource is not configured' },
    });
    const interval = { startsAt: BEGUN - HOUR_MS, endsAt: BEGUN };
    await expect(source.history({ ...known, interval }, NEVER)).rejects.toMatchObject({ code: 'HistoryUnsupported' });
  });
});

describe('carbon-aware-sdk, as it is configured,', () => {
  test('has the signal and the scope that its configuration vouches for', async () => {
    const { source } = await opened({}, { signal: 'Marginal', scope: 'Direct' });
    const series = await source.forecast({ ...known, signal: 'Marginal' }, NEVER);
    expect(series).toMatchObject({ signal: 'Marginal', scope: 'Direct' });
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'SignalUnsupported' });
  });

  test.each(['FI', 'swedencentral', 'constructor'])('does not guess a location: %s', async (zone) => {
    const { source, standIn } = await opened();
    const refusal = source.forecast({ ...known, zone }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(refusal).rejects.toThrow(`zone ${zone}; name it in its \`locations\``);
    expect(standIn.requests).toEqual([]);
  });

  test('says so where the SDK does not know the location that was configured', async () => {
    const { source } = await opened({}, { locations: { 'SE-SE3': 'sverige' } });
    const refusal = source.forecast(known, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(refusal).rejects.toThrow(/sverige, the location of zone SE-SE3.*Unknown Location.*`locations`/);
  });

  test('hands on what the SDK says against a question, field by field, and no stack trace', async () => {
    const { source, standIn } = await opened();
    const errors = { location: ['The location field is required.'], stackTrace: ['at CarbonAware.WebApi'] };
    standIn.failNext({ status: 400, body: { title: 'One or more validation errors occurred.', status: 400, errors } });
    const refusal = source.forecast(known, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow(/validation errors occurred\.: location The location field is required\.$/);
  });
});
