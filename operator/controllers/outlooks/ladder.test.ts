import { describe, expect, test } from '@jest/globals';
import { atHour, hours, MIDNIGHT } from '../../../test/builders/planning.ts';
import { ladderOf } from '../../../test/fixtures/ladder/ladder-of.ts';
import { LadderWorld } from '../../../test/fixtures/ladder/ladder-world.ts';
import { SimulatedVendor, type GramsAt } from '../../../test/fixtures/ladder/simulated-vendor.ts';
import { sampleAt } from '../../domain/samples.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import type { CarbonAnswer } from '../../ports/carbon.ts';
import { SourceError } from '../../ports/source-error.ts';
import { KEPT_PAST_MS } from './kept-past.ts';

const DOWN = new SourceError('Unavailable', 'no route to the vendor');
const flat =
  (grams: number): GramsAt =>
  () =>
    grams;
/** The same every day: 300 at noon, 100 at midnight. */
const daily: GramsAt = (at) => 200 - 100 * Math.cos((2 * Math.PI * (at - MIDNIGHT)) / hours(24));
/** No day is like the one before: persistence is off by 150. */
const everyOtherDay: GramsAt = (at) => (Math.floor(at / hours(24)) % 2 === 0 ? 150 : 300);

function aWorld() {
  const world = new LadderWorld();
  const { clock } = world;
  return {
    world,
    vendor: new SimulatedVendor(clock, { grams: daily }),
    second: new SimulatedVendor(clock, { name: 'second', grams: flat(50) }),
    typicalDay: new SimulatedVendor(clock, { name: 'typical', rung: 'TypicalDay', grams: flat(400) }),
  };
}

function summaryOf({ outlook, failures }: CarbonAnswer, now = MIDNIGHT) {
  return {
    rung: outlook?.rung,
    source: outlook?.series.source,
    grams: outlook && sampleAt(outlook.series.samples, now)?.gramsPerKilowattHour,
    failures: failures.map(({ source, error }) => `${source} ${error.code}`),
  };
}

describe('the first source that has a forecast', () => {
  test('answers, and none behind it is asked', async () => {
    const { world, vendor, second, typicalDay } = aWorld();
    const answer = await world.climb(vendor, second, typicalDay).ask();
    expect(summaryOf(answer)).toEqual({ rung: 'LiveForecast', source: 'vendor', grams: 100, failures: [] });
    expect([...second.asked, ...typicalDay.asked]).toEqual([]);
  });

  test('is the next one where the first fails, which says why', async () => {
    const { world, vendor, second } = aWorld();
    vendor.forecastFails = DOWN;
    const answer = await world.climb(vendor, second).ask();
    expect(summaryOf(answer)).toMatchObject({
      rung: 'LiveForecast',
      source: 'second',
      failures: ['vendor Unavailable'],
    });
    expect(answer.failures[0]?.error).toBe(DOWN);
  });

  test('is the next one where the first has a fault in its code', async () => {
    const { world, vendor, second } = aWorld();
    vendor.forecastFails = new TypeError('undefined is not a function');
    const answer = await world.climb(vendor, second).ask();
    expect(summaryOf(answer)).toMatchObject({ source: 'second', failures: ['vendor Unavailable'] });
  });

  test('is the next one where the answer of the first does not cover now', async () => {
    const { world, vendor, second } = aWorld();
    vendor.expects = (at) => (at >= atHour(2) ? 10 : undefined);
    const answer = await world.climb(vendor, second).ask();
    expect(summaryOf(answer)).toMatchObject({ source: 'second', failures: ['vendor NoData'] });
    expect(answer.failures[0]?.error.message).toContain('it covers 2026-06-01T02:00:00.000Z to');
  });

  test('is asked before a typical day, wherever that stands', async () => {
    const { world, vendor, typicalDay } = aWorld();
    expect(summaryOf(await world.climb(typicalDay, vendor).ask())).toMatchObject({ rung: 'LiveForecast' });
  });

  test('is not one that is kept to other zones', async () => {
    const { world, vendor, second } = aWorld();
    world.climb({ source: vendor, zones: ['FR'] }, second);
    expect(summaryOf(await world.ask('DE'))).toMatchObject({ source: 'second', failures: [] });
    expect(summaryOf(await world.ask('FR'))).toMatchObject({ source: 'vendor' });
    expect(vendor.asked.map(({ zone }) => zone)).toEqual(['FR']);
  });

  test('is asked by the signal, and what is known of another signal is no answer', async () => {
    const { world, vendor } = aWorld();
    world.climb(vendor);
    await world.ask('DE', 'Average');
    vendor.forecastFails = DOWN;
    expect((await world.ask('DE', 'Marginal')).outlook).toBeUndefined();
  });
});

