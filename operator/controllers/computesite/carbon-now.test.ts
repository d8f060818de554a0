import { describe, expect, test } from '@jest/globals';
import { atHour, series } from '../../../test/builders/planning.ts';
import { staticOutlooks } from '../../../test/builders/outlooks.ts';
import type { IntensitySeries, Rung } from '../../domain/intensity.ts';
import { gramsPerKilowattHour } from '../../domain/units.ts';
import { SourceError } from '../../ports/source-error.ts';
import { carbonNow } from './carbon-now.ts';

const quota = { source: 'vendor', error: new SourceError('QuotaExceeded', 'come back tomorrow') };

function now(
  figures: readonly (number | undefined)[],
  { rung = 'LiveForecast', ...labels }: Partial<IntensitySeries<'Average'>> & { rung?: Rung } = {},
) {
  const outlooks = staticOutlooks({ DE: { outlook: { series: series(figures, labels), rung } } });
  return carbonNow('DE', outlooks, atHour(1.5));
}

describe('the intensity now', () => {
  test('is that of the slot under way, in whole grams, with all that it may be compared by', () => {
    expect(now([100, 241.6, 300])).toEqual({
      freshness: { status: 'True', reason: 'LiveForecast', message: 'forecast from file' },
      intensity: {
        gramsPerKWh: 242,
        trend: 'Rising',
        signal: 'Average',
        scope: 'Lifecycle',
        source: 'file',
        rung: 'LiveForecast',
        estimated: false,
        at: '2026-06-01T01:00:00Z',
        issuedAt: '2026-06-01T00:00:00Z',
      },
      forecastUntil: '2026-06-01T03:00:00Z',
      changesAt: atHour(2),
    });
  });

  test('says that it was computed without a measurement', () => {
    const samples = series([1, 2]).samples.map((sample) => ({ ...sample, estimated: true }));
    expect(now([], { samples }).intensity?.estimated).toBe(true);
  });

  test('is absent in a gap, and the condition says what is covered', () => {
    expect(now([100, undefined, 300])).toEqual({
      freshness: {
        status: 'False',
        reason: 'NoData',
        message: 'file knows nothing of zone DE for now; it covers 2026-06-01T00:00:00Z to 2026-06-01T03:00:00Z',
      },
    });
  });

  test('is absent once the forecast is over', () => {
    const known = now([100]);
    expect(known).not.toHaveProperty('intensity');
    expect(known).not.toHaveProperty('forecastUntil');
    expect(known.freshness).toMatchObject({ status: 'False', reason: 'NoData' });
  });

  test('can be 0 grams, which is not the same as unknown', () => {
    const samples = [
      { startsAt: atHour(1), endsAt: atHour(2), gramsPerKilowattHour: gramsPerKilowattHour(0.3), estimated: false },
    ];
    expect(now([], { samples }).intensity?.gramsPerKWh).toBe(0);
  });
});

describe('the trend', () => {
  test.each([
    ['Rising', [100, 100, 106]],
    ['Steady', [100, 100, 104]],
    ['Falling', [100, 100, 50, 120]],
    // What is beyond three hours is another matter.
    ['Steady', [100, 100, 100, 100, 100, 900, 900]],
  ] as const)('is %s where %j are known and the second is under way', (trend, figures) => {
    expect(now(figures).intensity?.trend).toBe(trend);
  });

  test('is absent where nothing is known of the next hours', () => {
    expect(now([100, 200]).intensity).not.toHaveProperty('trend');
    expect(now([100, 200, undefined, undefined, undefined, 100]).intensity).not.toHaveProperty('trend');
  });
});

test('the forecast reaches to its first gap', () => {
  expect(now([100, 200, 300, undefined, 500]).forecastUntil).toBe('2026-06-01T03:00:00Z');
});

test('the forecast does not reach to where persistence goes on', () => {
  const samples = series([100, 200, 300, 400]).samples.map((sample, hour) =>
    hour < 2 ? sample : { ...sample, rung: 'Persistence' as const },
  );
  expect(now([], { samples }).forecastUntil).toBe('2026-06-01T02:00:00Z');
});

describe('carbon data are fresh', () => {
  test.each([
    ['LiveForecast', 'True', 'forecast from vendor'],
    ['CachedForecast', 'True', 'forecast from vendor of 2026-06-01T00:00:00Z'],
    ['Persistence', 'False', 'no forecast; what vendor measured at the same hour of the days before stands for it'],
    ['TypicalDay', 'False', 'no forecast; the typical day of vendor stands for it'],
  ] as const)('on rung %s: %s', (rung, status, message) => {
    expect(now([1, 2], { rung, source: 'vendor' }).freshness).toEqual({ status, reason: rung, message });
  });

  test('as long as the last forecast of a source that fails is young', () => {
    const outlook = (hour: number) => ({
      series: series([1, 2, 3, 4, 5, 6], { issuedAt: atHour(hour) }),
      rung: 'CachedForecast' as const,
    });
    const freshness = (hour: number) =>
      carbonNow('DE', staticOutlooks({ DE: { outlook: outlook(hour) } }), atHour(5)).freshness;
    expect(freshness(2)).toMatchObject({ status: 'True', reason: 'CachedForecast' });
    expect(freshness(1.9)).toMatchObject({ status: 'False', reason: 'CachedForecast' });
  });

  test('and where they are not, the sources above say why', () => {
    const outlook = { series: series([1, 2], { source: 'typical-day' }), rung: 'TypicalDay' as const };
    const { freshness } = carbonNow('DE', staticOutlooks({ DE: { outlook, failures: [quota] } }), atHour(1));
    expect(freshness.message).toBe(
      'no forecast; the typical day of typical-day stands for it; vendor: come back tomorrow',
    );
  });

  test('not where no source answered: the first says why', () => {
    const { freshness } = carbonNow('DE', staticOutlooks({ DE: { failures: [quota] } }), atHour(1));
    expect(freshness).toEqual({ status: 'False', reason: 'QuotaExceeded', message: 'come back tomorrow' });
  });

  test('is not known until the first answer', () => {
    const { freshness } = carbonNow('DE', staticOutlooks({}), atHour(1));
    expect(freshness).toMatchObject({ status: 'Unknown', reason: 'NoData' });
  });
});
