import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import type { IntensitySeries, Rung, Signal } from '../../domain/intensity.ts';
import type { CarbonAnswer, CarbonLadder, CarbonQuery, CarbonSourceFailure } from '../../ports/carbon.ts';
import { SourceError } from '../../ports/source-error.ts';
import { CarbonMetrics } from '../../telemetry/carbon-metrics.ts';
import { Outlooks, type OutlooksOptions, type ZoneSignal } from './outlooks.ts';

const DE = { zone: 'DE', signal: 'Average' } as const;
const SE = { zone: 'SE-SE3', signal: 'Average' } as const;
const DAY = Array.from({ length: 48 }, () => 100);

type Answer = (query: CarbonQuery) => CarbonAnswer | Promise<CarbonAnswer>;

function known(
  figures: readonly (number | undefined)[] = DAY,
  labels: Partial<IntensitySeries<'Average'>> = {},
  rung: Rung = 'LiveForecast',
) {
  return { outlook: { series: series(figures, labels), rung }, failures: [] };
}

function unknown(...failures: CarbonSourceFailure[]): CarbonAnswer {
  return { outlook: undefined, failures };
}

const quota: CarbonSourceFailure = { source: 'vendor', error: new SourceError('QuotaExceeded', 'come back') };

function anOperator(answer: Answer, overrides: Partial<OutlooksOptions> = {}) {
  const clock = new FakeClock(MIDNIGHT);
  const logger = new RecordingLogger();
  const registry = new Registry();
  const queries: CarbonQuery[] = [];
  const changed: ZoneSignal[] = [];
  const forgotten: ZoneSignal[] = [];
  const world = { answer };
  const ladder: CarbonLadder = {
    async ask<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal) {
      queries.push(query);
      abort.throwIfAborted();
      return (await world.answer(query)) as CarbonAnswer<S>;
    },
    forget: (one) => forgotten.push(one),
  };
  const outlooks = new Outlooks({
    ladder,
    wanted: () => [DE],
    onChange: (one) => changed.push(one),
    clock,
    random: () => 0,
    logger,
    metrics: new CarbonMetrics(registry),
    horizonMs: hours(48),
    intervalMs: hours(1),
    ...overrides,
  });
  const abort = new AbortController();
  return { clock, logger, registry, queries, changed, forgotten, world, outlooks, abort };
}

async function metric(registry: Registry, name: string) {
  return (await registry.getSingleMetric(name)?.get())?.values.map(({ labels, value }) => ({ ...labels, value }));
}

describe('a refresh', () => {
  test('asks for the time from an hour ago to the horizon, in whole hours', async () => {
    const { outlooks, queries, clock, abort } = anOperator(() => known());
    await clock.advance(hours(2.5));
    await outlooks.refresh([DE], abort.signal);
    expect(queries).toEqual([{ ...DE, interval: { startsAt: atHour(1), endsAt: atHour(51) } }]);
  });

  test('keeps the answer, with its rung', async () => {
    const { outlooks, abort } = anOperator(() => known(DAY, {}, 'TypicalDay'));
    expect(outlooks.get('DE', 'Average')).toBeUndefined();
    await outlooks.refresh([DE], abort.signal);
    expect(outlooks.get('DE', 'Average')).toMatchObject({ rung: 'TypicalDay', series: { source: 'file' } });
    expect(outlooks.get('DE', 'Marginal')).toBeUndefined();
    expect(outlooks.problem('DE', 'Average')).toBeUndefined();
  });

  test('asks once for what is wanted twice', async () => {
    const { outlooks, queries, abort } = anOperator(() => known());
    await outlooks.refresh([DE, { ...DE }], abort.signal);
    expect(queries).toHaveLength(1);
  });

  test('keeps why a zone has none, in the words of the source that should have had it', async () => {
    const later = { source: 'typical-day', error: new SourceError('ZoneUnknown', 'which?') };
    const { outlooks, abort } = anOperator(() => unknown(quota, later));
    expect(outlooks.problem('DE', 'Average')).toBeUndefined();
    await outlooks.refresh([DE], abort.signal);
    expect(outlooks.problem('DE', 'Average')).toMatchObject({ code: 'QuotaExceeded', message: 'come back' });
    expect(outlooks.failures('DE', 'Average')).toEqual([quota, later]);
  });

  test('says that there is no source, where there is none', async () => {
    const { outlooks, abort } = anOperator(() => unknown());
    await outlooks.refresh([DE], abort.signal);
    expect(outlooks.problem('DE', 'Average')?.code).toBe('NoData');
  });

  test('goes on with the others where one fails', async () => {
    const { outlooks, logger, abort } = anOperator(({ zone }) => {
      if (zone === 'DE') throw new TypeError('a fault in the code');
      return known();
    });
    await outlooks.refresh([DE, SE], abort.signal);
    expect(outlooks.problem('DE', 'Average')).toMatchObject({ code: 'Unavailable' });
    expect(outlooks.get('SE-SE3', 'Average')).toBeDefined();
    expect(logger.of('error')).toHaveLength(1);
  });

  test('has a bounded number of questions under way', async () => {
    let underWay = 0;
    let most = 0;
    const answer = async () => {
      most = Math.max(most, (underWay += 1));
      await settle();
      underWay -= 1;
      return known();
    };
    const { outlooks, abort } = anOperator(answer, { concurrency: 3 });
    const zones = Array.from({ length: 20 }, (_, i) => ({ ...DE, zone: `Z${String(i)}` }));
    await outlooks.refresh(zones, abort.signal);
    expect(most).toBe(3);
    expect(outlooks.get('Z19', 'Average')).toBeDefined();
  });

  test('asks first about what is not known, then about what was issued the longest ago', async () => {
    const issued = new Map([
      ['A', 3],
      ['B', 1],
      ['C', 2],
    ]);
    const issuedAt = (zone: string): number => atHour(issued.get(zone) ?? 0);
    const answer = ({ zone }: CarbonQuery) =>
      zone === 'D' ? unknown(quota) : known(DAY, { issuedAt: issuedAt(zone) });
    const { outlooks, queries, abort } = anOperator(answer, { concurrency: 1 });
    const zones = ['A', 'B', 'C', 'D'].map((zone) => ({ ...DE, zone }));
    await outlooks.refresh(zones, abort.signal);
    await outlooks.refresh(zones, abort.signal);
    expect(queries.slice(4).map(({ zone }) => zone)).toEqual(['D', 'B', 'C', 'A']);
  });

  test('forgets what is no longer wanted', async () => {
    const { outlooks, forgotten, abort } = anOperator(() => known());
    await outlooks.refresh([DE, SE], abort.signal);
    await outlooks.refresh([SE], abort.signal);
    expect(forgotten).toEqual([DE]);
    expect(outlooks.get('DE', 'Average')).toBeUndefined();
    expect(outlooks.get('SE-SE3', 'Average')).toBeDefined();
  });

  test('ends when it is told to', async () => {
    const { outlooks, abort } = anOperator(() => known());
    abort.abort(new Error('stop'));
    await expect(outlooks.refresh([DE], abort.signal)).rejects.toThrow('stop');
  });
});