describe('while all sources are down', () => {
  test('the last forecast stands for them, as far as it reaches, and says of when it is', async () => {
    const { world, vendor, typicalDay } = aWorld();
    await world.climb(vendor, typicalDay).ask();
    vendor.forecastFails = DOWN;
    const answer = await world.goOn(hours(5));
    expect(summaryOf(answer, atHour(5))).toEqual({
      rung: 'CachedForecast',
      source: 'vendor',
      grams: daily(atHour(5)),
      failures: ['vendor Unavailable'],
    });
    expect(answer.outlook?.series.issuedAt).toBe(MIDNIGHT);
  });

  test('the past is as it was measured, whatever rung stands for what comes', async () => {
    const { world, vendor, typicalDay } = aWorld();
    await world.climb(vendor, typicalDay).goOn(hours(24));
    vendor.forecastFails = DOWN;
    const answer = await world.goOn(hours(49));
    expect(answer.outlook?.rung).not.toBe('LiveForecast');
    const { samples = [] } = answer.outlook?.series ?? {};
    const past = samples.filter(({ endsAt }) => endsAt <= world.clock.now());
    expect(past.length).toBeGreaterThan(20);
    const measured = past.filter(({ estimated }) => !estimated);
    expect(measured.length).toBeGreaterThan(20);
    for (const { startsAt, gramsPerKilowattHour } of measured) {
      expect(Math.abs(gramsPerKilowattHour - (daily(startsAt) ?? NaN))).toBeLessThan(15);
    }
  });

  test('it is used for so long, and then no more', async () => {
    const { world, vendor, typicalDay } = aWorld();
    vendor.historyFails = new SourceError('HistoryUnsupported', 'it has none');
    await world.climb(vendor, typicalDay).ask();
    vendor.forecastFails = DOWN;
    expect(summaryOf(await world.goOn(hours(12)))).toMatchObject({ rung: 'CachedForecast' });
    expect(summaryOf(await world.goOn(10 * MINUTE_MS))).toMatchObject({ rung: 'TypicalDay', source: 'typical' });
  });

  test('it is used where it covers now, and not beyond its end or in its gaps', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (at < atHour(3) && at !== atHour(1) ? 10 : undefined);
    vendor.historyFails = DOWN;
    await world.climb(vendor).ask();
    vendor.forecastFails = DOWN;
    const rungAt = async (hour: number) => {
      world.clock.jump(atHour(hour) - world.clock.now());
      return (await world.ask()).outlook?.rung;
    };
    expect([await rungAt(0.5), await rungAt(1.5), await rungAt(2.5), await rungAt(3)]).toEqual([
      'CachedForecast',
      undefined,
      'CachedForecast',
      undefined,
    ]);
  });

  test('the forecast of a lesser source that is not down is better than an earlier one of the best', async () => {
    const { world, vendor, second } = aWorld();
    await world.climb(vendor, second).ask();
    vendor.forecastFails = DOWN;
    expect(summaryOf(await world.goOn(hours(1)))).toMatchObject({ rung: 'LiveForecast', source: 'second' });
  });

  test('then the same hour of the days before does, marked as made up and estimated', async () => {
    const { world, vendor, typicalDay } = aWorld();
    await world.climb(vendor, typicalDay).goOn(hours(20));
    vendor.forecastFails = DOWN;
    vendor.historyFails = DOWN;
    const { outlook, failures } = await world.goOn(hours(13));
    const [now, series] = [world.clock.now(), outlook?.series];
    expect(outlook?.rung).toBe('Persistence');
    expect(failures.map(({ source, error }) => [source, error])).toEqual([['vendor', DOWN]]);
    expect(series).toMatchObject({ source: 'vendor', synthetic: true, perspective: 'Forecast', scope: 'Lifecycle' });
    expect(series?.issuedAt).toBeLessThanOrEqual(atHour(20));
    expect(sampleAt(series?.samples ?? [], now)).toMatchObject({
      gramsPerKilowattHour: expect.closeTo(daily(now) ?? NaN),
      estimated: true,
    });
  });

  test('persistence lasts for a week, and then the typical day stands for it', async () => {
    const { world, vendor, typicalDay } = aWorld();
    await world.climb(vendor, typicalDay).goOn(hours(48));
    vendor.forecastFails = DOWN;
    vendor.historyFails = DOWN;
    world.clock.jump(hours(6 * 24));
    expect(summaryOf(await world.ask())).toMatchObject({ rung: 'Persistence' });
    world.clock.jump(hours(48));
    expect(summaryOf(await world.ask(), world.clock.now())).toEqual({
      rung: 'TypicalDay',
      source: 'typical',
      grams: 400,
      failures: ['vendor Unavailable'],
    });
  });

  test('persistence is no answer for an hour of day that no day knows', async () => {
    const { world, vendor, typicalDay } = aWorld();
    vendor.measures = (at) => (new Date(at).getUTCHours() === 15 ? undefined : daily(at));
    await world.climb(vendor, typicalDay).goOn(hours(48));
    vendor.forecastFails = DOWN;
    vendor.historyFails = DOWN;
    world.clock.jump(hours(14));
    expect(summaryOf(await world.ask())).toMatchObject({ rung: 'Persistence' });
    world.clock.jump(hours(1));
    expect(summaryOf(await world.ask())).toMatchObject({ rung: 'TypicalDay' });
    world.clock.jump(hours(1));
    expect(summaryOf(await world.ask())).toMatchObject({ rung: 'Persistence' });
  });

  test('nobody knows, where there is not even a typical day: all say why', async () => {
    const { world, vendor, second, typicalDay } = aWorld();
    for (const source of [vendor, second, typicalDay]) source.forecastFails = DOWN;
    const answer = await world.climb(typicalDay, vendor, second).ask();
    expect(answer.outlook).toBeUndefined();
    expect(summaryOf(answer).failures).toEqual(['vendor Unavailable', 'second Unavailable', 'typical Unavailable']);
  });

  test('no answer is ever zero grams, nor reaches back further than jobs are priced by it', async () => {
    const { world, vendor, typicalDay } = aWorld();
    await world.climb(vendor, typicalDay).goOn(hours(24));
    vendor.forecastFails = DOWN;
    vendor.historyFails = DOWN;
    const rungs = new Set<string | undefined>();
    for (let hour = 0; hour < 11 * 24; hour++) {
      const { outlook } = await world.ask();
      rungs.add(outlook?.rung);
      for (const { gramsPerKilowattHour, startsAt } of outlook?.series.samples ?? []) {
        expect(gramsPerKilowattHour).toBeGreaterThanOrEqual(100);
        expect(startsAt).toBeGreaterThanOrEqual(world.clock.now() - KEPT_PAST_MS);
      }
      world.clock.jump(HOUR_MS);
    }
    expect([...rungs]).toEqual(['LiveForecast', 'CachedForecast', 'Persistence', 'TypicalDay']);
  });

  test('the live forecast is back as soon as the vendor is', async () => {
    const { world, vendor } = aWorld();
    await world.climb(vendor).ask();
    vendor.forecastFails = DOWN;
    await world.goOn(hours(2));
    vendor.forecastFails = undefined;
    expect(summaryOf(await world.goOn(10 * MINUTE_MS))).toMatchObject({ rung: 'LiveForecast', failures: [] });
  });
});

