import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, MIDNIGHT } from '../../../test/builders/planning.ts';
import type { IntensitySample } from '../../domain/intensity.ts';
import { gramsPerKilowattHour, HOUR_MS } from '../../domain/units.ts';
import { combined, expectedErrors, type Combining } from './combination.ts';
import { hourOf } from './hourly-figures.ts';
import type { Accuracy, Skill } from './skill.ts';
import { LEADS, NOTHING_VERIFIED, type DayScore, type ErrorSums, type Lead } from './verification.ts';

const NOW = hourOf(MIDNIGHT);

function accuracy(deviation: number, bias = 0, count = 100): Accuracy {
  return { count, meanAbsoluteError: deviation, meanAbsolutePercentageError: undefined, bias, deviation };
}

function skill(lead: Lead, forecast: Accuracy, persistence: Accuracy): Skill {
  return { lead, forecast, persistence };
}

/** A figure an hour from midnight on. */
function hourly(...figures: readonly number[]): readonly IntensitySample[] {
  return figures.map((figure, k) => ({
    startsAt: atHour(k),
    endsAt: atHour(k + 1),
    gramsPerKilowattHour: gramsPerKilowattHour(figure),
    estimated: false,
  }));
}

function figuresOf(overrides: Partial<Combining>): readonly number[] {
  const forecast = overrides.forecast ?? [];
  const until = forecast.at(-1)?.endsAt ?? MIDNIGHT;
  const usual = { forecast, madeAt: NOW, now: NOW, persistence: () => 100, skills: [], until };
  return combined({ ...usual, ...overrides }).map(({ gramsPerKilowattHour: figure }) => Number(figure));
}

describe('a forecast beside persistence', () => {
  test('counts by the inverse of its mean square error', () => {
    const skills = [skill(1, accuracy(10), accuracy(20))];
    expect(figuresOf({ forecast: hourly(200, 50), skills })).toEqual([180, 60]);
  });

  test('is rid of its bias first, and so is persistence', () => {
    const skills = [skill(1, accuracy(10, 30), accuracy(10, -20))];
    expect(figuresOf({ forecast: hourly(130), skills })).toEqual([110]);
  });

  test('counts at each lead by what it has shown there, between two leads in between', () => {
    const skills = [skill(1, accuracy(0), accuracy(10)), skill(6, accuracy(10, 10), accuracy(10))];
    const forecast = hourly(...Array.from({ length: 10 }, () => 200));
    const figures = figuresOf({ forecast, skills });
    expect(figures.slice(0, 2)).toEqual([200, 200]);
    expect(figures.slice(6)).toEqual([145, 145, 145, 145]);
    // Half-way: bias 5, deviation 5 against 10.
    expect(figuresOf({ forecast: hourly(0, 0, 0, 200), madeAt: NOW - 0.5, now: NOW - 0.5, skills })[3]).toBeCloseTo(
      0.8 * 195 + 0.2 * 100,
    );
  });

  test('that was kept is as old as it is: persistence is not', () => {
    const skills = [skill(1, accuracy(0), accuracy(10)), skill(24, accuracy(10), accuracy(10))];
    expect(figuresOf({ forecast: hourly(200), madeAt: NOW - 24, skills })).toEqual([150]);
  });

  test('that was never off stands alone, and one that is nothing but noise all but vanishes', () => {
    expect(figuresOf({ forecast: hourly(200), skills: [skill(1, accuracy(0), accuracy(0))] })).toEqual([200]);
    expect(figuresOf({ forecast: hourly(200), skills: [skill(1, accuracy(1e6), accuracy(1))] })).toEqual([100]);
  });

  test('stays as it is where too little was verified, where persistence knows nothing, and in hours that are over', () => {
    const poor = [skill(1, accuracy(10, 50, 47), accuracy(10))];
    const forecast = hourly(200, 201.23);
    expect(figuresOf({ forecast, skills: poor })).toEqual([200, 201.23]);
    const skills = [skill(1, accuracy(10), accuracy(10))];
    expect(figuresOf({ forecast, skills, persistence: () => undefined })).toEqual([200, 201.23]);
    expect(figuresOf({ forecast, skills, now: NOW + 1, madeAt: NOW })).toEqual([200, 150.6]);
  });

  test('of longer than an hour meets the mean of what persists', () => {
    const long = { ...hourly(200)[0], startsAt: MIDNIGHT, endsAt: atHour(2) } as IntensitySample;
    const skills = [skill(1, accuracy(10), accuracy(10))];
    const persistence = (hour: number) => (hour === NOW ? 100 : 140);
    expect(figuresOf({ forecast: [long], skills, persistence })).toEqual([160]);
  });

  test('goes on with persistence where it ends, marked, estimated, and without a step', () => {
    const skills = [skill(1, accuracy(10, 30), accuracy(10, -20))];
    const samples = combined({
      ...{ forecast: hourly(150, 150), madeAt: NOW, now: NOW, persistence: () => 100, skills },
      until: atHour(3.5),
    });
    expect(samples.map(({ gramsPerKilowattHour: figure }) => figure)).toEqual([120, 120, 120, 120]);
    expect(samples.slice(2)).toMatchObject([
      { startsAt: atHour(2), endsAt: atHour(3), estimated: true, rung: 'Persistence' },
      { startsAt: atHour(3), endsAt: atHour(3.5), estimated: true, rung: 'Persistence' },
    ]);
  });

  test('lies between the two where neither has a bias', () => {
    const figure = fc.integer({ min: 0, max: 900 });
    const deviation = fc.double({ min: 0, max: 200, noNaN: true });
    const shown = fc.array(fc.tuple(deviation, deviation), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(
        fc.array(figure, { minLength: 1, maxLength: 80 }),
        figure,
        shown,
        (figures, persisted, deviations) => {
          const skills = deviations.map(([one, other], k) => skill(LEADS[k] ?? 1, accuracy(one), accuracy(other)));
          const results = figuresOf({ forecast: hourly(...figures), persistence: () => persisted, skills });
          results.forEach((result, k) => {
            expect(result).toBeGreaterThanOrEqual(Math.min(figures[k] ?? 0, persisted) - 0.1);
            expect(result).toBeLessThanOrEqual(Math.max(figures[k] ?? 0, persisted) + 0.1);
          });
        },
      ),
    );
  });

  test('is never less than nothing', () => {
    expect(figuresOf({ forecast: hourly(10), skills: [skill(1, accuracy(0, 50), accuracy(10))] })).toEqual([0]);
  });
});

