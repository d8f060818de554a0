import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { MIDNIGHT } from '../../../../test/builders/planning.ts';
import { hourlyFigures, hourOf } from '../../../accounting/forecast-skill/hourly-figures.ts';
import { LEADS, type DayScore } from '../../../accounting/forecast-skill/verification.ts';
import type { IntensitySample } from '../../../domain/intensity.ts';
import { integralOf } from '../../../domain/samples.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../domain/units.ts';
import type { RememberedForecast } from '../../../ports/carbon.ts';
import type { ZoneMemory } from './carbon-memory.ts';
import { knowledgeIn, textOfKnowledge, type KeptKnowledge } from './memory-text.ts';

const THIS_HOUR = hourOf(MIDNIGHT);
const TODAY = THIS_HOUR / 24;

/** As exact as they are kept. */
const tenths = (min: number, max: number) => fc.integer({ min: 10 * min, max: 10 * max }).map((figure) => figure / 10);
const grams = tenths(0, 2_000);
const key = fc.record({
  source: fc.constantFrom('electricity-maps', 'watttime'),
  zone: fc.string(),
  signal: fc.constantFrom('Average' as const, 'Marginal' as const),
  scope: fc.constantFrom('Lifecycle' as const, 'Direct' as const, 'Operational' as const),
});

const hourly = (from: number, until: number) =>
  fc
    .array(fc.tuple(fc.integer({ min: THIS_HOUR + from, max: THIS_HOUR + until }), grams), { maxLength: 60 })
    .map((rows) => new Map(rows));

const score: fc.Arbitrary<DayScore> = fc.integer({ min: 1, max: 24 }).chain((count) => {
  const errors = fc.record({
    count: fc.constant(count),
    absolute: grams,
    share: fc.integer({ min: 0, max: 500_000 }).map((share) => share / 1e4),
    shareCount: fc.integer({ min: 0, max: count }),
    signed: tenths(-2_000, 2_000),
    squared: tenths(0, 900_000),
  });
  return fc.record({ forecast: errors, persistence: errors });
});

const lead = fc.constantFrom(...LEADS);
const mapOf = <K, V>(keys: fc.Arbitrary<K>, values: fc.Arbitrary<V>): fc.Arbitrary<Map<K, V>> =>
  fc.array(fc.tuple(keys, values), { maxLength: 7 }).map((rows) => new Map(rows));

const zone: fc.Arbitrary<ZoneMemory> = fc
  .record({
    key,
    trusted: fc.boolean(),
    came: hourly(-263, -1),
    predicted: mapOf(lead, hourly(-47, 72)),
    scores: mapOf(
      fc.integer({ min: TODAY - 6, max: TODAY }),
      fc.tuple(lead, score).map((row) => new Map([row])),
    ),
  })
  .map(({ key: labels, trusted, ...verification }) => ({ ...labels, trusted, verification }));

/** Samples of whole seconds, with gaps here and there. */
const forecast: fc.Arbitrary<RememberedForecast> = fc
  .record({
    key,
    synthetic: fc.boolean(),
    askedAt: fc.integer({ min: MIDNIGHT, max: MIDNIGHT + HOUR_MS }),
    rows: fc.array(
      fc.record({
        gap: fc.constantFrom(0, 0, 0, 1, 3_600),
        length: fc.integer({ min: 1, max: 7_200 }),
        grams,
        estimated: fc.boolean(),
      }),
      { minLength: 1, maxLength: 120 },
    ),
  })
  .map(({ key: labels, synthetic, askedAt, rows }) => {
    let edge = MIDNIGHT;
    const samples = rows.map(({ gap, length, grams: figure, estimated }): IntensitySample => {
      const startsAt = edge + gap * SECOND_MS;
      edge = startsAt + length * SECOND_MS;
      return { startsAt, endsAt: edge, gramsPerKilowattHour: gramsPerKilowattHour(figure), estimated };
    });
    return { askedAt, series: { ...labels, synthetic, perspective: 'Forecast', issuedAt: MIDNIGHT, samples } };
  });

const knowledge: fc.Arbitrary<KeptKnowledge> = fc.record({
  zones: fc.array(zone, { maxLength: 4 }),
  forecasts: fc.array(forecast, { maxLength: 4 }),
});