describe('a listener is told', () => {
  async function changes(before: CarbonAnswer, after: CarbonAnswer, later = 0): Promise<number> {
    const operator = anOperator(() => before);
    await operator.outlooks.refresh([DE], operator.abort.signal);
    await operator.clock.advance(later);
    operator.world.answer = () => after;
    await operator.outlooks.refresh([DE], operator.abort.signal);
    expect(operator.changed[0]).toEqual(DE);
    return operator.changed.length - 1;
  }

  test('of the first answer, and not of the same again, even if it was issued anew', async () => {
    expect(await changes(known(), known(DAY, { issuedAt: atHour(1) }))).toBe(0);
    expect(await changes(unknown(quota), unknown({ ...quota }))).toBe(0);
  });

  test.each([
    ['a figure', known([...DAY.slice(0, 40), 300, ...DAY.slice(41)])],
    ['how far it reaches', known([...DAY, 100])],
    ['a gap', known([...DAY.slice(0, 40), undefined, ...DAY.slice(41)])],
    ['the rung', known(DAY, {}, 'CachedForecast')],
    ['the source', known(DAY, { source: 'vendor' })],
    ['the scope', known(DAY, { scope: 'Direct' })],
    ['the reason why better sources have none', { ...known(), failures: [quota] }],
    ['that nothing is known', unknown(quota)],
  ])('of a change of %s', async (_, after) => {
    expect(await changes(known(), after)).toBe(1);
    expect(await changes(after, known())).toBe(1);
  });

  test('of nothing where only the past differs', async () => {
    const [, ...rest] = DAY;
    expect(await changes(known(), known([500, ...rest]), hours(1))).toBe(0);
    expect(await changes(known(), known([undefined, ...rest]), hours(1))).toBe(0);
    expect(await changes(known(), known([500, ...rest]), hours(0.5))).toBe(1);
  });

  test('of the end of the time that is known', async () => {
    expect(await changes(known([100]), known([100, 100]), hours(1))).toBe(1);
    expect(await changes(known([100]), known([200]), hours(1))).toBe(0);
  });
});

