import { describe, expect, test } from '@jest/globals';
import type { IntensitySeries, Signal } from '../../operator/domain/intensity.ts';
import type { Interval } from '../../operator/domain/interval.ts';
import { gramsPerKilowattHour, HOUR_MS } from '../../operator/domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../operator/ports/carbon.ts';
import type { PriceSource } from '../../operator/ports/price.ts';
import { SourceError, type SourceErrorCode } from '../../operator/ports/source-error.ts';
import { carbonExpectation, priceExpectation, type Questions } from './expectation.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const NEVER = new AbortController().signal;
const QUESTIONS = {
  ...{ zone: 'DE', otherZones: ['FR'], unknownZone: 'XX-NOWHERE', signal: 'Average' },
  ...{ now: NOW, ahead: 6 * HOUR_MS, behind: 2 * HOUR_MS },
} as const satisfies Questions & { signal: Signal };

const hour = (k: number): Interval => ({ startsAt: NOW + k * HOUR_MS, endsAt: NOW + (k + 1) * HOUR_MS });
const isNear = ({ startsAt }: Interval) => Math.abs(startsAt - NOW) < 100 * HOUR_MS;
const refusal = (code: SourceErrorCode) => new SourceError(code, `it says ${code}`);
const span = (from: number, until: number) => ({
  from: new Date(NOW + from * HOUR_MS).toISOString(),
  until: new Date(NOW + until * HOUR_MS).toISOString(),
});

type Asked = (query: CarbonQuery, perspective: IntensitySeries['perspective']) => readonly Interval[] | SourceErrorCode;

/** Hours by default, and no time that is far away. */
function sourceThat(answers: Asked): CarbonSource & { readonly asked: string[] } {
  const asked: string[] = [];
  const answer = async <S extends Signal>(query: CarbonQuery<S>, perspective: IntensitySeries['perspective']) => {
    asked.push(`${perspective} of ${query.zone}`);
    const rows = isNear(query.interval) ? answers(query, perspective) : 'NoData';
    if (typeof rows === 'string') throw refusal(rows);
    const { zone, signal } = query;
    const samples = rows.map((row) => ({
      ...row,
      ...{ gramsPerKilowattHour: gramsPerKilowattHour(1), estimated: row.startsAt >= NOW },
    }));
    const labels = { scope: 'Direct', synthetic: false, source: 'it', issuedAt: NOW, perspective } as const;
    return { zone, signal, ...labels, samples } satisfies IntensitySeries<S>;
  };
  return {
    ...{ name: 'it', rung: 'LiveForecast', asked },
    forecast: (query) => answer(query, 'Forecast'),
    history: (query) => answer(query, 'History'),
  };
}