describe('a forecast that has been worse than persistence', () => {
  test('gives way to it, and says by how much', async () => {
    const { world, vendor, typicalDay } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    const answer = await world.climb(vendor, typicalDay).goOn(hours(54));
    expect(summaryOf(answer)).toMatchObject({ rung: 'Persistence', failures: ['vendor PersistenceBetter'] });
    expect(answer.failures[0]?.error.message).toBe(
      'the forecast of vendor has been off by 120 g/kWh over the last days, the same hour of the days before by 0 g/kWh',
    );
  });

  test('gives way to a lesser source first', async () => {
    const { world, vendor, second } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    const answer = await world.climb(vendor, second).goOn(hours(54));
    expect(summaryOf(answer)).toMatchObject({ rung: 'LiveForecast', source: 'second' });
    expect(summaryOf(answer).failures).toEqual(['vendor PersistenceBetter']);
  });

  test('is not taken from the cache either, when its vendor is down', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    await world.climb(vendor).goOn(hours(54));
    vendor.forecastFails = DOWN;
    expect(summaryOf(await world.goOn(hours(1)))).toMatchObject({
      rung: 'Persistence',
      failures: ['vendor Unavailable'],
    });
  });

  test('is asked for all the same, judged on, and back once it is no worse', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    await world.climb(vendor).goOn(hours(54));
    vendor.expects = everyOtherDay;
    vendor.measures = everyOtherDay;
    const before = vendor.asked.length;
    expect(summaryOf(await world.goOn(hours(4 * 24)))).toMatchObject({ rung: 'LiveForecast', failures: [] });
    expect(vendor.asked.length).toBeGreaterThan(before + 4 * 24 * 5);
  });

  test('is back within a week where nobody tells any more what came', async () => {
    const { world, vendor, typicalDay } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    await world.climb(vendor, typicalDay).goOn(hours(54));
    vendor.historyFails = new SourceError('NotEntitled', 'the plan has ended');
    expect(summaryOf(await world.goOn(hours(7 * 24)))).toMatchObject({ rung: 'LiveForecast' });
  });

  test('is not given up by less than a day of verified hours', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    expect(summaryOf(await world.climb(vendor).goOn(hours(22)))).toMatchObject({ rung: 'LiveForecast' });
  });

  test('is judged zone by zone', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    await world.climb(vendor).goOn(hours(30), 'DE');
    expect(summaryOf(await world.ask('FR'))).toMatchObject({ rung: 'LiveForecast' });
  });

  test('begins anew where it counts other grams than before', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    await world.climb(vendor).goOn(hours(54));
    vendor.labels = { scope: 'Direct' };
    const answer = await world.goOn(hours(0.5));
    expect(answer.outlook).toMatchObject({ rung: 'LiveForecast', series: { scope: 'Direct' } });
    vendor.forecastFails = DOWN;
    expect((await world.goOn(hours(1))).outlook?.series.scope).toBe('Direct');
  });
});

