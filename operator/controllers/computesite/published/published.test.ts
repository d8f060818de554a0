import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, series } from '../../../../test/builders/planning.ts';
import { staticOutlooks } from '../../../../test/builders/outlooks.ts';
import { FieldReader, type Problem } from '../../../api/v1alpha1/parse/field-reader.ts';
import type { PriceSeries } from '../../../domain/electricity-price.ts';
import type { Outlook } from '../../../domain/site.ts';
import { HOUR_MS, MINUTE_MS } from '../../../domain/units.ts';
import { publishedPrices, readPrices } from './electricity-prices.ts';
import { publishedForecasts, readForecasts } from './forecasts.ts';
import { publishedFigures, readFigures, type Figure } from './figures.ts';

const NOW = atHour(30.5);

function reader(value: unknown, problems: Problem[] = []): FieldReader {
  return new FieldReader('status.forecasts', value, problems);
}

function publish(outlook: Outlook<'Average'>) {
  return publishedForecasts('DE', staticOutlooks({ DE: { outlook } }), NOW);
}

describe('forecasts in the status of a site', () => {
  const outlook = {
    series: series([100, undefined, 312.44, 0], {}),
    rung: 'CachedForecast',
    expectedError: [
      { lead: HOUR_MS, share: 0.05 },
      { lead: 24 * HOUR_MS, share: 0.1 },
    ],
  } as const;
  const published = publishedForecasts('DE', staticOutlooks({ DE: { outlook } }), atHour(0.5));

  test('are a line of figures, with a dash for what is unknown', () => {
    expect(published).toEqual([
      {
        signal: 'Average',
        scope: 'Lifecycle',
        source: 'file',
        rung: 'CachedForecast',
        issuedAt: '2026-06-01T00:00:00Z',
        start: '2026-06-01T00:00:00Z',
        slot: '1h',
        gramsPerKWh: '100 - 312.4 0',
        expectedErrors: [
          { ahead: '1h', percent: '5' },
          { ahead: '24h', percent: '10' },
        ],
      },
    ]);
  });

  test('are read back as they were, to a tenth of a gram', () => {
    const problems: Problem[] = [];
    const { Average } = readForecasts('DE', reader(published, problems));
    expect(problems).toEqual([]);
    expect(Average).toEqual({
      ...outlook,
      series: { ...outlook.series, samples: series([100, undefined, 312.4, 0]).samples },
    });
  });

  test('go back a day, and begin with a whole figure, so that they don’t change with the clock', () => {
    const [first] = publish({ series: series(Array.from({ length: 60 }, (_, k) => k)), rung: 'LiveForecast' });
    expect(first).toMatchObject({ start: '2026-06-01T06:00:00Z', slot: '1h' });
    expect(first?.gramsPerKWh.split(' ')).toHaveLength(54);
  });

  test('are absent where nothing is known', () => {
    expect(publishedForecasts('FR', staticOutlooks({}), NOW)).toEqual([]);
    expect(publish({ series: series([]), rung: 'LiveForecast' })).toEqual([]);
  });

  test('that somebody has spoilt are problems of their fields', () => {
    const problems: Problem[] = [];
    readForecasts('DE', reader([{ ...published[0], gramsPerKWh: '1 two -3', slot: '1h' }, { rung: 'None' }], problems));
    expect(problems.map(({ field, message }) => `${field} ${message}`)).toEqual([
      'status.forecasts[0].gramsPerKWh has "two" in place 2; write a number there, or - where it is unknown',
      'status.forecasts[0].gramsPerKWh is below zero in figure 2; write 0 or more',
      'status.forecasts[1].signal is missing; write Average or Marginal',
      'status.forecasts[1].scope is missing; write what the grams count',
      'status.forecasts[1].rung is unknown; write LiveForecast, CachedForecast, Persistence or TypicalDay',
      'status.forecasts[1].start is missing; write when the first slot starts',
      'status.forecasts[1].slot is missing; write the length of a slot, like 1h',
      'status.forecasts[1].gramsPerKWh is missing; write a figure for each slot',
    ]);
  });
});

describe('prices in the status of a site', () => {
  const prices: PriceSeries = {
    zone: 'DE',
    currency: 'EUR',
    basis: 'Market',
    source: 'energy-charts',
    samples: [0.1, -0.00512, 0.2].map((perKilowattHour, k) => ({
      startsAt: atHour(k),
      endsAt: atHour(k + 1),
      perKilowattHour,
      estimated: false,
    })),
  };

  test('are published and read back, those below zero as well', () => {
    const published = publishedPrices(prices, atHour(0));
    expect(published).toEqual({ start: '2026-06-01T00:00:00Z', slot: '1h', perKWh: '0.1 -0.00512 0.2' });
    expect(readPrices(reader(published))).toEqual(prices.samples);
  });

  test('are absent where none vary', () => {
    expect(publishedPrices(undefined, NOW)).toBeUndefined();
    expect(readPrices(reader(undefined))).toEqual([]);
  });
});

describe('figures of any series', () => {
  const figureOf = ({ value: own }: Figure): number => own;
  const lengths = fc.constantFrom(7_500, 5 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS);
  const figuresOf = (values: readonly (number | undefined)[], length: number): readonly Figure[] =>
    values.flatMap((value, k) =>
      value === undefined ? [] : [{ startsAt: atHour(0) + k * length, endsAt: atHour(0) + (k + 1) * length, value }],
    );
  const back = (figures: readonly Figure[]): readonly Figure[] => {
    const published = publishedFigures(figures, atHour(0), { digits: 1, figureOf });
    if (published === undefined) return [];
    const { start, slot, text } = published;
    return readFigures({ start: reader(start), slot: reader(slot), text: reader(text) });
  };
  const value = fc.option(
    fc.integer({ min: 0, max: 20_000 }).map((tenths) => tenths / 10),
    { nil: undefined },
  );

  test('come back as they were while there are few enough of them', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 480 }), lengths, (values, length) => {
        const figures = figuresOf(values, length);
        // A slot's length shows by neighbours: without any the figures keep their places all the same.
        const hasNeighbours = figures.some(({ endsAt }, k) => figures[k + 1]?.startsAt === endsAt);
        fc.pre(hasNeighbours && isUsual(figures, length));
        expect(back(figures)).toEqual(figures);
      }),
    );
  });

  test('of a longer series are means, and never so long that the API server refuses them', () => {
    const figures = figuresOf(
      Array.from({ length: 3_000 }, () => 1_234.5),
      5 * MINUTE_MS,
    );
    const published = publishedFigures(figures, atHour(0), { digits: 5, figureOf });
    expect(published?.text.length).toBeLessThanOrEqual(8_192);
    expect(published?.slot).toBe('35m');
    expect(back(figures).every(({ value: mean }) => mean === 1_234.5)).toBe(true);
  });

  test('that never change are one', () => {
    const figures = [{ startsAt: atHour(0), endsAt: atHour(96), value: 30 }];
    expect(back(figures)).toEqual(figures);
  });
});

function isUsual(figures: readonly Figure[], length: number): boolean {
  const spacings = figures.slice(1).map(({ startsAt }, k) => startsAt - (figures[k]?.startsAt ?? 0));
  const near = spacings.filter((spacing) => spacing === length).length;
  return spacings.every((spacing) => spacings.filter((other) => other === spacing).length <= near);
}
