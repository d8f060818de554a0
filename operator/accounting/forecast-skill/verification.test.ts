import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, MIDNIGHT } from '../../../test/builders/planning.ts';
import { MINUTE_MS, type EpochMs } from '../../domain/units.ts';
import { hourOf, startOfHour, type HourlyFigures, type HourOfTime } from './hourly-figures.ts';
import { persistenceFrom } from './persistence.ts';
import {
  LEADS,
  NOTHING_VERIFIED,
  totalAt,
  withForecast,
  withTruth,
  type ErrorSums,
  type Lead,
  type Verification,
} from './verification.ts';

const FIRST = hourOf(MIDNIGHT);
const NO_ERRORS: ErrorSums = { count: 0, absolute: 0, share: 0, shareCount: 0, signed: 0, squared: 0 };

/** The same figure for so many hours from one on, counted from midnight. */
function flat(from: number, length: number, figure: number): HourlyFigures {
  return new Map(Array.from({ length }, (_, k) => [FIRST + from + k, figure]));
}

/** A forecast that was heard, or measurements. */
interface Heard {
  readonly what: 'forecast' | 'truth';
  readonly at: EpochMs;
  readonly figures: HourlyFigures;
}

function verified(heard: readonly Heard[]): Verification {
  return heard.reduce(
    (before, { what, at, figures }) =>
      what === 'forecast' ? withForecast(before, figures, at) : withTruth(before, figures, at),
    NOTHING_VERIFIED,
  );
}

/** A day is known, then a forecast is made at hour 0. */
function forecastAtMidnight(figures: HourlyFigures): Verification {
  const known = withTruth(NOTHING_VERIFIED, flat(-24, 24, 100), MIDNIGHT);
  return withForecast(known, figures, MIDNIGHT);
}

describe('a prediction', () => {
  test('is scored when its hour is known, beside persistence, each at its lead', () => {
    const made = forecastAtMidnight(flat(0, 80, 130));
    expect(totalAt(made, 1).forecast).toEqual(NO_ERRORS);
    const after = withTruth(made, flat(1, 1, 120), atHour(2));
    expect(totalAt(after, 1)).toEqual({
      forecast: { count: 1, absolute: 10, share: 10 / 120, shareCount: 1, signed: 10, squared: 100 },
      persistence: { count: 1, absolute: 20, share: 20 / 120, shareCount: 1, signed: -20, squared: 400 },
    });
    expect(totalAt(after, 6).forecast).toEqual(NO_ERRORS);
  });

  test('is scored once, however often the truth comes, and whatever it is corrected to', () => {
    const once = withTruth(forecastAtMidnight(flat(0, 80, 130)), flat(1, 1, 120), atHour(2));
    const again = withTruth(withTruth(once, flat(1, 1, 120), atHour(2)), flat(1, 1, 500), atHour(3));
    expect(totalAt(again, 1)).toEqual(totalAt(once, 1));
    expect(again.came.get(FIRST + 1)).toBe(500);
  });

  test('is the word of the first forecast of its hour', () => {
    const first = forecastAtMidnight(flat(0, 80, 130));
    const second = withForecast(first, flat(0, 80, 700), atHour(0.9));
    expect(totalAt(withTruth(second, flat(1, 1, 120), atHour(2)), 1).forecast.absolute).toBe(10);
  });

  test('of an hour whose figure the first forecast lacked is that of the next one', () => {
    const second = withForecast(forecastAtMidnight(flat(2, 80, 700)), flat(1, 1, 130), atHour(0.5));
    expect(totalAt(withTruth(second, flat(1, 1, 120), atHour(2)), 1).forecast.absolute).toBe(10);
  });

  test('is not scored for an hour that is still under way', () => {
    const early = withTruth(forecastAtMidnight(flat(0, 80, 130)), flat(0, 5, 120), atHour(1.9));
    expect(totalAt(early, 1).forecast).toEqual(NO_ERRORS);
    expect(early.came.has(FIRST + 1)).toBe(false);
  });

  test('is not scored where persistence had nothing to say', () => {
    const made = withForecast(NOTHING_VERIFIED, flat(0, 80, 130), MIDNIGHT);
    const after = withTruth(made, flat(-24, 20, 100), atHour(2));
    expect(totalAt(withTruth(after, flat(1, 1, 120), atHour(2)), 1).forecast.count).toBe(1);
    const without = withTruth(made, flat(1, 1, 120), atHour(2));
    expect(totalAt(without, 1)).toEqual({ forecast: NO_ERRORS, persistence: NO_ERRORS });
  });

  test('waits two days for its hour to be known, and no longer', () => {
    const made = forecastAtMidnight(flat(0, 80, 130));
    expect(totalAt(withTruth(made, flat(1, 1, 120), atHour(48)), 1).forecast.count).toBe(1);
    expect(totalAt(withTruth(made, flat(1, 1, 120), atHour(49)), 1).forecast.count).toBe(0);
  });

  test('is not made anew where the clock was set back to before an hour that is known', () => {
    const scored = withTruth(forecastAtMidnight(flat(0, 80, 130)), flat(1, 4, 120), atHour(5));
    const again = withForecast(scored, flat(0, 80, 300), MIDNIGHT);
    expect(totalAt(withTruth(again, flat(1, 4, 120), atHour(5)), 1)).toEqual(totalAt(scored, 1));
  });

  test('of nothing emitted has an error, and no share of it', () => {
    const after = withTruth(forecastAtMidnight(flat(0, 80, 30)), flat(1, 1, 0), atHour(2));
    const squared = 900;
    expect(totalAt(after, 1).forecast).toEqual({
      count: 1,
      absolute: 30,
      share: 0,
      shareCount: 0,
      signed: 30,
      squared,
    });
    const least = withTruth(forecastAtMidnight(flat(0, 80, 30)), flat(1, 1, 0.999), atHour(2));
    expect(totalAt(least, 1).forecast).toMatchObject({ count: 1, share: 0, shareCount: 0 });
  });
});

