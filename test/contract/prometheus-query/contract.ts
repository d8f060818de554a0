import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../operator/domain/units.ts';
import type { PrometheusQuery } from '../../../operator/ports/prometheus-query.ts';
import { openMetrics } from '../../builders/open-metrics.ts';

export interface PrometheusQueryUnderTest {
  readonly prometheus: PrometheusQuery;
  readonly close: () => Promise<void>;
}

const NEVER = new AbortController().signal;
const FROM = Date.parse('2026-03-02T00:00:00Z');
const MINUTES = 26 * 60;
/** Prometheus takes the last sample of five minutes. */
const LOOKS_BACK = 5 * MINUTE_MS;
const UNTIL = FROM + MINUTES * MINUTE_MS;

/** A sample a minute; none from 02:00 to 03:00. */
const GAP = { startsAt: FROM + 2 * HOUR_MS, endsAt: FROM + 3 * HOUR_MS };
const minutes = Array.from({ length: MINUTES }, (_, k) => FROM + k * MINUTE_MS);
const figureOf = (minute: number): number => 20 + (((minute - FROM) / MINUTE_MS) % 97);

/** What the implementation is asked about. */
const HISTORY = openMetrics([
  {
    metric: 'grid_intensity',
    labels: { zone: 'SE-SE3' },
    samples: minutes.filter((at) => at < GAP.startsAt || at >= GAP.endsAt).map((at) => [at, figureOf(at)]),
  },
  { metric: 'grid_intensity', labels: { zone: 'DE', unit: 'g/kWh, "mean"' }, samples: [[FROM, 400.25]] },
  { metric: 'late', samples: [[UNTIL - MINUTE_MS, 1]] },
  {
    metric: 'odd',
    labels: { is: 'figure' },
    samples: [
      [FROM, NaN],
      [FROM + MINUTE_MS, -1.5e-9],
      [FROM + 2 * MINUTE_MS, Infinity],
      [FROM + 3 * MINUTE_MS, 3e21],
      [FROM + 4 * MINUTE_MS, -Infinity],
    ],
  },
  { metric: 'odd', labels: { is: 'none' }, samples: [[FROM, NaN]] },
]);

/** What Prometheus would say of `grid_intensity{zone="SE-SE3"}` at an instant. */
function expectedAt(instant: number): number | undefined {
  const last = Math.floor((Math.min(instant, UNTIL - MINUTE_MS) - FROM) / MINUTE_MS) * MINUTE_MS + FROM;
  const known = last >= GAP.startsAt && last < GAP.endsAt ? GAP.startsAt - MINUTE_MS : last;
  return known < FROM || instant - known >= LOOKS_BACK ? undefined : figureOf(known);
}

