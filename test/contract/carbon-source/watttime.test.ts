import { describe, expect, test } from '@jest/globals';
import { WattTimeStandIn, type WattTimeStandInOptions } from '../../../hack/stand-ins/watttime.ts';
import { WattTimeSource, type WattTimeOptions } from '../../../operator/adapters/carbon/watttime/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { CarbonQuery } from '../../../operator/ports/carbon.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract, type OwnFaultCases } from '../provider-faults.ts';
import { carbonSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T06:22:00Z');
const BEGUN = Date.parse('2026-11-23T06:20:00Z');
const HOUR = Date.parse('2026-11-23T06:00:00Z');
const USERNAME = 'someone-of-the-test';
const PASSWORD = 'åpen-sesam:4711';
const CREDENTIALS = Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64');
const NEVER = new AbortController().signal;
const known: CarbonQuery = {
  zone: 'SE-SE3',
  signal: 'Marginal',
  interval: { startsAt: BEGUN, endsAt: BEGUN + 30 * MINUTE_MS },
};

async function provider(overrides: Partial<WattTimeStandInOptions> = {}, settings: Partial<WattTimeOptions> = {}) {
  const clock = new FakeClock(NOW);
  const standIn = await new WattTimeStandIn({
    username: USERNAME,
    password: PASSWORD,
    regions: ['SE', 'DE', 'CAISO_NORTH'],
    averageRegions: ['CAISO'],
    figures: (region, at) => (region === 'DE' ? 1_500 : 1_000) + ((at / MINUTE_MS) % 60),
    now: () => clock.now(),
    imputedPoints: 2,
    ...overrides,
  }).start();
  const http = new AxiosClient({ clock });
  const newSource = () =>
    new WattTimeSource({
      http,
      clock,
      username: { read: () => Promise.resolve(USERNAME) },
      password: { read: () => Promise.resolve(PASSWORD) },
      baseUrl: standIn.url,
      regions: {},
      ...settings,
    });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  const asked = (path: string) => standIn.requests.filter((request) => request.path === path);
  return { standIn, clock, source: newSource(), newSource, asked, close };
}

carbonSourceContract('watttime', async () => ({
  ...(await provider()),
  known,
  otherZones: ['DE'],
  unknownZone: 'XX-NOWHERE',
  missingSignal: 'Average',
  uncovered: { startsAt: BEGUN - 4 * HOUR_MS, endsAt: BEGUN },
  truth: { scope: 'Direct', synthetic: false, estimated: new Array<boolean>(6).fill(true), issuedBy: NOW },
  past: {
    interval: { startsAt: BEGUN - 15 * MINUTE_MS, endsAt: BEGUN + 5 * MINUTE_MS },
    estimated: [false, false, true, true],
  },
}));

interface Body {
  readonly data: { point_time: string; value: number | null }[];
  readonly meta: object;
}
const withMeta = (meta: object) => changed<Body>((body) => ({ ...body, meta: { ...body.meta, ...meta } }));

const DATA_FAULTS: OwnFaultCases = {
  'a key that it does not take': {
    fault: { status: 401, body: { error: 'UNAUTHORIZED', message: 'Invalid token' } },
    code: 'Unauthorised',
    says: /Invalid token.*Secret/,
  },
  'a plan that has not the zone': {
    fault: {
      status: 403,
      body: { error: 'Invalid query parameters', message: 'Invalid scope. You do not have sufficient access.' },
    },
    code: 'NotEntitled',
    says: /account.*SE-SE3.*Invalid scope/,
  },
  'a reply for another zone': {
    fault: withMeta({ region: 'CAISO_NORTH' }),
    code: 'Malformed',
    says: 'region CAISO_NORTH for zone SE-SE3, SE was asked for',
  },
  'figures that are null': {
    fault: changed<Body>(({ data, meta }) => ({
      meta,
      data: data.map((point, k) => (k === 1 ? { ...point, value: null } : point)),
    })),
    rows: 5,
  },
};

providerFaultsContract(
  'watttime',
  async () => {
    const { standIn, source, close } = await provider();
    await source.forecast(known, NEVER);
    return {
      standIn,
      close,
      secrets: [PASSWORD, CREDENTIALS, 'token-of-the-stand-in'],
      spares: ({ path }) => path === '/login',
      ask: async (abort) => (await source.forecast(known, abort)).samples,
    };
  },
  DATA_FAULTS,
);

const NO_DATA_AT_LOGIN = { impossibleBecause: 'the login knows of no zones and has no figures' };

providerFaultsContract(
  'watttime at its login',
  async () => {
    const { standIn, newSource, close } = await provider();
    const secrets = [PASSWORD, CREDENTIALS, 'token-of-the-stand-in'];
    return { standIn, close, secrets, ask: async (abort) => (await newSource().forecast(known, abort)).samples };
  },
  {
    'a key that it does not take': { fault: { status: 401, body: {} }, code: 'Unauthorised', says: /login.*Secret/ },
    'no data, with 404': { fault: { status: 404, body: 'Not Found' }, code: 'Malformed', says: 'without a version' },
    'a plan that has not the zone': NO_DATA_AT_LOGIN,
    'a reply for another zone': NO_DATA_AT_LOGIN,
    'figures that are null': NO_DATA_AT_LOGIN,
  },
);

const opened = closedAfterEach(provider);

describe('watttime, with an account,', () => {
  test('logs in outside of v3, and asks with the token that it got', async () => {
    const { source, standIn } = await opened();
    await source.forecast(known, NEVER);
    expect(standIn.requests.map(({ path }) => path)).toEqual(['/login', '/v3/forecast']);
    expect(standIn.requests[0]?.headers.authorization).toBe(`Basic ${CREDENTIALS}`);
    expect(standIn.requests[1]?.headers.authorization).toBe('Bearer token-of-the-stand-in.1');
  });

  test('makes one login for fifty questions at once, and for all that follow', async () => {
    const { source, asked } = await opened();
    await Promise.all(Array.from({ length: 50 }, () => source.forecast(known, NEVER)));
    await source.forecast({ ...known, zone: 'DE' }, NEVER);
    expect(asked('/login')).toHaveLength(1);
    expect(asked('/v3/forecast')).toHaveLength(51);
  });

  test('renews its token after 25 minutes, before it ends', async () => {
    const { source, clock, asked } = await opened();
    await source.forecast(known, NEVER);
    clock.jump(25 * MINUTE_MS - 1);
    await source.history(known, NEVER);
    expect(asked('/login')).toHaveLength(1);
    clock.jump(1);
    await source.history(known, NEVER);
    expect(asked('/login')).toHaveLength(2);
  });

  test.each([401, 403] as const)('logs in anew, once, when its token has ended early (%s)', async (expired) => {
    let isAhead = false;
    const { source, clock, asked } = await opened({
      expired,
      now: () => clock.now() + (isAhead ? HOUR_MS : 0),
    });
    await source.history(known, NEVER);
    isAhead = true;
    await source.history(known, NEVER);
    expect(asked('/login')).toHaveLength(2);
    expect(asked('/v3/historical').map(({ headers }) => headers.authorization?.slice(-1))).toEqual(['1', '1', '2']);
  });

  test('logs in anew once for fifty questions whose token has ended', async () => {
    let isAhead = false;
    const { source, clock, asked } = await opened({ now: () => clock.now() + (isAhead ? HOUR_MS : 0) });
    await source.history(known, NEVER);
    isAhead = true;
    await Promise.all(Array.from({ length: 50 }, () => source.history(known, NEVER)));
    expect(asked('/login')).toHaveLength(2);
  });

  test('gives up when the token of a new login is not taken either', async () => {
    const { source, standIn, asked } = await opened();
    await source.forecast(known, NEVER);
    standIn.failBy(({ path }) => (path === '/login' ? undefined : { status: 401, body: { error: 'no' } }));
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'Unauthorised' });
    expect(asked('/login')).toHaveLength(2);
    expect(asked('/v3/forecast')).toHaveLength(3);
  });

  test('does not log in anew for what its plan has not', async () => {
    const { source, asked } = await opened({ entitled: ['DE'] });
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({ code: 'NotEntitled' });
    expect((await source.forecast({ ...known, zone: 'DE' }, NEVER)).zone).toBe('DE');
    expect(asked('/login')).toHaveLength(1);
  });

  test('says so where its password is wrong, and tries the next one that the Secret holds', async () => {
    let password = 'of-yesterday';
    const { source } = await opened({}, { password: { read: () => Promise.resolve(password) } });
    const refusal = source.forecast(known, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'Unauthorised' });
    await expect(refusal).rejects.toThrow(/\/login: 403 Forbidden; look at the key in its Secret/);
    password = PASSWORD;
    expect((await source.forecast(known, NEVER)).zone).toBe('SE-SE3');
  });

  test('goes on with a login for the others when the one who began it goes away', async () => {
    let letGo = (): void => undefined;
    const held = new Promise<string>((resolve) => {
      letGo = () => {
        resolve(PASSWORD);
      };
    });
    const { source, asked } = await opened({}, { password: { read: () => held } });
    const first = new AbortController();
    const reason = new Error('shutting down');
    const left = source.forecast(known, first.signal);
    const stayed = source.forecast(known, NEVER);
    first.abort(reason);
    await expect(left).rejects.toBe(reason);
    letGo();
    expect((await stayed).zone).toBe('SE-SE3');
    expect(asked('/login')).toHaveLength(1);
  });
});

