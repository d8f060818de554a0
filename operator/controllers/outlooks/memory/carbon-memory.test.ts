import { describe, expect, test } from '@jest/globals';
import { atHour, hours, MIDNIGHT, series } from '../../../../test/builders/planning.ts';
import type { IntensitySeries } from '../../../domain/intensity.ts';
import { gramsPerKilowattHour, HOUR_MS } from '../../../domain/units.ts';
import { CarbonMemory } from './carbon-memory.ts';

const KEY = { source: 'vendor', zone: 'DE', signal: 'Average' } as const;

/** So many hours of one figure, from one on, counted from midnight. */
function flat(from: number, length: number, grams: number, labels: Partial<IntensitySeries> = {}): IntensitySeries {
  const samples = Array.from({ length }, (_, k) => ({
    startsAt: atHour(from + k),
    endsAt: atHour(from + k + 1),
    gramsPerKilowattHour: gramsPerKilowattHour(grams),
    estimated: false,
  }));
  return { ...series([]), source: 'vendor', samples, ...labels };
}

/** A source that has been off by so much for two days and some hours, where every hour is alike. */
function afterTwoDays(memory: CarbonMemory, error: number): void {
  memory.came(flat(-24, 24, 100), MIDNIGHT);
  for (let hour = 0; hour < 54; hour++) {
    memory.expected(flat(hour, 80, 100 + error), atHour(hour));
    memory.came(flat(hour - 24, 24, 100), atHour(hour));
  }
}

const persistence = (memory: CarbonMemory, hour: number, from = hour, until = hour + 2) =>
  memory.persistence('vendor', { ...KEY, interval: { startsAt: atHour(from), endsAt: atHour(until) } }, atHour(hour))
    ?.series;

describe('what is remembered of a source', () => {
  test('says whether its forecasts are to be trusted, and why, for a scrape as well', () => {
    const memory = new CarbonMemory();
    expect(memory.trust(flat(0, 1, 100))).toEqual({ trusted: true, evidence: undefined });
    afterTwoDays(memory, 50);
    expect(memory.trust(flat(0, 1, 100))).toMatchObject({
      trusted: false,
      evidence: { forecast: { meanAbsoluteError: 50, bias: 50 }, persistence: { meanAbsoluteError: 0 } },
    });
    expect(memory.states()).toMatchObject([
      {
        ...KEY,
        trusted: false,
        skills: [{ lead: 1, forecast: { count: 52 } }, { lead: 6 }, { lead: 24 }, { lead: 48 }],
      },
    ]);
  });

  test('says nothing of other sources, zones and signals, nor of figures of another kind', () => {
    const memory = new CarbonMemory();
    afterTwoDays(memory, 50);
    for (const other of [
      { source: 'another' },
      { zone: 'FR' },
      { signal: 'Marginal' as const },
      { scope: 'Direct' as const },
      { synthetic: true },
    ]) {
      expect(memory.trust(flat(0, 1, 100, other))).toEqual({ trusted: true, evidence: undefined });
    }
  });

  test('begins anew with figures that count other grams, by whichever of the two they come', () => {
    for (const tell of ['came', 'expected'] as const) {
      const memory = new CarbonMemory();
      afterTwoDays(memory, 50);
      memory[tell](flat(-10, 30, 70, { scope: 'Direct' }), atHour(54));
      expect(memory.all()).toMatchObject([{ scope: 'Direct', trusted: true }]);
      expect(memory.states()[0]?.skills).toEqual([]);
    }
  });

  test('is no estimate and nothing made up', () => {
    const memory = new CarbonMemory();
    const estimated = flat(-24, 24, 100).samples.map((sample) => ({ ...sample, estimated: true }));
    memory.came(flat(-24, 24, 100, { synthetic: true }), MIDNIGHT);
    memory.expected(flat(0, 80, 100, { synthetic: true }), MIDNIGHT);
    expect(memory.all()).toEqual([]);
    memory.came({ ...flat(0, 0, 0), samples: estimated }, MIDNIGHT);
    expect(memory.all()[0]?.verification.came.size).toBe(0);
    expect(persistence(memory, 0)).toBeUndefined();
  });

  test('is told of one zone and signal no more once it is forgotten', () => {
    const memory = new CarbonMemory();
    memory.came(flat(-24, 24, 100), MIDNIGHT);
    memory.came(flat(-24, 24, 100, { source: 'another' }), MIDNIGHT);
    memory.came(flat(-24, 24, 100, { zone: 'FR' }), MIDNIGHT);
    memory.came(flat(-24, 24, 100, { signal: 'Marginal' }), MIDNIGHT);
    memory.forget('DE', 'Average');
    expect(memory.all()).toMatchObject([{ zone: 'FR' }, { zone: 'DE', signal: 'Marginal' }]);
  });
});