function withForecastsInOrder({ zones, forecasts }: KeptKnowledge): KeptKnowledge {
  return { zones, forecasts: forecasts.toSorted((a, b) => b.askedAt - a.askedAt) };
}

const A_KEY = { source: 'vendor', zone: 'DE', signal: 'Average', scope: 'Lifecycle' } as const;

function aForecast(samples: readonly IntensitySample[], labels: Partial<RememberedForecast> = {}): RememberedForecast {
  const series = { ...A_KEY, synthetic: false, perspective: 'Forecast', issuedAt: MIDNIGHT, samples } as const;
  return { askedAt: MIDNIGHT, series, ...labels };
}

function inARow(count: number, lengthMs: number, figureOf: (k: number) => number): readonly IntensitySample[] {
  return Array.from({ length: count }, (_, k) => ({
    startsAt: MIDNIGHT + k * lengthMs,
    endsAt: MIDNIGHT + (k + 1) * lengthMs,
    gramsPerKilowattHour: gramsPerKilowattHour(figureOf(k)),
    estimated: true,
  }));
}

describe('what was learnt', () => {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(knowledge, (known) => {
        expect(knowledgeIn(textOfKnowledge(known))).toEqual(withForecastsInOrder(known));
      }),
    );
  });

  test('is rounded to a tenth of a gram, once', () => {
    const figures = fc.array(fc.double({ min: 0, max: 2_000, noNaN: true }), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(figures, (exact) => {
        const came = new Map(exact.map((figure, k) => [THIS_HOUR - 24 + k, figure]));
        const verification = { came, predicted: new Map(), scores: new Map() };
        const forecasts = [aForecast(inARow(exact.length, HOUR_MS, (k) => exact[k] ?? NaN))];
        const text = textOfKnowledge({ zones: [{ ...A_KEY, trusted: true, verification }], forecasts });
        const read = knowledgeIn(text);
        const kept = [...(read.zones[0]?.verification.came.values() ?? [])];
        const foreseen = read.forecasts[0]?.series.samples.map(({ gramsPerKilowattHour: figure }) => Number(figure));
        for (const [k, figure] of exact.entries()) expect(Math.abs((kept[k] ?? NaN) - figure)).toBeLessThan(0.0501);
        expect(foreseen).toEqual(kept);
        expect(textOfKnowledge(read)).toBe(text);
      }),
    );
  });
});

test('sums of errors that an operator before has left without their squares are read all the same', () => {
  const sums = { count: 4, absolute: 40, share: 0.4, shareCount: 4, signed: -20, squared: 700 };
  const scores = new Map([[TODAY, new Map([[1 as const, { forecast: sums, persistence: sums }]])]]);
  const verification = { came: new Map(), predicted: new Map(), scores };
  const text = textOfKnowledge({ zones: [{ ...A_KEY, trusted: true, verification }], forecasts: [] });
  const [read] = knowledgeIn(text.replaceAll(',700]', ']')).zones;
  expect(text).toContain(',700]');
  expect(read?.verification.scores.get(TODAY)?.get(1)?.forecast).toEqual({ ...sums, squared: 400 });
});

describe('a long forecast', () => {
  test('is kept by the hour, and means what it meant', () => {
    const samples = inARow(864, 5 * MINUTE_MS, (k) => (k * 37) % 500).filter((_, k) => k < 100 || k > 130);
    const [read] = knowledgeIn(textOfKnowledge({ zones: [], forecasts: [aForecast(samples)] })).forecasts;
    const kept = read?.series.samples ?? [];
    expect(kept.length).toBeLessThanOrEqual(73);
    expect(kept.every(({ startsAt, endsAt }) => endsAt - startsAt <= HOUR_MS)).toBe(true);
    const whole = { startsAt: MIDNIGHT, endsAt: MIDNIGHT + 72 * HOUR_MS };
    const before = integralOf(samples, whole, (sample) => sample.gramsPerKilowattHour);
    const after = integralOf(kept, whole, (sample) => sample.gramsPerKilowattHour);
    expect(after.covered).toBe(before.covered);
    expect(after.integral / after.covered).toBeCloseTo(before.integral / before.covered, 1);
    const [exact, rough] = [hourlyFigures(samples), hourlyFigures(kept)];
    expect([...rough.keys()]).toEqual([...exact.keys()]);
  });

  test('that is all gaps is kept as far as there is room', () => {
    const samples = inARow(2_000, 5 * MINUTE_MS, () => 100).filter((_, k) => k % 2 === 0);
    const [read] = knowledgeIn(textOfKnowledge({ zones: [], forecasts: [aForecast(samples)] })).forecasts;
    expect(read?.series.samples).toEqual(samples.slice(0, 120));
  });
});

