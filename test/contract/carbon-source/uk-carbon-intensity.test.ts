import { describe, expect, test } from '@jest/globals';
import {
  UkCarbonIntensityStandIn,
  type UkCarbonIntensityOptions,
} from '../../../hack/stand-ins/uk-carbon-intensity.ts';
import { UkCarbonIntensitySource } from '../../../operator/adapters/carbon/uk-carbon-intensity/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../operator/domain/units.ts';
import type { CarbonQuery } from '../../../operator/ports/carbon.ts';
import { FakeClock } from '../../fixtures/fake-clock.ts';
import { closedAfterEach } from '../closed-after-each.ts';
import { changed, providerFaultsContract, type OwnFaultCases } from '../provider-faults.ts';
import { carbonSourceContract } from './contract.ts';

const NOW = Date.parse('2026-11-23T06:20:00Z');
const ROW_MS = 30 * MINUTE_MS;
/** Of the row that is under way. */
const ROW = Date.parse('2026-11-23T06:00:00Z');
const NEVER = new AbortController().signal;

const national: CarbonQuery = {
  zone: 'GB',
  signal: 'Average',
  interval: { startsAt: ROW - ROW_MS, endsAt: ROW + 3 * ROW_MS },
};
const london: CarbonQuery = { ...national, zone: 'GB-13' };

const expectedFigure = (zone: string, at: number): number => (zone === 'GB' ? 100 : 200) + ((at / ROW_MS) % 48);
const actualFigure = (zone: string, at: number): number => expectedFigure(zone, at) + 7;

async function provider(overrides: Partial<UkCarbonIntensityOptions> = {}, regions: Record<string, number> = {}) {
  const standIn = await new UkCarbonIntensityStandIn({
    figures: expectedFigure,
    actuals: actualFigure,
    now: () => NOW,
    ...overrides,
  }).start();
  const clock = new FakeClock(NOW);
  const http = new AxiosClient({ clock });
  const source = new UkCarbonIntensitySource({ http, clock, baseUrl: standIn.url, regions });
  const close = async (): Promise<void> => {
    http.close();
    await standIn.stop();
  };
  return { standIn, source, close };
}

const uncovered = { startsAt: NOW + 50 * HOUR_MS, endsAt: NOW + 60 * HOUR_MS };
const truth = { scope: 'Operational', synthetic: false, issuedBy: NOW } as const;

carbonSourceContract('uk-carbon-intensity (Great Britain)', async () => ({
  ...(await provider()),
  known: national,
  otherZones: ['GB-1', 'GB-17'],
  unknownZone: 'FR',
  missingSignal: 'Marginal',
  uncovered,
  truth: { ...truth, estimated: [false, true, true, true] },
  past: { interval: { startsAt: ROW - 3 * ROW_MS, endsAt: ROW }, estimated: [false, false, false] },
}));

carbonSourceContract('uk-carbon-intensity (a region)', async () => ({
  ...(await provider()),
  known: london,
  otherZones: ['GB'],
  unknownZone: 'GB-99',
  missingSignal: 'Marginal',
  uncovered,
  truth: { ...truth, estimated: [true, true, true, true] },
  past: { noneBecause: 'rows of regions have no actual figure, not even of the past' },
}));

interface Row {
  readonly intensity: { forecast: number | null; actual?: number | null };
}
interface Regional {
  readonly data: { readonly regionid: number; readonly data: readonly Row[] };
}

const noKey = {
  'a key that it does not take': { impossibleBecause: 'it takes no key' },
  'a plan that has not the zone': { impossibleBecause: 'it has no plans' },
} as const;

const withoutForecast = (rows: readonly Row[], ordinal: number): readonly Row[] =>
  rows.map((row, k) => (k === ordinal ? { ...row, intensity: { ...row.intensity, forecast: null } } : row));

function faultsOf(name: string, query: CarbonQuery, cases: OwnFaultCases): void {
  providerFaultsContract(
    name,
    async () => {
      const { standIn, source, close } = await provider();
      return { standIn, close, secrets: [], ask: async (abort) => (await source.forecast(query, abort)).samples };
    },
    cases,
  );
}