describe('persistence', () => {
  test('is made up, a forecast by its perspective, of the last hour that came, in grams of the same kind', () => {
    const memory = new CarbonMemory();
    memory.came(flat(-30, 24, 100, { scope: 'Direct' }), MIDNIGHT);
    expect(persistence(memory, 0)).toEqual({
      ...KEY,
      scope: 'Direct',
      perspective: 'Forecast',
      synthetic: true,
      issuedAt: atHour(-6),
      samples: [
        { startsAt: MIDNIGHT, endsAt: atHour(1), gramsPerKilowattHour: 100, estimated: true },
        { startsAt: atHour(1), endsAt: atHour(2), gramsPerKilowattHour: 100, estimated: true },
      ],
    });
  });

  test('was never issued in the future, though the clock was set back', () => {
    const memory = new CarbonMemory();
    memory.came(flat(-48, 48, 100), MIDNIGHT);
    expect(persistence(memory, -3)?.issuedAt).toBe(atHour(-3));
  });

  test('is nothing where nobody knows', () => {
    const memory = new CarbonMemory();
    expect(persistence(memory, 0)).toBeUndefined();
    memory.came(flat(-24, 2, 100), MIDNIGHT);
    expect(persistence(memory, 0, 5, 10)).toBeUndefined();
  });
});

describe('a forecast that is planned with', () => {
  const weighed = (memory: CarbonMemory, hour: number, forecast: IntensitySeries) =>
    memory.weighed(forecast, { madeAt: atHour(hour), now: atHour(hour), until: atHour(hour + 6) });

  test('is as it came while too little is known of it, and expected to be off by a usual error', () => {
    const forecast = flat(0, 4, 130);
    const { series: planned, expectedError } = weighed(new CarbonMemory(), 0, forecast);
    expect(planned).toEqual(forecast);
    expect(expectedError).toEqual([{ lead: HOUR_MS, share: 0.1 }]);
  });

  test('has no bias any more, and goes on with persistence where it ends', () => {
    const memory = new CarbonMemory();
    afterTwoDays(memory, 20);
    const { series: planned, expectedError } = weighed(memory, 54, flat(54, 3, 120));
    const figures = planned.samples.map(({ gramsPerKilowattHour: figure, rung }) => [figure, rung]);
    expect(figures).toEqual([
      ...Array.from({ length: 3 }, () => [100, undefined]),
      ...Array.from({ length: 3 }, () => [100, 'Persistence']),
    ]);
    expect(expectedError).toEqual([{ lead: HOUR_MS, share: 0 }]);
  });

  test('is as it came where it counts other grams than those that were judged, or is made up', () => {
    const memory = new CarbonMemory();
    afterTwoDays(memory, 20);
    for (const labels of [{ scope: 'Direct' as const }, { synthetic: true }]) {
      const forecast = flat(54, 3, 120, labels);
      expect(weighed(memory, 54, forecast).series).toEqual(forecast);
    }
  });
});

describe('what a process before has left', () => {
  test('is taken up as it was', () => {
    const [before, after] = [new CarbonMemory(), new CarbonMemory()];
    afterTwoDays(before, 50);
    for (const zone of before.all()) after.restore(zone, atHour(54));
    expect(after.all()).toEqual(before.all());
    expect(after.trust(flat(0, 1, 100)).trusted).toBe(false);
  });

  test('is not taken up where it is too old to say anything', () => {
    const [before, after] = [new CarbonMemory(), new CarbonMemory()];
    afterTwoDays(before, 50);
    for (const zone of before.all()) after.restore(zone, atHour(54) + hours(12 * 24));
    expect(after.all()).toEqual([]);
  });

  test('is judged by what of it is not too old', () => {
    const [before, after] = [new CarbonMemory(), new CarbonMemory()];
    afterTwoDays(before, 50);
    for (const zone of before.all()) after.restore(zone, atHour(8 * 24 + 1));
    const [zone] = after.all();
    expect(zone).toMatchObject({ trusted: true });
    expect([...(zone?.verification.scores.keys() ?? [])]).toEqual([Math.floor(atHour(48) / (24 * HOUR_MS))]);
  });
});
