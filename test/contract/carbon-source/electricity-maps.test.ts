import { describe, expect, test } from '@jest/globals';
import { ElectricityMapsStandIn, type ElectricityMapsOptions } from '../../../hack/stand-ins/electricity-maps.ts';
import { ElectricityMapsSource } from '../../../operator/adapters/carbon/electricity-maps/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import type { CarbonQuery } from '../../../operator/ports/carbon.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { carbonSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T06:20:00Z');
const HOUR = Date.parse('2026-11-23T06:00:00Z');
const KEY = 'of-the-test-4711';
const NEVER = new AbortController().signal;
const known: CarbonQuery = {
  zone: 'SE-SE3',
  signal: 'Average',
  interval: { startsAt: HOUR, endsAt: HOUR + 4 * HOUR_MS },
};

async function provider(
  overrides: Partial<ElectricityMapsOptions> = {},
  settings: { granularity?: 'hourly' | '5_minutes'; key?: string; version?: 'v3' | 'v4'; direct?: boolean } = {},
) {
  const standIn = await new ElectricityMapsStandIn({
    key: KEY,
    zones: ['SE-SE3', 'DE'],
    figures: (zone, at) => (zone === 'DE' ? 400 : 20) + ((at / HOUR_MS) % 24),
    now: () => NOW,
    ...overrides,
  }).start();
  const clock = new FakeClock(NOW);
  const http = new AxiosClient({ clock });
  const source = new ElectricityMapsSource({
    http,
    clock,
    key: { read: () => Promise.resolve(settings.key ?? KEY) },
    baseUrl: `${standIn.url}/${settings.version ?? 'v4'}`,
    emissionFactorType: settings.direct === true ? 'direct' : 'lifecycle',
    granularity: settings.granularity ?? 'hourly',
  });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

carbonSourceContract('electricity-maps', async () => ({
  ...(await provider()),
  known,
  otherZones: ['DE'],
  unknownZone: 'XX-NOWHERE',
  missingSignal: 'Marginal',
  uncovered: { startsAt: HOUR - 4 * HOUR_MS, endsAt: HOUR },
  truth: { scope: 'Lifecycle', synthetic: false, estimated: [true, true, true, true], issuedBy: NOW },
  past: { interval: { startsAt: HOUR - 3 * HOUR_MS, endsAt: HOUR + HOUR_MS }, estimated: [false, false, false, true] },
}));

interface Rows {
  readonly forecast: { carbonIntensity: number | null }[];
}

providerFaultsContract(
  'electricity-maps',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [KEY], ask: async (abort) => (await source.forecast(known, abort)).samples };
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
          error: 'Request unauthorized for zoneKey=SE-SE3,requestType=forecast,dataType=carbon-intensity.',
          message: 'You do not have access to this specific endpoint for this specific zone.',
        },
      },
      code: 'NotEntitled',
      says: /plan.*SE-SE3.*requestType=forecast/,
    },
    'a reply for another zone': {
      fault: changed<object>((body) => ({ ...body, zone: 'FR' })),
      code: 'Malformed',
      says: 'zone FR, zone SE-SE3 was asked for',
    },
    'figures that are null': {
      fault: changed<Rows>(({ forecast, ...rest }) => ({
        ...rest,
        forecast: forecast.map((row, k) => (k === 1 ? { ...row, carbonIntensity: null } : row)),
      })),
      rows: 3,
    },
  },
);

describe('electricity-maps', () => {
  const opened = closedAfterEach(provider);

  test('is asked for the shortest of its horizons that reaches far enough, with its key, and never for the caller’s place', async () => {
    const { standIn, source } = await opened();
    for (const [hours, horizon] of [
      [5, '6'],
      [30, '48'],
      [96, '72'],
    ] as const) {
      await source.forecast({ ...known, interval: { startsAt: HOUR, endsAt: NOW + hours * HOUR_MS } }, NEVER);
      const { query, headers, path } = standIn.requests.at(-1)!;
      expect(path).toBe('/v4/carbon-intensity/forecast');
      expect(query.get('horizonHours')).toBe(horizon);
      expect(query.get('disableCallerLookup')).toBe('true');
      expect(headers['auth-token']).toBe(KEY);
    }
  });

  test('speaks v3 as well', async () => {
    const { standIn, source } = await opened({}, { version: 'v3' });
    await source.forecast(known, NEVER);
    expect(standIn.requests.at(-1)?.path).toBe('/v3/carbon-intensity/forecast');
    expect(standIn.requests.at(-1)?.query.get('shouldUseFallbackCallerLookup')).toBe('false');
  });

  test('counts direct emissions where it is told to', async () => {
    const { standIn, source } = await opened({}, { direct: true });
    expect((await source.forecast(known, NEVER)).scope).toBe('Direct');
    expect(standIn.requests.at(-1)?.query.get('emissionFactorType')).toBe('direct');
  });

  test('a sandbox key gives made-up figures, and they say so', async () => {
    const { source } = await opened({ sandbox: true });
    expect((await source.forecast(known, NEVER)).synthetic).toBe(true);
    expect((await source.history(known, NEVER)).synthetic).toBe(true);
  });

  test('a disclaimer about licences makes no figure synthetic', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(changed<object>((body) => ({ ...body, _disclaimer: 'Data licensed for academic use only.' })));
    expect((await source.forecast(known, NEVER)).synthetic).toBe(false);
  });

  test('hourly figures served for 5-minute ones count for hours', async () => {
    const { standIn, source } = await opened({}, { granularity: '5_minutes' });
    const { samples } = await source.forecast(known, NEVER);
    expect(standIn.requests.at(-1)?.query.get('temporalGranularity')).toBe('5_minutes');
    expect(samples).toHaveLength(4);
    expect(samples[1]).toMatchObject({ startsAt: HOUR + HOUR_MS, endsAt: HOUR + 2 * HOUR_MS });
  });

  test('a key that is wrong is told from a plan that lacks a zone', async () => {
    const wrongKey = await opened({}, { key: 'of-yesterday' });
    await expect(wrongKey.source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'Unauthorised' });
    const smallPlan = await opened({ entitled: ['DE'] });
    await expect(smallPlan.source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'NotEntitled' });
    expect((await smallPlan.source.forecast({ ...known, zone: 'DE' }, NEVER)).zone).toBe('DE');
  });
});
