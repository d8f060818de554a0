import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, series } from '../../../test/builders/planning.ts';
import type { IntensitySample } from '../../domain/intensity.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { knownBefore, withPast } from './kept-past.ts';

const figuresFrom = (samples: readonly IntensitySample[]) =>
  samples.map(({ startsAt, endsAt, gramsPerKilowattHour }) => [
    (startsAt - atHour(0)) / HOUR_MS,
    (endsAt - atHour(0)) / HOUR_MS,
    gramsPerKilowattHour,
  ]);
const estimated = (samples: readonly IntensitySample[]) => samples.map((sample) => ({ ...sample, estimated: true }));

describe('the past of an answer', () => {
  test('is what was known when it was now, where a forecast begins with the hour that is under way', () => {
    const before = series([10, 20, 30, 40]);
    const answer = series([undefined, undefined, 31, 41, 51]);
    expect(figuresFrom(withPast(answer, before.samples, atHour(2)).samples)).toEqual([
      [0, 1, 10],
      [1, 2, 20],
      [2, 3, 31],
      [3, 4, 41],
      [4, 5, 51],
    ]);
  });

  test('changes within the hour only from the answer on', () => {
    const { samples } = withPast(series([11, 21]), estimated(series([10]).samples), atHour(0.5));
    // The answer has measured its own past, an estimate from before gives way to it.
    expect(figuresFrom(samples)).toEqual([
      [0, 1, 11],
      [1, 2, 21],
    ]);
    const guess = { ...series([11, 21]), samples: estimated(series([11, 21]).samples) };
    expect(figuresFrom(withPast(guess, estimated(series([10]).samples), atHour(0.5)).samples)).toEqual([
      [0, 0.5, 10],
      [0.5, 1, 11],
      [1, 2, 21],
    ]);
  });

  test('is what the answer estimates where nobody knew it', () => {
    const guess = { ...series([11, 21, 31]), samples: estimated(series([11, 21, 31]).samples) };
    const earlier = estimated(series([undefined, 20]).samples);
    expect(figuresFrom(withPast(guess, earlier, atHour(2)).samples)).toEqual([
      [0, 1, 11],
      [1, 2, 20],
      [2, 3, 31],
    ]);
  });

  test('reaches back three days, and is not cut into pieces by being asked again', () => {
    let known = series(Array.from({ length: 48 }, (_, hour) => hour));
    for (let minute = 0; minute < 100 * 60; minute += 5) {
      const now = atHour(0) + minute * MINUTE_MS;
      const hour = Math.floor(minute / 60);
      const ahead = Array.from({ length: hour + 48 }, (_, k) => (k < hour ? undefined : k));
      known = withPast(series(ahead), known.samples, now);
    }
    const now = atHour(99) + 55 * MINUTE_MS;
    expect(known.samples[0]?.startsAt).toBe(now - hours(72));
    expect(known.samples).toHaveLength(1 + 71 + 1 + 47);
  });

  test('says on which rung it stood, where that is another than the one of the answer', () => {
    const typicalDay = { series: series([10, 20]), rung: 'TypicalDay' } as const;
    const first = withPast(series([undefined, 21, 31]), knownBefore(typicalDay, 'LiveForecast'), atHour(1.5));
    expect(first.samples.map(({ rung }) => rung)).toEqual(['TypicalDay', undefined, undefined]);
    const live = { series: first, rung: 'LiveForecast' } as const;
    const again = withPast(series([undefined, undefined, 32]), knownBefore(live, 'TypicalDay'), atHour(2));
    expect(again.samples.map(({ rung }) => rung)).toEqual([undefined, 'LiveForecast', undefined]);
  });

  test('never touches what is ahead, and never overlaps', () => {
    const figures = fc.array(fc.option(fc.integer({ min: 0, max: 500 }), { nil: undefined }), { maxLength: 12 });
    fc.assert(
      fc.property(
        figures,
        figures,
        fc.double({ min: 0, max: 12, noNaN: true }),
        fc.boolean(),
        (a, b, hour, isGuess) => {
          const now = Math.round(atHour(hour));
          const answer = { ...series(a), samples: isGuess ? estimated(series(a).samples) : series(a).samples };
          const { samples } = withPast(answer, estimated(series(b).samples), now);
          const at = (list: readonly IntensitySample[], instant: number) =>
            list.find(({ startsAt, endsAt }) => startsAt <= instant && instant < endsAt)?.gramsPerKilowattHour;
          samples.forEach((sample, k) => expect(sample.startsAt).toBeGreaterThanOrEqual(samples[k - 1]?.endsAt ?? 0));
          for (let instant = now; instant < atHour(12); instant += 17 * MINUTE_MS) {
            expect(at(samples, instant)).toBe(at(answer.samples, instant));
          }
          for (let instant = atHour(0); instant < now; instant += 17 * MINUTE_MS) {
            const expected = isGuess
              ? (at(series(b).samples, instant) ?? at(answer.samples, instant))
              : (at(answer.samples, instant) ?? at(series(b).samples, instant));
            expect(at(samples, instant)).toBe(expected);
          }
        },
      ),
    );
  });
});