describe('watttime, of its figures,', () => {
  test('turns pounds per megawatt-hour into grams per kilowatt-hour', async () => {
    const { source } = await opened({ figures: () => 1_000 });
    const { samples } = await source.forecast(known, NEVER);
    expect(samples[0]).toMatchObject({ startsAt: BEGUN, endsAt: BEGUN + 5 * MINUTE_MS });
    expect(samples[0]?.gramsPerKilowattHour).toBeCloseTo(453.59237, 10);
  });

  test('lets every point hold for as long as the reply says', async () => {
    const { source, standIn } = await opened();
    standIn.failBy(({ path }) => (path === '/login' ? undefined : withMeta({ data_point_period_seconds: 60 })));
    const { samples } = await source.forecast(known, NEVER);
    expect(samples[1]).toMatchObject({ startsAt: BEGUN + 5 * MINUTE_MS, endsAt: BEGUN + 6 * MINUTE_MS });
  });

  test.each([
    ['the period that is under way', 3 * MINUTE_MS, 0],
    ['half an hour', 30 * MINUTE_MS, 1],
    ['an hour from the beginning of the period', 58 * MINUTE_MS, 1],
    ['an hour from now', HOUR_MS, 2],
    ['three days', 72 * HOUR_MS - 2 * MINUTE_MS, 72],
    ['a week', 168 * HOUR_MS, 72],
  ])('asks for as many hours as it needs: for %s', async (_, untilMs, hours) => {
    const { source, asked } = await opened();
    const interval = { startsAt: BEGUN, endsAt: NOW + untilMs };
    const { samples } = await source.forecast({ ...known, interval }, NEVER);
    expect(asked('/v3/forecast')[0]?.query.get('horizon_hours')).toBe(String(hours));
    const reach = BEGUN + Math.max(hours * HOUR_MS, 5 * MINUTE_MS);
    expect(samples.at(-1)?.endsAt).toBe(Math.min(interval.endsAt, reach));
  });

  test('dates a forecast by when it was made, and never later than now', async () => {
    const punctual = await opened();
    expect((await punctual.source.forecast(known, NEVER)).issuedAt).toBe(BEGUN);
    const ahead = await opened({ aheadMs: HOUR_MS });
    expect((await ahead.source.forecast(known, NEVER)).issuedAt).toBe(NOW);
  });

  test('refuses percentiles, and another signal than it asked for', async () => {
    const { source, standIn } = await opened();
    for (const [meta, words] of [
      [{ units: 'percentile' }, 'units percentile for zone SE-SE3, lbs_co2_per_mwh was asked for'],
      [{ signal_type: 'health_damage' }, 'signal_type health_damage for zone SE-SE3, co2_moer was asked for'],
    ] as const) {
      standIn.failBy(({ path }) => (path === '/login' ? undefined : withMeta(meta)));
      const refusal = source.forecast(known, NEVER);
      await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
      await expect(refusal).rejects.toThrow(words);
    }
  });

  test('takes a warning for what it is', async () => {
    const { source, standIn } = await opened();
    const warnings = [{ type: 'EXAMPLE_WARNING', message: 'This is just an example' }];
    standIn.failBy(({ path }) => (path === '/login' ? undefined : withMeta({ warnings })));
    expect((await source.forecast(known, NEVER)).samples).toHaveLength(6);
  });
});

