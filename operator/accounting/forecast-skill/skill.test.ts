import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { skillOf, trustIn } from './skill.ts';
import { NOTHING_VERIFIED, type ErrorSums, type Lead, type Verification } from './verification.ts';

interface Day {
  readonly lead?: Lead;
  readonly hours?: number;
  /** Mean error of the forecast, and of persistence, g/kWh. */
  readonly forecast: number;
  readonly persistence: number;
}

function sums(count: number, mean: number): ErrorSums {
  return {
    count,
    absolute: Math.abs(mean) * count,
    share: (Math.abs(mean) / 100) * count,
    shareCount: count,
    signed: mean * count,
    squared: mean ** 2 * count,
  };
}

/** One after the other, each verified at one lead. */
function verified(...days: readonly Day[]): Verification {
  const scores = days.map(({ lead = 1, hours = 48, forecast, persistence }, day) => {
    const score = { forecast: sums(hours, forecast), persistence: sums(hours, persistence) };
    return [day, new Map([[lead, score]])] as const;
  });
  return { ...NOTHING_VERIFIED, scores: new Map(scores) };
}

describe('the skill of a forecast', () => {
  test('is its mean errors beside those of persistence, at each lead, over all days', () => {
    const verification = verified(
      { lead: 1, hours: 10, forecast: 10, persistence: -30 },
      { lead: 1, hours: 30, forecast: -20, persistence: 10 },
      { lead: 24, hours: 5, forecast: 40, persistence: 50 },
    );
    const at = (count: number, meanAbsoluteError: number, bias: number, deviation: number) => ({
      count,
      meanAbsoluteError,
      meanAbsolutePercentageError: expect.closeTo(meanAbsoluteError / 100),
      bias,
      deviation: expect.closeTo(deviation),
    });
    expect(skillOf(verification)).toEqual([
      {
        lead: 1,
        forecast: at(40, 17.5, -12.5, Math.sqrt(325 - 12.5 ** 2)),
        persistence: at(40, 15, 0, Math.sqrt(300)),
      },
      { lead: 24, forecast: at(5, 40, 40, 0), persistence: at(5, 50, 50, 0) },
    ]);
  });

  test('is unknown where nothing was verified', () => {
    expect(skillOf(NOTHING_VERIFIED)).toEqual([]);
  });

  test('has no share where there was nothing to divide by', () => {
    const nothing: ErrorSums = { count: 3, absolute: 30, share: 0, shareCount: 0, signed: 30, squared: 300 };
    const scores = new Map([[0, new Map([[1 as const, { forecast: nothing, persistence: nothing }]])]]);
    expect(skillOf({ ...NOTHING_VERIFIED, scores })[0]?.forecast).toEqual({
      count: 3,
      meanAbsoluteError: 10,
      meanAbsolutePercentageError: undefined,
      bias: 10,
      deviation: 0,
    });
  });
});

describe('trust in a forecast', () => {
  test('is given while nothing was verified, and while less than two days were', () => {
    expect(trustIn(NOTHING_VERIFIED, true)).toEqual({ trusted: true, evidence: undefined });
    const poor = { forecast: 300, persistence: 10 };
    expect(trustIn(verified({ ...poor, hours: 47 }), true)).toEqual({ trusted: true, evidence: undefined });
    expect(trustIn(verified({ ...poor, hours: 48 }), true).trusted).toBe(false);
  });

  test('is not lost by one night that was verified at every lead: an hour is an hour', () => {
    const leads: readonly Lead[] = [1, 6, 24, 48, 72];
    const night = verified(...leads.map((lead) => ({ lead, hours: 8, forecast: 300, persistence: 10 })));
    expect(trustIn(night, true)).toEqual({ trusted: true, evidence: undefined });
  });

  test('is lost where it is off by three times as much as persistence, by a margin, and regained without that margin', () => {
    const by = (forecast: number, wasTrusted: boolean) =>
      trustIn(verified({ forecast, persistence: 100 }), wasTrusted).trusted;
    expect(by(315, true)).toBe(true);
    expect(by(317, true)).toBe(false);
    expect(by(302, false)).toBe(false);
    expect(by(300, false)).toBe(true);
  });

  test('is judged over all leads and days together, and says by what', () => {
    const verification = verified(
      { lead: 1, forecast: 10, persistence: 20 },
      { lead: 24, forecast: 90, persistence: 20 },
      { lead: 72, forecast: 140, persistence: 20 },
    );
    expect(trustIn(verification, true)).toMatchObject({
      trusted: false,
      evidence: { forecast: { count: 144, meanAbsoluteError: 80 }, persistence: { count: 144, meanAbsoluteError: 20 } },
    });
  });

  test('is not lost in a grid that hardly changes: less than a gram is no difference', () => {
    expect(trustIn(verified({ forecast: 0.4, persistence: 0 }), true).trusted).toBe(true);
    expect(trustIn(verified({ forecast: 0.4, persistence: 0 }), false).trusted).toBe(true);
    expect(trustIn(verified({ forecast: 3, persistence: 0 }), true).trusted).toBe(false);
  });

  test('is not lost by a bias that can be taken off, up to a third of what usually comes', () => {
    const biased = (bias: number, level: number) => ({
      ...verified({ forecast: bias, persistence: 1 }),
      came: new Map([
        [0, level - 10],
        [1, level + 10],
      ]),
    });
    expect(trustIn(biased(60, 200), true).trusted).toBe(true);
    expect(trustIn(biased(-60, 200), true).trusted).toBe(true);
    expect(trustIn(biased(70, 200), true).trusted).toBe(false);
    expect(trustIn(biased(60, 100), true).trusted).toBe(false);
  });

  test('is lost by errors that go up and down, whatever their mean is', () => {
    const off: ErrorSums = { count: 96, absolute: 9_600, share: 0, shareCount: 0, signed: 0, squared: 960_000 };
    const near: ErrorSums = { ...off, absolute: 960, squared: 9_600 };
    const scores = new Map([[0, new Map([[1 as const, { forecast: off, persistence: near }]])]]);
    expect(trustIn({ ...NOTHING_VERIFIED, came: new Map([[0, 300]]), scores }, true).trusted).toBe(false);
  });

  test('has hysteresis: what was said is said again, and who is trusted after distrust would be trusted before', () => {
    const error = fc.double({ min: 0, max: 500, noNaN: true });
    fc.assert(
      fc.property(error, error, fc.boolean(), (forecast, persistence, wasTrusted) => {
        const verification = verified({ forecast, persistence });
        const { trusted } = trustIn(verification, wasTrusted);
        expect(trustIn(verification, trusted).trusted).toBe(trusted);
        if (trustIn(verification, false).trusted) expect(trustIn(verification, true).trusted).toBe(true);
        if (forecast <= persistence) expect(trusted).toBe(true);
      }),
    );
  });
});