/** Figures that can't be guessed from one another, and the same at every run. */
function noise(): () => number {
  let state = 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return (state % 8_000) / 10;
  };
}

/** All that can be known of so many zones by two signals, with forecasts of three days in slots of five minutes. */
function everythingOf(zones: number): KeptKnowledge {
  const figure = noise();
  const hoursFrom = (from: number, length: number) =>
    new Map(Array.from({ length }, (_, k) => [THIS_HOUR + from + k, figure()]));
  const errors = () => ({
    count: 24,
    absolute: 20 * figure(),
    share: Math.round(figure()) / 1e4,
    shareCount: 24,
    signed: figure(),
    squared: Math.round(1_000 * figure()),
  });
  const keys = Array.from({ length: zones }, (_, k) => `ZONE-${String(k)}`).flatMap((name) =>
    (['Average', 'Marginal'] as const).map((signal) => ({ ...A_KEY, source: 'electricity-maps', zone: name, signal })),
  );
  return {
    zones: keys.map((labels) => ({
      ...labels,
      trusted: true,
      verification: {
        came: hoursFrom(-263, 263),
        predicted: new Map(LEADS.map((hours) => [hours, hoursFrom(-2, hours + 2)])),
        scores: new Map(
          Array.from({ length: 7 }, (_, day) => {
            const scores = LEADS.map((hours) => [hours, { forecast: errors(), persistence: errors() }] as const);
            return [TODAY - day, new Map(scores)];
          }),
        ),
      },
    })),
    forecasts: keys.map((labels) => {
      const { series, askedAt } = aForecast(inARow(864, 5 * MINUTE_MS, figure));
      return { askedAt, series: { ...series, ...labels } };
    }),
  };
}

describe('what fits a ConfigMap', () => {
  const packed = (known: KeptKnowledge): number => gzipSync(textOfKnowledge(known)).length;

  test('is all that is known of a hundred zones by two signals, whatever the figures', () => {
    const known = everythingOf(100);
    expect(packed(known)).toBeLessThan(450 * 1024);
    expect(knowledgeIn(textOfKnowledge(known)).zones).toEqual(known.zones);
  });

  test('is what is written of more zones than that, and the newest forecasts are', () => {
    const known = everythingOf(300);
    const newer = known.forecasts.map((forecast, k) => ({ ...forecast, askedAt: MIDNIGHT + k }));
    expect(packed({ ...known, forecasts: newer })).toBeLessThan(650 * 1024);
    const read = knowledgeIn(textOfKnowledge({ ...known, forecasts: newer }));
    expect([read.zones.length, read.forecasts.length]).toEqual([300, 300]);
    expect(read.forecasts[0]?.askedAt).toBe(MIDNIGHT + 599);
  });
});