describe('a forecast that is planned with', () => {
  test('is rid of the bias that it has shown', async () => {
    const { world, vendor } = aWorld();
    vendor.measures = everyOtherDay;
    vendor.expects = (at) => (everyOtherDay(at) ?? NaN) + 40;
    const early = await world.climb(vendor).goOn(hours(40));
    expect(summaryOf(early, atHour(40))).toMatchObject({
      rung: 'LiveForecast',
      grams: (everyOtherDay(atHour(40)) ?? NaN) + 40,
    });
    const later = await world.goOn(hours(40));
    expect(summaryOf(later, atHour(80))).toMatchObject({
      rung: 'LiveForecast',
      grams: everyOtherDay(atHour(80)),
      failures: [],
    });
  });

  test('leans on what is usual as far as it has been off itself', async () => {
    const { world, vendor } = aWorld();
    const off: GramsAt = (at) => (Math.floor(at / hours(1)) % 2 === 0 ? 30 : -30);
    vendor.expects = (at) => (daily(at) ?? NaN) + (off(at) ?? NaN);
    vendor.measures = (at) => (daily(at) ?? NaN) + (Math.floor(at / hours(24)) % 2 === 0 ? 15 : -15);
    const { outlook } = await world.climb(vendor).goOn(hours(80));
    expect(outlook?.rung).toBe('LiveForecast');
    for (const ahead of [2, 3]) {
      const at = atHour(80 + ahead);
      const figure = sampleAt(outlook?.series.samples ?? [], at)?.gramsPerKilowattHour ?? NaN;
      expect(Math.abs(figure - (daily(at) ?? NaN))).toBeLessThan(20);
    }
  });

  test('goes on with persistence beyond its end once both were verified, and says which is which', async () => {
    const { world, vendor } = aWorld();
    const reach = hours(24);
    vendor.expects = (at) => (at < world.clock.now() + reach ? daily(at) : undefined);
    const rungsOf = ({ outlook }: CarbonAnswer): readonly (string | undefined)[] => {
      const now = world.clock.now();
      return [1, 23, 25, 90].map((hour) => {
        const sample = sampleAt(outlook?.series.samples ?? [], now + hours(hour));
        return sample && (sample.rung ?? outlook?.rung);
      });
    };
    expect(rungsOf(await world.climb(vendor).ask())).toEqual(['LiveForecast', 'LiveForecast', undefined, undefined]);
    expect(rungsOf(await world.goOn(hours(80)))).toEqual([
      'LiveForecast',
      'LiveForecast',
      'Persistence',
      'Persistence',
    ]);
  });
});