describe('the expected error', () => {
  function verified(forecast: number, persistence: number, level: number) {
    const sums = (error: number): ErrorSums => ({
      count: 100,
      absolute: 100 * error,
      share: 0,
      shareCount: 0,
      signed: 0,
      squared: 100 * error ** 2,
    });
    const score: DayScore = { forecast: sums(forecast), persistence: sums(persistence) };
    const scores = new Map([
      [
        0,
        new Map<Lead, DayScore>([
          [1, score],
          [24, score],
        ]),
      ],
    ]);
    return { ...NOTHING_VERIFIED, came: new Map([[NOW - 1, level]]), scores };
  }

  test('is that of the combination, as a share of what usually comes, at each lead', () => {
    const share = expect.closeTo(Math.sqrt((30 * 40) ** 2 / (30 ** 2 + 40 ** 2)) / 200);
    expect(expectedErrors(verified(30, 40, 200))).toEqual([
      { lead: HOUR_MS, share },
      { lead: 24 * HOUR_MS, share },
    ]);
  });

  test('is that of persistence where that stands alone', () => {
    expect(expectedErrors(verified(30, 40, 200), 'persistence')[0]).toEqual({
      lead: HOUR_MS,
      share: expect.closeTo(0.2),
    });
  });

  test('is nothing of a forecast that was never off, and unknown where nothing came that it could be a share of', () => {
    expect(expectedErrors(verified(0, 40, 200))[0]?.share).toBe(0);
    expect(expectedErrors(verified(30, 40, 0))).toEqual([]);
    expect(expectedErrors(NOTHING_VERIFIED)).toEqual([]);
  });

  test('is never above that of the better of the two', () => {
    const deviation = fc.double({ min: 0.1, max: 200, noNaN: true });
    fc.assert(
      fc.property(deviation, deviation, (forecast, persistence) => {
        const share = expectedErrors(verified(forecast, persistence, 100))[0]?.share;
        expect(share).toBeLessThanOrEqual(Math.min(forecast, persistence) / 100 + 1e-6);
      }),
    );
  });
});