describe('what the suite of carbon sources is to find', () => {
  test('is taken from the answers to its questions', async () => {
    const source = sourceThat((_, perspective) => (perspective === 'Forecast' ? [0, 1, 2] : [-2, -1]).map(hour));
    expect(await carbonExpectation(source, QUESTIONS, NEVER)).toEqual({
      ...{ reviewed: false, signal: 'Average', known: span(0, 3), otherZones: ['FR'], unknownZone: 'XX-NOWHERE' },
      uncovered: { from: '2011-11-27T10:00:00.000Z', until: '2011-11-27T11:00:00.000Z' },
      ...{ scope: 'Direct', synthetic: false, estimated: [true, true, true] },
      past: { interval: span(-2, 0), estimated: [false, false] },
    });
    expect(source.asked).toEqual([
      ...['Forecast of DE', 'Forecast of FR', 'Forecast of XX-NOWHERE', 'Forecast of DE', 'History of DE'],
    ]);
  });

  test('is about the longest stretch without a gap', async () => {
    const source = sourceThat(() => [0, 2, 3, 5].map(hour));
    expect(await carbonExpectation(source, QUESTIONS, NEVER)).toMatchObject({
      known: span(2, 4),
      estimated: [true, true],
    });
  });

  test('is about history where there is no forecast', async () => {
    const source = sourceThat((_, perspective) =>
      perspective === 'Forecast' ? 'ForecastUnsupported' : [-2, -1].map(hour),
    );
    const expected = await carbonExpectation(source, QUESTIONS, NEVER);
    expect(expected).toMatchObject({ known: span(-2, 0), noForecastBecause: 'it says ForecastUnsupported' });
    expect(source.asked.filter((one) => one.startsWith('Forecast'))).toEqual(['Forecast of DE']);
  });

  test.each(['HistoryUnsupported', 'NotEntitled'] as const)('says why there is no past: %s', async (code) => {
    const source = sourceThat((_, perspective) => (perspective === 'Forecast' ? [hour(0)] : code));
    const past = { interval: span(-2, 0), refusal: code, because: `it says ${code}` };
    expect(await carbonExpectation(source, QUESTIONS, NEVER)).toMatchObject({ past });
  });

  test('is nothing where the first question has no answer', async () => {
    const source = sourceThat(() => 'QuotaExceeded');
    const noAnswer = { reviewed: false, noAnswerBecause: 'QuotaExceeded: it says QuotaExceeded' };
    expect(await carbonExpectation(source, QUESTIONS, NEVER)).toEqual(noAnswer);
    expect(source.asked).toHaveLength(1);
  });

  test('lets a fault of the adapter out', async () => {
    const source = sourceThat(() => {
      throw new TypeError('undefined is not a function');
    });
    await expect(carbonExpectation(source, QUESTIONS, NEVER)).rejects.toThrow(TypeError);
  });
});

describe('what the suite of price sources is to find', () => {
  interface Price {
    readonly perKilowattHour: number;
    readonly estimated?: boolean;
  }
  /** Hours from now on; of other times it has them too where it knows all time. */
  const pricesOf = (prices: readonly Price[], knows: (interval: Interval) => boolean = isNear): PriceSource => ({
    name: 'it',
    prices: async ({ zone, interval }) => {
      if (!knows(interval)) throw refusal('NoData');
      const samples = prices.map((price, k) => ({ estimated: false, ...price, ...hour(k) }));
      return { zone, currency: 'EUR', basis: 'Market', source: 'it', samples };
    },
  });
  const at = (...prices: readonly number[]) => prices.map((perKilowattHour) => ({ perKilowattHour }));

  test('is taken from the answers, to as many decimals as it compares', async () => {
    expect(await priceExpectation(pricesOf(at(0.1, -0.06509999999999999, -0.2, 0.3)), QUESTIONS, NEVER)).toEqual({
      ...{ reviewed: false, known: span(0, 4), unknownZone: 'XX-NOWHERE', currency: 'EUR', basis: 'Market' },
      uncovered: { from: '2011-11-27T10:00:00.000Z', until: '2011-11-27T11:00:00.000Z' },
      ...{ perKilowattHour: [0.1, -0.0651, -0.2, 0.3], negative: span(1, 3) },
    });
  });

  test('leaves out what is not published, and says where no price is negative', async () => {
    const prices = [...at(0.1, 0.2), { perKilowattHour: 0.3, estimated: true }];
    expect(await priceExpectation(pricesOf(prices), QUESTIONS, NEVER)).toMatchObject({
      ...{ known: span(0, 2), perKilowattHour: [0.1, 0.2] },
      negative: { neverBecause: expect.stringContaining('nobody was paid') },
    });
    const unpublished = [{ perKilowattHour: 0.3, estimated: true }];
    expect(await priceExpectation(pricesOf(unpublished), QUESTIONS, NEVER)).toHaveProperty('noAnswerBecause');
  });

  test('asks for what is to come where long ago is known', async () => {
    const source = pricesOf(at(0.1), ({ startsAt }) => startsAt < NOW + 100 * HOUR_MS);
    const uncovered = { from: '2027-11-23T10:00:00.000Z', until: '2027-11-23T11:00:00.000Z' };
    expect(await priceExpectation(source, QUESTIONS, NEVER)).toMatchObject({ uncovered });
  });
});