describe('how far off an answer is expected to be', () => {
  test('is what was verified of a forecast, at each lead, and a usual error before that', async () => {
    const { world, vendor } = aWorld();
    vendor.measures = everyOtherDay;
    const early = await world.climb(vendor).ask();
    expect(early.outlook?.expectedError).toEqual([{ lead: HOUR_MS, share: 0.1 }]);
    const later = await world.goOn(hours(80));
    const shares = later.outlook?.expectedError?.map(({ lead, share }) => [
      lead / HOUR_MS,
      share > 0.05 && share < 0.6,
    ]);
    expect(shares).toEqual([1, 6, 24].map((lead) => [lead, true]));
  });

  test('is that of persistence where that stands for it, and that of a typical day there', async () => {
    const { world, vendor, typicalDay } = aWorld();
    vendor.forecastFails = new SourceError('ForecastUnsupported', 'measurements only');
    const persisting = await world.climb(vendor, typicalDay).goOn(hours(4));
    expect(persisting.outlook).toMatchObject({ rung: 'Persistence', expectedError: [{ share: 0.1 }] });
    vendor.historyFails = DOWN;
    world.clock.jump(hours(9 * 24));
    expect((await world.ask()).outlook).toMatchObject({ rung: 'TypicalDay', expectedError: [{ share: 0.15 }] });
  });

  test('is nothing for what a person has written', async () => {
    const { world, vendor } = aWorld();
    const ladder = ladderOf([vendor], world.clock);
    const interval = { startsAt: MIDNIGHT, endsAt: atHour(24) };
    const { outlook } = await ladder.ask({ zone: 'DE', signal: 'Average', interval }, world.abort.signal);
    expect(outlook?.rung).toBe('LiveForecast');
    expect(outlook).not.toHaveProperty('expectedError');
  });
});

describe('made-up figures', () => {
  test('of a sandbox are not judged, and nothing is learnt from them', async () => {
    const { world, vendor } = aWorld();
    vendor.labels = { synthetic: true };
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    expect(summaryOf(await world.climb(vendor).goOn(hours(40)))).toMatchObject({ rung: 'LiveForecast' });
    expect(world.memory.all()).toEqual([]);
  });

  test('are not judged by what became of real ones before', async () => {
    const { world, vendor } = aWorld();
    vendor.expects = (at) => (daily(at) ?? NaN) + 120;
    expect(summaryOf(await world.climb(vendor).goOn(hours(54)))).toMatchObject({ rung: 'Persistence' });
    vendor.labels = { synthetic: true };
    expect(summaryOf(await world.goOn(hours(0.5)))).toMatchObject({ rung: 'LiveForecast' });
  });

  test('of a typical day are not judged', async () => {
    const { world, typicalDay } = aWorld();
    typicalDay.measures = flat(10);
    expect(summaryOf(await world.climb(typicalDay).goOn(hours(40)))).toMatchObject({ rung: 'TypicalDay' });
  });
});

