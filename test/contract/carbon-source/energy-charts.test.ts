import { describe, expect, test } from '@jest/globals';
import { EnergyChartsStandIn, type EnergyChartsOptions } from '../../../hack/stand-ins/energy-charts.ts';
import { EnergyChartsSource } from '../../../operator/adapters/carbon/energy-charts/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { HOUR_MS, MINUTE_MS } from '../../../operator/domain/units.ts';
import type { CarbonQuery } from '../../../operator/ports/carbon.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract } from '../provider-faults.ts';
import { carbonSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T06:20:00Z');
const QUARTER_MS = 15 * MINUTE_MS;
/** What came is known an hour later. */
const MEASURED_UNTIL = Date.parse('2026-11-23T05:15:00Z');
/** Today ends in central Europe. */
const TODAY_ENDS = Date.parse('2026-11-23T23:00:00Z');
const NEVER = new AbortController().signal;

const known: CarbonQuery = {
  zone: 'DE',
  signal: 'Average',
  interval: { startsAt: MEASURED_UNTIL - 2 * QUARTER_MS, endsAt: MEASURED_UNTIL + 2 * QUARTER_MS },
};

const expectedFigure = (country: string, at: number): number =>
  (country === 'de' ? 400 : 50) + ((at / QUARTER_MS) % 96);

async function provider(overrides: Partial<EnergyChartsOptions> = {}) {
  const standIn = await new EnergyChartsStandIn({
    countries: ['de', 'fr', 'uk'],
    figures: expectedFigure,
    actuals: (country, at) => expectedFigure(country, at) + 9.5,
    now: () => NOW,
    ...overrides,
  }).start();
  const clock = new FakeClock(NOW);
  const http = new AxiosClient({ clock });
  const source = new EnergyChartsSource({ http, clock, baseUrl: standIn.url });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

carbonSourceContract('energy-charts', async () => ({
  ...(await provider()),
  known,
  otherZones: ['FR', 'GB'],
  unknownZone: 'SE-SE3',
  missingSignal: 'Marginal',
  uncovered: { startsAt: TODAY_ENDS, endsAt: TODAY_ENDS + 24 * HOUR_MS },
  truth: { scope: 'Lifecycle', synthetic: false, estimated: [false, false, true, true], issuedBy: NOW },
  past: {
    interval: { startsAt: MEASURED_UNTIL - 3 * QUARTER_MS, endsAt: MEASURED_UNTIL + QUARTER_MS },
    estimated: [false, false, false],
  },
}));

interface Reply {
  readonly unix_seconds: number[];
  readonly co2eq: (number | null)[];
  readonly co2eq_forecast: (number | null)[];
}

/** The reply with nothing known of the rows that begin then. */
const silentAt = (...instants: readonly number[]) =>
  changed<Reply>(({ unix_seconds, co2eq, co2eq_forecast, ...rest }) => {
    const kept = (figures: (number | null)[]) =>
      figures.map((figure, k) => (instants.includes((unix_seconds[k] ?? NaN) * 1_000) ? null : figure));
    return { ...rest, unix_seconds, co2eq: kept(co2eq), co2eq_forecast: kept(co2eq_forecast) };
  });

providerFaultsContract(
  'energy-charts',
  async () => {
    const { standIn, source, close } = await provider();
    return { standIn, close, secrets: [], ask: async (abort) => (await source.forecast(known, abort)).samples };
  },
  {
    'a key that it does not take': { impossibleBecause: 'it takes no key' },
    'a plan that has not the zone': { impossibleBecause: 'it has no plans' },
    'a reply for another zone': { impossibleBecause: 'its replies name no country' },
    'figures that are null': { fault: silentAt(MEASURED_UNTIL - QUARTER_MS, MEASURED_UNTIL), rows: 2 },
  },
);

describe('energy-charts', () => {
  const opened = closedAfterEach(provider);

  test('what came goes before what was expected', async () => {
    const { source } = await opened();
    const { samples } = await source.forecast(known, NEVER);
    const figures = samples.map(
      ({ startsAt, gramsPerKilowattHour }) => gramsPerKilowattHour - expectedFigure('de', startsAt),
    );
    expect(figures).toEqual([9.5, 9.5, 0, 0]);
  });

  test('a figure that was expected is no history', async () => {
    const { source } = await opened();
    const interval = { startsAt: MEASURED_UNTIL, endsAt: NOW };
    await expect(source.history({ ...known, interval }, NEVER)).rejects.toMatchObject({ code: 'NoData' });
  });

  test('a row with neither is a gap, and the row before does not hold beyond its beginning', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(silentAt(MEASURED_UNTIL));
    const { samples } = await source.forecast(known, NEVER);
    expect(samples.map(({ startsAt, endsAt }) => [startsAt - MEASURED_UNTIL, endsAt - MEASURED_UNTIL])).toEqual([
      [-2 * QUARTER_MS, -QUARTER_MS],
      [-QUARTER_MS, 0],
      [QUARTER_MS, 2 * QUARTER_MS],
    ]);
  });

  test('a row that is missing is a gap as well', async () => {
    const { standIn, source } = await opened();
    standIn.failNext(
      changed<Reply>((reply) => {
        const without = reply.unix_seconds.indexOf(MEASURED_UNTIL / 1_000);
        const { unix_seconds, co2eq, co2eq_forecast } = reply;
        for (const list of [unix_seconds, co2eq, co2eq_forecast]) list.splice(without, 1);
        return reply;
      }),
    );
    const { samples } = await source.forecast(known, NEVER);
    expect(samples.map(({ startsAt }) => startsAt)).not.toContain(MEASURED_UNTIL);
    expect(samples.every(({ startsAt, endsAt }) => endsAt - startsAt === QUARTER_MS)).toBe(true);
  });

  test('rows of an hour count for hours', async () => {
    const { source } = await opened({ rowMs: HOUR_MS });
    const interval = { startsAt: NOW, endsAt: NOW + 2 * HOUR_MS };
    const { samples } = await source.forecast({ ...known, interval }, NEVER);
    expect(samples.map(({ startsAt, endsAt }) => (endsAt - startsAt) / MINUTE_MS)).toEqual([40, 60, 20]);
  });

  test.each(['co2eq', 'co2eq_forecast'] as const)('lists of unequal length are refused: %s', async (list) => {
    const { standIn, source } = await opened();
    standIn.failNext(changed<Reply>((reply) => ({ ...reply, [list]: reply[list].slice(1) })));
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({
      code: 'Malformed',
      message: expect.stringMatching(`192 times, .*191 of ${list}\\b`) as unknown,
    });
  });

  test('tomorrow is there once it is computed', async () => {
    let expectedUntil = TODAY_ENDS;
    const { source } = await opened({ expectedUntil: () => expectedUntil });
    const interval = { startsAt: NOW, endsAt: TODAY_ENDS + 24 * HOUR_MS };
    expect((await source.forecast({ ...known, interval }, NEVER)).samples.at(-1)?.endsAt).toBe(TODAY_ENDS);
    expectedUntil = interval.endsAt;
    expect((await source.forecast({ ...known, interval }, NEVER)).samples.at(-1)?.endsAt).toBe(interval.endsAt);
  });

  test('is asked for a country, for its forecast without a time and for its history with one', async () => {
    const { standIn, source } = await opened();
    await source.forecast({ ...known, zone: 'GB' }, NEVER);
    expect(Object.fromEntries(standIn.requests.at(-1)!.query)).toEqual({ country: 'uk' });
    await source.history(known, NEVER);
    expect(Object.fromEntries(standIn.requests.at(-1)!.query)).toEqual({
      country: 'de',
      start: String(Date.parse('2026-11-23T04:00:00Z') / 1_000),
      end: String(Date.parse('2026-11-23T06:00:00Z') / 1_000),
    });
  });

  test.each(['SE-SE3', 'US', 'de', 'constructor'])(
    'zone %s is refused without a question, and the error says what there is',
    async (zone) => {
      const { standIn, source } = await opened();
      const refusal = source.forecast({ ...known, zone }, NEVER);
      await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
      await expect(refusal).rejects.toThrow(/countries as a whole.*another source/);
      expect(standIn.requests).toHaveLength(0);
    },
  );

  test('a country that the provider has no more is an unknown zone', async () => {
    const { source } = await opened();
    await expect(source.forecast({ ...known, zone: 'PL' }, NEVER)).rejects.toMatchObject({ code: 'ZoneUnknown' });
  });

  test('a burst is refused, and with the time to wait', async () => {
    const { source } = await opened({ burst: { requests: 2, withinMs: MINUTE_MS } });
    await source.forecast(known, NEVER);
    await source.forecast(known, NEVER);
    await expect(source.forecast(known, NEVER)).rejects.toMatchObject({
      code: 'QuotaExceeded',
      retryAfterMs: MINUTE_MS,
    });
  });
});