describe('watttime, of what came,', () => {
  test('asks for the time wanted alone, from the full hour on, and for the mark of filled-in data', async () => {
    const { source, asked } = await opened();
    await source.history({ ...known, interval: { startsAt: HOUR - 50 * MINUTE_MS, endsAt: HOUR } }, NEVER);
    expect(Object.fromEntries(asked('/v3/historical')[0]?.query ?? [])).toEqual({
      region: 'SE',
      signal_type: 'co2_moer',
      start: '2026-11-23T05:00:00.000Z',
      end: '2026-11-23T06:00:00.000Z',
      include_imputed_marker: 'true',
    });
  });

  test('asks for the last thirty days of a longer time, and not for what is to come', async () => {
    const { source, asked } = await opened();
    const interval = { startsAt: HOUR - 90 * 24 * HOUR_MS, endsAt: NOW + HOUR_MS };
    const { samples } = await source.history({ ...known, interval }, NEVER);
    expect(samples[0]?.startsAt).toBe(NOW - 30 * 24 * HOUR_MS);
    expect(samples.at(-1)?.endsAt).toBe(BEGUN + 5 * MINUTE_MS);
    const [request] = asked('/v3/historical');
    expect(request?.query.get('start')).toBe('2026-10-24T06:00:00.000Z');
    expect(request?.query.get('end')).toBe('2026-11-23T06:22:00.000Z');
  });

  test('asks nothing where all of it is still to come', async () => {
    const { source, standIn } = await opened();
    const interval = { startsAt: NOW, endsAt: NOW + HOUR_MS };
    await expect(source.history({ ...known, interval }, NEVER)).rejects.toMatchObject({ code: 'NoData' });
    expect(standIn.requests).toEqual([]);
  });

  test('counts as estimated what nobody marks as measured', async () => {
    const { source, standIn } = await opened();
    const unmarked = changed<Body>(({ data, meta }) => ({
      meta,
      data: data.map(({ point_time, value }) => ({ point_time, value })),
    }));
    standIn.failBy(({ path }) => (path === '/login' ? undefined : unmarked));
    const interval = { startsAt: HOUR, endsAt: HOUR + 5 * MINUTE_MS };
    expect((await source.history({ ...known, interval }, NEVER)).samples).toMatchObject([{ estimated: true }]);
  });

  test('has average intensity of the hour, in regions of its own', async () => {
    const { source, asked } = await opened();
    const interval = { startsAt: HOUR - HOUR_MS, endsAt: HOUR };
    const series = await source.history({ zone: 'US-CAL-CISO', signal: 'Average', interval }, NEVER);
    expect(series).toMatchObject({ signal: 'Average', scope: 'Direct', samples: [interval] });
    expect(Object.fromEntries(asked('/v3/historical')[0]?.query ?? [])).toMatchObject({
      region: 'CAISO',
      signal_type: 'co2_aoer',
    });
    const elsewhere = source.history({ zone: 'DE', signal: 'Average', interval }, NEVER);
    await expect(elsewhere).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(elsewhere).rejects.toThrow('averageRegions');
  });
});