/** What PromQL over HTTP owes its callers. `setUp` is given the history that it is asked about. */
export function prometheusQueryContract(
  name: string,
  setUp: (history: string) => Promise<PrometheusQueryUnderTest>,
  setUpTimeoutMs: number,
): void {
  describe(`${name} as a way to ask Prometheus`, () => {
    let subject: PrometheusQueryUnderTest;
    beforeAll(async () => {
      subject = await setUp(HISTORY);
    }, setUpTimeoutMs);
    afterAll(() => subject.close());

    const instant = (query: string, at = FROM) => subject.prometheus.instant(query, at, NEVER);
    const range = (query: string, over: { startsAt: number; endsAt: number; step: number }) =>
      subject.prometheus.range(query, over, NEVER);

    test('gives each series with its labels but without its name, and the one sample of the instant', async () => {
      const series = await instant('grid_intensity', FROM + 30 * SECOND_MS);
      expect([...series].sort((a, b) => a.samples[0]!.value - b.samples[0]!.value)).toEqual([
        { labels: { zone: 'SE-SE3' }, samples: [{ at: FROM + 30 * SECOND_MS, value: 20 }] },
        { labels: { zone: 'DE', unit: 'g/kWh, "mean"' }, samples: [{ at: FROM + 30 * SECOND_MS, value: 400.25 }] },
      ]);
    });

    test('gives no series where there is none', async () => {
      expect(await instant('grid_intensity{zone="FR"}')).toEqual([]);
      expect(await instant('grid_intensity', FROM - 1)).toEqual([]);
      expect(await range('grid_intensity', { startsAt: FROM - HOUR_MS, endsAt: FROM - 1, step: MINUTE_MS })).toEqual(
        [],
      );
    });

    test('gives a range from its start to its end, both included, in order', async () => {
      const over = { startsAt: FROM, endsAt: FROM + 3 * MINUTE_MS, step: MINUTE_MS };
      const [series, ...others] = await range('grid_intensity{zone="SE-SE3"}', over);
      expect(others).toEqual([]);
      expect(series?.samples).toEqual(
        [0, 1, 2, 3].map((k) => ({ at: FROM + k * MINUTE_MS, value: figureOf(FROM + k * MINUTE_MS) })),
      );
    });

    test('is right to the millisecond, whatever the start and the step, and fills no gap', async () => {
      const start = fc.integer({ min: FROM - HOUR_MS, max: UNTIL });
      const step = fc.integer({ min: 1_000, max: 2 * HOUR_MS });
      await fc.assert(
        fc.asyncProperty(start, step, fc.integer({ min: 0, max: 40 }), async (startsAt, every, steps) => {
          const over = { startsAt, endsAt: startsAt + steps * every, step: every };
          const found = await range('grid_intensity{zone="SE-SE3"}', over);
          const expected = Array.from({ length: steps + 1 }, (_, k) => startsAt + k * every).flatMap((at) => {
            const value = expectedAt(at);
            return value === undefined ? [] : [{ at, value }];
          });
          expect(found.flatMap(({ samples }) => samples)).toEqual(expected);
        }),
        { numRuns: 50 },
      );
    });

    test('gives a range of more points than Prometheus gives at once as one, also a series that begins late', async () => {
      const over = { startsAt: FROM, endsAt: UNTIL - 1, step: 2_500 };
      const points = (MINUTES * MINUTE_MS) / over.step;
      expect(points).toBeGreaterThan(3 * 11_000);
      const [always, ...others] = await range('vector(1)', over);
      expect(others).toEqual([]);
      expect(always?.samples.map(({ at }) => at)).toEqual(
        Array.from({ length: points }, (_, k) => FROM + k * over.step),
      );
      const series = await range('{__name__=~"grid_intensity|late", zone!="DE"}', over);
      const late = series.find(({ labels }) => labels['zone'] === undefined);
      expect(series).toHaveLength(2);
      expect(late?.samples).toHaveLength(MINUTE_MS / over.step);
      expect(late?.samples[0]).toEqual({ at: UNTIL - MINUTE_MS, value: 1 });
    });

    test('leaves out what is no number, and series without any', async () => {
      expect((await instant('odd')).map(({ labels }) => labels)).toEqual([]);
      const [series, ...others] = await range('odd', { startsAt: FROM, endsAt: FROM + 4 * MINUTE_MS, step: MINUTE_MS });
      expect(others).toEqual([]);
      expect(series).toEqual({
        labels: { is: 'figure' },
        samples: [
          { at: FROM + MINUTE_MS, value: -1.5e-9 },
          { at: FROM + 3 * MINUTE_MS, value: 3e21 },
        ],
      });
    });

    test.each([
      ['that can not be parsed', 'grid_intensity{', 'unexpected end of input inside braces'],
      ['that can not be carried out', 'grid_intensity / on() grid_intensity', 'many-to-many matching not allowed'],
    ])('refuses a query %s, in Prometheus’ words', async (_, query, words) => {
      const over = { startsAt: FROM, endsAt: FROM + HOUR_MS, step: MINUTE_MS };
      for (const ask of [() => instant(query), () => range(query, over)]) {
        const refusal = ask();
        await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'Malformed' });
        await expect(refusal).rejects.toThrow(query);
        await expect(refusal).rejects.toThrow(words);
      }
    });

    test.each([
      ['a scalar', 'scalar(grid_intensity)', 'vector()'],
      ['a string', '"SE-SE3"', 'ask for series'],
      ['a range at an instant', 'grid_intensity[5m]', 'avg_over_time()'],
    ])('refuses %s, with the remedy', async (_, query, remedy) => {
      await expect(instant(query)).rejects.toMatchObject({ name: 'SourceError', code: 'Malformed' });
      await expect(instant(query)).rejects.toThrow(remedy);
    });

    test('refuses a range without a step, and one that ends before it starts', async () => {
      for (const over of [
        { startsAt: FROM, endsAt: FROM + HOUR_MS, step: 0 },
        { startsAt: FROM, endsAt: FROM - HOUR_MS, step: MINUTE_MS },
      ]) {
        await expect(range('grid_intensity', over)).rejects.toMatchObject({ code: 'Malformed' });
      }
    });

    test('gives up with the caller: at once, and with the reason that the caller gave', async () => {
      const reason = new Error('shutting down');
      const abort = AbortSignal.abort(reason);
      await expect(subject.prometheus.instant('grid_intensity', FROM, abort)).rejects.toBe(reason);
      const over = { startsAt: FROM, endsAt: UNTIL, step: SECOND_MS };
      await expect(subject.prometheus.range('grid_intensity', over, abort)).rejects.toBe(reason);
    });
  });
}