describe('a text that this operator has not written', () => {
  test.each([
    ['nothing', ''],
    ['no JSON', '{"version":1'],
    ['null', 'null'],
    ['a list', '[]'],
    ['another version', '{"version":0,"zones":[],"forecasts":[]}'],
    ['entries that are no list', '{"version":1,"zones":{}}'],
    ['entries that are a text', '{"version":1,"forecasts":"abc"}'],
  ])('is refused where it is %s', (_, text) => {
    expect(() => knowledgeIn(text)).toThrow();
  });

  test('may lack what it could know', () => {
    expect(knowledgeIn('{"version":1}')).toEqual({ zones: [], forecasts: [] });
  });

  const known: KeptKnowledge = { ...everythingOf(1), forecasts: [aForecast(inARow(3, HOUR_MS, () => 100))] };
  const written = JSON.parse(textOfKnowledge(known)) as {
    zones: readonly Record<string, unknown>[];
    forecasts: readonly Record<string, unknown>[];
  };
  const millions = Array.from({ length: 1_000_000 }, () => 1);

  test.each([
    ['no key', { key: undefined }],
    ['a key of another signal', { key: ['vendor', 'DE', 'Total', 'Lifecycle'] }],
    ['a key of another scope', { key: ['vendor', 'DE', 'Average', 'All'] }],
    ['a key of numbers', { key: [1, 2, 'Average', 'Lifecycle'] }],
    ['trust that is a word', { trusted: 'yes' }],
    ['a figure below zero', { came: [THIS_HOUR, -1] }],
    ['a figure that is a text', { came: [THIS_HOUR, '100'] }],
    ['hours that are none', { came: [0.5, 1] }],
    ['hours beyond all numbers', { came: [1e300, 1] }],
    ['a million hours', { came: [THIS_HOUR, ...millions] }],
    ['a million leads', { predicted: millions }],
    ['a lead that is none', { predicted: [[2, THIS_HOUR, 1]] }],
    ['a million scores', { scores: millions }],
    ['a score without errors', { scores: [[TODAY, 1]] }],
    ['a score of half an hour', { scores: [[TODAY, 1, [0.5, 1, 1, 0, 1], [0.5, 1, 1, 0, 1]]] }],
    ['a score of unlike hours', { scores: [[TODAY, 1, [1, 1, 1, 1, 1], [2, 1, 1, 1, 1]]] }],
  ])('is read without a zone that has %s', (_, broken) => {
    const [first, ...rest] = written.zones;
    const text = JSON.stringify({ ...written, zones: [{ ...first, ...broken }, null, 7, ...rest] });
    expect(knowledgeIn(text).zones).toEqual(known.zones.slice(1));
  });

  test.each([
    ['no samples', { samples: [] }],
    ['samples that are no list', { samples: 'abc' }],
    ['a million samples', { samples: millions }],
    [
      'samples that overlap',
      {
        samples: [
          [0, 60, 1, 1],
          [-30, 60, 1, 1],
        ],
      },
    ],
    ['a sample without length', { samples: [[0, 0, 1, 1]] }],
    ['a sample of a century', { samples: [[0, 3e9, 1, 1]] }],
    ['a sample of nothing', { samples: [[0, 60, null, 1]] }],
    ['a sample below zero', { samples: [[0, 60, -1, 1]] }],
    ['a time that is none', { from: null }],
    ['an issue that is none', { issued: 'yesterday' }],
    ['a question that is none', { at: {} }],
    ['doubt whether it is made up', { synthetic: 1 }],
  ])('is read without a forecast that has %s', (_, broken) => {
    const [first] = written.forecasts;
    const text = JSON.stringify({ ...written, forecasts: [{ ...first, ...broken }, null, 'x', first] });
    expect(knowledgeIn(text).forecasts).toEqual(known.forecasts);
  });

  test('is read without figures beyond all numbers', () => {
    const text = textOfKnowledge(known);
    const beyond = text
      .replace(/"came":\[(\d+),[^,]+/, '"came":[$1,1e999')
      .replace(/\[0,3600,100,1\]/, '[0,3600,1e999,1]');
    expect(knowledgeIn(beyond)).toEqual({ zones: known.zones.slice(1), forecasts: [] });
  });

  test('is read or refused, whatever it is, and what was read can be written', () => {
    const anything = fc.jsonValue();
    const like = (good: Record<string, unknown> = {}) =>
      fc.record(
        Object.fromEntries(Object.entries(good).map(([name, value]) => [name, fc.oneof(fc.constant(value), anything)])),
      );
    const texts = fc.record({
      version: fc.oneof(fc.constant(1), anything),
      zones: fc.oneof(fc.array(fc.oneof(like(written.zones[0]), anything)), anything),
      forecasts: fc.oneof(fc.array(fc.oneof(like(written.forecasts[0]), anything)), anything),
    });
    fc.assert(
      fc.property(texts, (text) => {
        let read: KeptKnowledge;
        try {
          read = knowledgeIn(JSON.stringify(text));
        } catch {
          return;
        }
        expect(knowledgeIn(textOfKnowledge(read)).zones).toHaveLength(read.zones.length);
      }),
    );
  });
});