describe('what came', () => {
  test('is asked for by the hour, in turns with the forecast: one request at most a zone and interval', async () => {
    const { world, vendor } = aWorld();
    world.climb(vendor);
    for (let turn = 0; turn < 6 * 48; turn++) {
      const before = vendor.asked.length;
      await world.ask('DE');
      await world.ask('FR');
      for (const zone of ['DE', 'FR']) {
        expect(vendor.asked.slice(before).filter((question) => question.zone === zone)).toHaveLength(1);
      }
      world.clock.jump(10 * MINUTE_MS);
    }
    const histories = vendor.asked.filter(({ what, zone }) => what === 'history' && zone === 'DE');
    expect(histories.length).toBeGreaterThanOrEqual(40);
    expect(histories.length).toBeLessThanOrEqual(48);
  });

  test('may fail without the forecast failing', async () => {
    const { world, vendor } = aWorld();
    vendor.historyFails = new TypeError('a fault in the code');
    const answer = await world.climb(vendor).goOn(hours(3));
    expect(summaryOf(answer)).toMatchObject({ rung: 'LiveForecast', failures: [] });
    expect(vendor.asked.some(({ what }) => what === 'history')).toBe(true);
  });

  test('is asked for at most once an hour where it fails, too', async () => {
    const { world, vendor } = aWorld();
    vendor.historyFails = DOWN;
    await world.climb(vendor).goOn(hours(24));
    expect(vendor.asked.filter(({ what }) => what === 'history').length).toBeLessThanOrEqual(24);
  });

  test('is known even of a source that has no forecast, so that its yesterday can stand for one', async () => {
    const { world, vendor, typicalDay } = aWorld();
    vendor.forecastFails = new SourceError('ForecastUnsupported', 'measurements only');
    const answer = await world.climb(vendor, typicalDay).goOn(hours(4));
    expect(summaryOf(answer)).toMatchObject({ rung: 'Persistence', source: 'vendor' });
  });

  test('does not make the memory grow where a source never tells it', async () => {
    const { world, vendor } = aWorld();
    vendor.historyFails = new SourceError('HistoryUnsupported', 'it has none');
    world.climb(vendor);
    for (let hour = 0; hour < 30 * 24; hour++) {
      await world.ask();
      world.clock.jump(HOUR_MS);
    }
    const waiting = world.memory.all().flatMap(({ verification }) => [...verification.predicted.values()]);
    expect(waiting.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(5 * 120);
  });
});

describe('a prediction', () => {
  test('is held to the hour in which it was asked for, even where it is told again later', async () => {
    const { world, vendor } = aWorld();
    vendor.historyFails = DOWN;
    world.climb(vendor);
    world.clock.jump(55 * MINUTE_MS);
    await world.ask();
    world.clock.jump(6 * MINUTE_MS);
    await world.ask();
    expect(vendor.asked).toHaveLength(1);
    const [zone] = world.memory.all();
    expect([...(zone?.verification.predicted.get(1)?.keys() ?? [])]).toEqual([atHour(1) / HOUR_MS]);
  });
});

test('what is forgotten is learnt and asked anew', async () => {
  const { world, vendor } = aWorld();
  await world.climb(vendor).goOn(hours(54));
  world.ladder.forget({ zone: 'DE', signal: 'Average' });
  expect(world.memory.all()).toEqual([]);
  vendor.forecastFails = DOWN;
  expect((await world.ask()).outlook).toBeUndefined();
});

describe('when it is told to end', () => {
  test('it rejects, and says nothing of the source', async () => {
    const { world, vendor } = aWorld();
    world.climb(vendor).abort.abort(new Error('stop'));
    await expect(world.ask()).rejects.toThrow('stop');
  });

  test('it rejects while it asks what came as well', async () => {
    const { world, vendor } = aWorld();
    await world.climb(vendor).ask();
    world.clock.jump(10 * MINUTE_MS);
    vendor.measures = () => {
      world.abort.abort(new Error('stop'));
      throw new TypeError('cut off');
    };
    await expect(world.ask()).rejects.toThrow('stop');
  });
});