describe('the loop', () => {
  test('asks at once, and again after the interval and a random tenth', async () => {
    const { outlooks, queries, clock, abort } = anOperator(() => known(), { random: () => 0.5 });
    const running = outlooks.run(abort.signal);
    await settle();
    expect(queries).toHaveLength(1);
    await clock.advance(hours(1.04));
    expect(queries).toHaveLength(1);
    await clock.advance(hours(0.02));
    expect(queries).toHaveLength(2);
    abort.abort();
    await running;
  });

  test('asks for what is newly wanted without waiting, and for that alone', async () => {
    let wanted: readonly ZoneSignal[] = [DE];
    const { outlooks, queries, clock, abort } = anOperator(() => known(), { wanted: () => wanted });
    const running = outlooks.run(abort.signal);
    await settle();
    wanted = [DE, SE];
    outlooks.request();
    await settle();
    expect(queries.map(({ zone }) => zone)).toEqual(['DE', 'SE-SE3']);
    await clock.advance(hours(1));
    expect(queries.map(({ zone }) => zone)).toEqual(['DE', 'SE-SE3', 'DE', 'SE-SE3']);
    abort.abort();
    await running;
  });

  test('hears a request that comes while it asks', async () => {
    let wanted: readonly ZoneSignal[] = [DE];
    let open = (): void => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { outlooks, queries, abort } = anOperator(
      async () => {
        await gate;
        return known();
      },
      { wanted: () => wanted },
    );
    const running = outlooks.run(abort.signal);
    await settle();
    wanted = [DE, SE];
    outlooks.request();
    open();
    await settle();
    expect(queries.map(({ zone }) => zone)).toEqual(['DE', 'SE-SE3']);
    abort.abort();
    await running;
  });

  test('survives a fault in what tells it what is wanted', async () => {
    let broken = true;
    const wanted = (): readonly ZoneSignal[] => {
      if (broken) throw new Error('no');
      return [DE];
    };
    const { outlooks, clock, logger, abort } = anOperator(() => known(), { wanted });
    const running = outlooks.run(abort.signal);
    await settle();
    expect(logger.of('error')).toHaveLength(1);
    broken = false;
    await clock.advance(hours(1));
    expect(outlooks.get('DE', 'Average')).toBeDefined();
    abort.abort();
    await running;
  });

  test('ends while it waits for an answer', async () => {
    const { outlooks, abort, logger } = anOperator(async () => {
      await settle();
      abort.signal.throwIfAborted();
      return known();
    });
    const running = outlooks.run(abort.signal);
    abort.abort();
    await running;
    expect(logger.of('error')).toEqual([]);
  });
});

describe('the metrics', () => {
  test('say how far ahead and how old the forecast of a zone is, and where it is from', async () => {
    const { outlooks, clock, registry, abort } = anOperator(() => known());
    await outlooks.refresh([DE], abort.signal);
    await clock.advance(hours(1));
    expect(await metric(registry, 'sunward_carbon_forecast_horizon_seconds')).toEqual([{ ...DE, value: 47 * 3600 }]);
    expect(await metric(registry, 'sunward_carbon_forecast_age_seconds')).toEqual([{ ...DE, value: 3600 }]);
    expect(await metric(registry, 'sunward_carbon_outlook_info')).toEqual([
      { ...DE, rung: 'LiveForecast', source: 'file', value: 1 },
    ]);
  });

  test('say nothing of what is not known: no age for what nobody forecast, no zone that has no answer', async () => {
    const typicalDay = known(DAY, { synthetic: true }, 'TypicalDay');
    const { outlooks, registry, abort } = anOperator(({ zone }) => (zone === 'DE' ? typicalDay : unknown(quota)));
    await outlooks.refresh([DE, SE], abort.signal);
    expect(await metric(registry, 'sunward_carbon_forecast_age_seconds')).toEqual([]);
    expect(await metric(registry, 'sunward_carbon_forecast_horizon_seconds')).toEqual([{ ...DE, value: 48 * 3600 }]);
    await outlooks.refresh([SE], abort.signal);
    expect(await metric(registry, 'sunward_carbon_forecast_horizon_seconds')).toEqual([]);
  });

  test('say no figure in a gap of a forecast, and that of the hour that is under way outside of it', async () => {
    const { outlooks, clock, registry, abort } = anOperator(() => known([100, undefined, 300]));
    await outlooks.refresh([DE], abort.signal);
    const figures = async () =>
      (await metric(registry, 'sunward_carbon_intensity_grams_per_kilowatt_hour'))?.map(({ value }) => value);
    expect(await figures()).toEqual([100]);
    await clock.advance(hours(1));
    expect(await figures()).toEqual([]);
    await clock.advance(hours(1));
    expect(await figures()).toEqual([300]);
  });

  test('say of a zone that nobody knows that it stands on no rung', async () => {
    const { outlooks, registry, abort } = anOperator(() => unknown(quota));
    await outlooks.refresh([DE], abort.signal);
    expect(await metric(registry, 'sunward_carbon_outlook_info')).toEqual([
      { ...DE, rung: 'None', source: '', value: 1 },
    ]);
    await outlooks.refresh([], abort.signal);
    expect(await metric(registry, 'sunward_carbon_outlook_info')).toEqual([]);
  });

  test('count questions by rung and errors by source and code', async () => {
    const answer = { ...known(DAY, {}, 'TypicalDay'), failures: [quota] };
    const { outlooks, registry, abort } = anOperator(({ zone }) => (zone === 'DE' ? answer : unknown(quota)));
    await outlooks.refresh([DE, SE], abort.signal);
    expect(await metric(registry, 'sunward_carbon_requests_total')).toEqual([
      { signal: 'Average', rung: 'TypicalDay', value: 1 },
      { signal: 'Average', rung: 'None', value: 1 },
    ]);
    expect(await metric(registry, 'sunward_carbon_source_errors_total')).toEqual([
      { source: 'vendor', code: 'QuotaExceeded', value: 2 },
    ]);
  });
});