const figure = fc.integer({ min: 0, max: 900 });

/** What is heard at some minute of some hour: so many hours of figures, back from then or on from then. */
const heardInAMonth: fc.Arbitrary<readonly Heard[]> = fc
  .array(
    fc.record({
      what: fc.constantFrom('forecast', 'truth'),
      minute: fc.integer({ min: 0, max: 30 * 24 * 60 - 1 }),
      seed: fc.nat(),
      length: fc.integer({ min: 1, max: 80 }),
    }),
    { minLength: 1_000, maxLength: 1_500 },
  )
  .map((rows) => {
    const heard = rows.map(({ what, minute, seed, length }): Heard => {
      const hour = FIRST + Math.floor(minute / 60);
      const figures = scattered(what === 'forecast' ? hour : hour - length, length, seed);
      return { what, at: MIDNIGHT + minute * MINUTE_MS, figures };
    });
    return heard.sort((one, other) => one.at - other.at);
  });

/** Some figures of so many hours, a gap among them here and there; the same for the same seed. */
function scattered(from: HourOfTime, length: number, seed: number): HourlyFigures {
  const rows = Array.from({ length }, (_, k): [number, number] => [from + k, (seed * 31 + (from + k) * 17) % 901]);
  return new Map(rows.filter(([hour]) => (hour + seed) % 7 !== 0));
}

/** The same figures from the whole log of what was heard, with nothing kept in between. */
function recomputed(heard: readonly Heard[], lead: Lead) {
  const truths = heard.filter(({ what }) => what === 'truth');
  const cameBy = rememberedBy(truths);
  const last = hourOf(heard.at(-1)?.at ?? MIDNIGHT);
  const totals = { forecast: { ...NO_ERRORS }, persistence: { ...NO_ERRORS } };
  for (let hour = last - 8 * 24; hour < last; hour++) {
    if (Math.floor(last / 24) - Math.floor(hour / 24) >= 7) continue;
    const settled = truths.find(({ at, figures }) => hourOf(at) > hour && figures.has(hour));
    const made = heard.find(
      ({ what, at, figures }) => what === 'forecast' && hourOf(at) === hour - lead && figures.has(hour),
    );
    if (settled === undefined || made === undefined || hourOf(settled.at) - hour >= 48) continue;
    const persisted = persistenceFrom(cameBy(settled), hour - lead)(hour);
    const measured = settled.figures.get(hour);
    const predicted = made.figures.get(hour);
    if (persisted === undefined || measured === undefined || predicted === undefined) continue;
    count(totals.forecast, predicted - measured, measured);
    count(totals.persistence, persisted - measured, measured);
  }
  return totals;
}

/** What was known when a truth had been heard, of the last eleven days. */
function rememberedBy(truths: readonly Heard[]): (last: Heard) => HourlyFigures {
  const made = new Map<Heard, HourlyFigures>();
  const make = (last: Heard): HourlyFigures => {
    const known = truths.slice(0, truths.indexOf(last) + 1).flatMap(({ figures }) => [...figures]);
    return new Map(known.filter(([hour]) => hourOf(last.at) - hour < 264));
  };
  return (last) => {
    const came = made.get(last) ?? make(last);
    made.set(last, came);
    return came;
  };
}

function count(sums: { -readonly [Key in keyof ErrorSums]: ErrorSums[Key] }, error: number, measured: number): void {
  sums.count += 1;
  sums.absolute += Math.abs(error);
  sums.signed += error;
  sums.squared += error ** 2;
  if (measured < 1) return;
  sums.share += Math.abs(error) / measured;
  sums.shareCount += 1;
}