faultsOf('uk-carbon-intensity (Great Britain)', national, {
  ...noKey,
  'a reply for another zone': { impossibleBecause: 'its replies for Great Britain as a whole name no place' },
  'figures that are null': {
    fault: changed<{ readonly data: readonly Row[] }>(({ data }) => ({ data: withoutForecast(data, 3) })),
    rows: 3,
  },
});

faultsOf('uk-carbon-intensity (a region)', london, {
  ...noKey,
  'a reply for another zone': {
    fault: changed<Regional>(({ data }) => ({ data: { ...data, regionid: 3 } })),
    code: 'Malformed',
    says: 'for region 3, region 13 was asked for',
  },
  'figures that are null': {
    fault: changed<Regional>(({ data }) => ({ data: { ...data, data: withoutForecast(data.data, 3) } })),
    rows: 3,
  },
});

describe('uk-carbon-intensity', () => {
  const opened = closedAfterEach(provider);

  test('is asked in whole minutes around the interval, for seconds are refused', async () => {
    const { standIn, source } = await opened();
    const interval = { startsAt: NOW + 12 * SECOND_MS, endsAt: NOW + HOUR_MS + 1 };
    const { samples } = await source.forecast({ ...national, interval }, NEVER);
    expect(standIn.requests.at(-1)?.path).toBe('/intensity/2026-11-23T06:20Z/2026-11-23T07:21Z');
    expect(samples.map(({ startsAt, endsAt }) => [startsAt, endsAt])).toEqual([
      [interval.startsAt, ROW + ROW_MS],
      [ROW + ROW_MS, ROW + 2 * ROW_MS],
      [ROW + 2 * ROW_MS, interval.endsAt],
    ]);
    await source.forecast(london, NEVER);
    expect(standIn.requests.at(-1)?.path).toBe('/regional/intensity/2026-11-23T05:30Z/2026-11-23T07:30Z/regionid/13');
  });

  test('is asked for fourteen days at most, the next of a forecast and the last of a history', async () => {
    const { standIn, source } = await opened();
    const ahead = { startsAt: NOW, endsAt: NOW + 20 * 24 * HOUR_MS };
    expect((await source.forecast({ ...national, interval: ahead }, NEVER)).samples).toHaveLength(96);
    expect(standIn.requests.at(-1)?.path).toBe('/intensity/2026-11-23T06:20Z/2026-12-07T06:20Z');
    const behind = { startsAt: NOW - 20 * 24 * HOUR_MS, endsAt: NOW };
    const { samples } = await source.history({ ...national, interval: behind }, NEVER);
    expect(standIn.requests.at(-1)?.path).toBe('/intensity/2026-11-09T06:20Z/2026-11-23T06:20Z');
    expect(samples.at(-1)?.endsAt).toBe(ROW);
  });

  test('a row that is over counts with what came, one that is not with what is expected', async () => {
    const { source } = await opened();
    const { samples } = await source.forecast(national, NEVER);
    expect(samples.map(({ gramsPerKilowattHour }) => gramsPerKilowattHour)).toEqual([
      actualFigure('GB', ROW - ROW_MS),
      expectedFigure('GB', ROW),
      expectedFigure('GB', ROW + ROW_MS),
      expectedFigure('GB', ROW + 2 * ROW_MS),
    ]);
  });

  test('an actual figure for a row that is not over is no measurement', async () => {
    const { source } = await opened({ settledUntil: () => NOW + 24 * HOUR_MS });
    const { samples } = await source.forecast(national, NEVER);
    expect(samples.map(({ estimated }) => estimated)).toEqual([false, true, true, true]);
    const past = { ...national, interval: { startsAt: ROW - ROW_MS, endsAt: ROW + ROW_MS } };
    expect((await source.history(past, NEVER)).samples).toHaveLength(1);
  });

  test('an actual figure that is not known yet is no zero: the row counts with what was expected, and has no history', async () => {
    const { source } = await opened({ settledUntil: () => ROW - ROW_MS });
    const { samples } = await source.forecast(national, NEVER);
    expect(samples[0]).toEqual({
      startsAt: ROW - ROW_MS,
      endsAt: ROW,
      gramsPerKilowattHour: expectedFigure('GB', ROW - ROW_MS),
      estimated: true,
    });
    const past = { ...national, interval: { startsAt: ROW - 2 * ROW_MS, endsAt: ROW } };
    const history = await source.history(past, NEVER);
    expect(history.samples).toEqual([
      {
        startsAt: ROW - 2 * ROW_MS,
        endsAt: ROW - ROW_MS,
        gramsPerKilowattHour: actualFigure('GB', ROW - 2 * ROW_MS),
        estimated: false,
      },
    ]);
  });

  test('the row that comes one too early is left out', async () => {
    const { standIn, source } = await opened();
    const replied: { from: string }[] = [];
    standIn.failNext(
      changed<{ readonly data: { from: string }[] }>((body) => {
        replied.push(...body.data);
        return body;
      }),
    );
    const { samples } = await source.forecast(
      { ...national, interval: { startsAt: ROW, endsAt: ROW + HOUR_MS } },
      NEVER,
    );
    expect(replied[0]?.from).toBe('2026-11-23T05:30Z');
    expect(samples[0]?.startsAt).toBe(ROW);
  });

  test('a region in a list, as documented, is read like one as an object, as served', async () => {
    const served = await opened({ regionsIn: 'object' });
    const documented = await opened({ regionsIn: 'list' });
    const { samples } = await served.source.forecast(london, NEVER);
    expect(samples).toHaveLength(4);
    expect((await documented.source.forecast(london, NEVER)).samples).toEqual(samples);
  });

  test('a list without the region asked for is refused', async () => {
    const { standIn, source } = await opened({ regionsIn: 'list' });
    standIn.failNext(changed(() => ({ data: [] })));
    await expect(source.forecast(london, NEVER)).rejects.toMatchObject({
      code: 'Malformed',
      message: 'uk-carbon-intensity answers for region none, region 13 was asked for',
    });
  });

  test('the history of a region says why there is none', async () => {
    const { standIn, source } = await opened();
    await expect(source.history(london, NEVER)).rejects.toThrow(/GB-13: rows of a region .* no actual/);
    expect(standIn.requests).toHaveLength(0);
  });

  test('zones get region ids by configuration, and those built in can be replaced', async () => {
    const { standIn, source } = await opened({}, { 'site-slough': 12, 'GB-13': 14 });
    expect((await source.forecast({ ...london, zone: 'site-slough' }, NEVER)).zone).toBe('site-slough');
    expect(standIn.requests.at(-1)?.path).toMatch(/regionid\/12$/);
    await source.forecast(london, NEVER);
    expect(standIn.requests.at(-1)?.path).toMatch(/regionid\/14$/);
    await expect(source.forecast({ ...london, zone: 'constructor' }, NEVER)).rejects.toThrow(
      /GB-1 to GB-17.*`regions`/,
    );
  });

  test('a refusal is told in the words of the provider', async () => {
    const { source } = await opened({}, { 'GB-99': 99 });
    const refusal = source.forecast({ ...london, zone: 'GB-99' }, NEVER);
    await expect(refusal).rejects.toMatchObject({ code: 'Malformed' });
    await expect(refusal).rejects.toThrow(/answers 400 .*enter a valid region id/);
  });

  test('rows of seconds are read, as the demo’s pressed day has them', async () => {
    const { source } = await opened({ rowMs: 5 * SECOND_MS });
    const interval = { startsAt: NOW - 5 * SECOND_MS, endsAt: NOW + 10 * SECOND_MS };
    for (const zone of ['GB', 'GB-13']) {
      const { samples } = await source.forecast({ ...national, zone, interval }, NEVER);
      expect(samples.map(({ startsAt, endsAt }) => (endsAt - startsAt) / SECOND_MS)).toEqual([5, 5, 5]);
    }
  });
});