describe('watttime, of regions,', () => {
  test('asks for the region that is configured, before the one of its table', async () => {
    const { source, asked } = await opened({}, { regions: { 'SE-SE3': 'DE', 'US-CAL-CISO': 'CAISO_NORTH' } });
    await source.forecast(known, NEVER);
    await source.forecast({ ...known, zone: 'US-CAL-CISO' }, NEVER);
    await source.forecast({ ...known, zone: 'DE' }, NEVER);
    expect(asked('/v3/forecast').map(({ query }) => query.get('region'))).toEqual(['DE', 'CAISO_NORTH', 'DE']);
  });

  test.each(['US-CAL-CISO', 'constructor'])('does not guess one: %s', async (zone) => {
    const { source, standIn } = await opened();
    const refusal = source.forecast({ ...known, zone }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(refusal).rejects.toThrow(`zone ${zone} and signal Marginal; name it in \`regions\` of watttime`);
    expect(standIn.requests).toEqual([]);
  });

  test('says so where the provider does not know the one that was configured', async () => {
    const { source } = await opened({}, { regions: { 'SE-SE3': 'NORGE' } });
    const refusal = source.forecast(known, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(refusal).rejects.toThrow(/NORGE, the region of zone SE-SE3: No coverage.*`regions`/);
  });
});