function entriesOf({ came, predicted, scores }: Verification): number {
  const inside = [...predicted.values(), ...scores.values()].map(({ size }) => size);
  return came.size + inside.reduce((sum, size) => sum + size, 0);
}

/** A month is long to run, and too long to be made shorter. */
const LONG_RUNS = { numRuns: 5, endOnFailure: true };
/** What came of 11 days, what waits for 2 days at each lead, a week of scores. */
const MOST_ENTRIES = 2 * 11 * 24 + LEADS.length * (48 + 72) + LEADS.length * 13;

describe('over a month', () => {
  test('the sums are those of a recomputation from all that was heard', () => {
    let verifiedInAll = 0;
    fc.assert(
      fc.property(heardInAMonth, (heard) => {
        const verification = verified(heard);
        for (const lead of LEADS) {
          const [total, expected] = [totalAt(verification, lead), recomputed(heard, lead)];
          verifiedInAll += total.forecast.count;
          for (const which of ['forecast', 'persistence'] as const) {
            expect(total[which].count).toBe(expected[which].count);
            expect(total[which].shareCount).toBe(expected[which].shareCount);
            for (const sum of ['absolute', 'signed', 'squared', 'share'] as const)
              expect(total[which][sum]).toBeCloseTo(expected[which][sum], 3);
          }
        }
      }),
      LONG_RUNS,
    );
    expect(verifiedInAll).toBeGreaterThan(LONG_RUNS.numRuns * 10);
  });

  test('it does not matter how often something is heard, nor whether forecast or truth is heard first', () => {
    fc.assert(
      fc.property(heardInAMonth, (heard) => {
        const atOnce = heard.map((one) => ({ ...one, at: startOfHour(hourOf(one.at)) }));
        const byKind = (first: Heard['what']): readonly Heard[] =>
          atOnce.toSorted((a, b) => a.at - b.at || (a.what === b.what ? 0 : a.what === first ? -1 : 1));
        const [forecastFirst, truthFirst] = [verified(byKind('forecast')), verified(byKind('truth'))];
        const twice = verified(byKind('truth').flatMap((one) => [one, one]));
        expect(truthFirst).toEqual(forecastFirst);
        expect(twice).toEqual(forecastFirst);
      }),
      LONG_RUNS,
    );
  });

  test('what is kept stays bounded, whatever a source tells', () => {
    fc.assert(
      fc.property(heardInAMonth, fc.constantFrom('both', 'forecast', 'truth'), (heard, told) => {
        let verification = NOTHING_VERIFIED;
        for (const { what, at, figures } of heard) {
          if (told !== 'both' && told !== what) continue;
          verification =
            what === 'forecast' ? withForecast(verification, figures, at) : withTruth(verification, figures, at);
          expect(entriesOf(verification)).toBeLessThanOrEqual(MOST_ENTRIES);
        }
      }),
      LONG_RUNS,
    );
  });

  test('a perfect forecast has no error at any lead', () => {
    fc.assert(
      fc.property(fc.array(figure, { minLength: 14 * 24, maxLength: 14 * 24 }), (figures) => {
        const all = new Map(figures.map((grams, k) => [FIRST + k, grams]));
        const heard = figures.flatMap((_, k): Heard[] => [
          { what: 'truth', at: atHour(k), figures: all },
          { what: 'forecast', at: atHour(k), figures: all },
        ]);
        const verification = verified(heard);
        for (const lead of LEADS) {
          const { forecast } = totalAt(verification, lead);
          expect(forecast).toMatchObject({ absolute: 0, share: 0, signed: 0 });
          expect(forecast.count).toBeGreaterThanOrEqual(6 * 24);
        }
      }),
      LONG_RUNS,
    );
  });
});

describe('what is too old', () => {
  test('is dropped where a source has long not told what came, by the forecasts that go on', () => {
    let verification = withTruth(forecastAtMidnight(flat(0, 80, 130)), flat(1, 1, 120), atHour(2));
    for (let hour = 2; hour < 13 * 24; hour++)
      verification = withForecast(verification, flat(hour, 80, 130), atHour(hour));
    expect(totalAt(verification, 1).forecast).toEqual(NO_ERRORS);
    expect(verification.came.size).toBe(0);
  });

  test('is what a clock that was far ahead has left as well', () => {
    const ahead = withForecast(
      withTruth(NOTHING_VERIFIED, flat(10_000, 24, 100), atHour(10_024)),
      flat(10_025, 80, 1),
      atHour(10_024),
    );
    expect(withForecast(ahead, flat(0, 80, 130), MIDNIGHT)).toEqual(
      withForecast(NOTHING_VERIFIED, flat(0, 80, 130), MIDNIGHT),
    );
  });
});
