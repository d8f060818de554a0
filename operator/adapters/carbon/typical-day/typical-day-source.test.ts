import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS } from '../../../domain/units.ts';
import { encodeProfile } from './profile.ts';
import { TYPICAL_DAYS } from './table.ts';
import { MAX_HOURS_AN_ANSWER, TypicalDaySource } from './typical-day-source.ts';

const NEVER = new AbortController().signal;

/** Zone `XX` whose figure tells month and hour: 100 x month (1 to 12) + hour of day. */
const source = new TypicalDaySource({
  ...TYPICAL_DAYS,
  zones: { XX: encodeProfile(Array.from({ length: 288 }, (_, i) => 100 * (Math.floor(i / 24) + 1) + (i % 24))) },
});

async function forecast(from: string, until: string) {
  const interval = { startsAt: Date.parse(from), endsAt: Date.parse(until) };
  const { samples } = await source.forecast({ zone: 'XX', signal: 'Average', interval }, NEVER);
  return samples.map((sample) => [
    new Date(sample.startsAt).toISOString().slice(0, 16),
    new Date(sample.endsAt).toISOString().slice(11, 16),
    sample.gramsPerKilowattHour,
  ]);
}

describe('the typical day', () => {
  test('is a step function of the hour, cut to the interval asked for', async () => {
    expect(await forecast('2026-11-23T07:40:00Z', '2026-11-23T09:10:00Z')).toEqual([
      ['2026-11-23T07:40', '08:00', 1107],
      ['2026-11-23T08:00', '09:00', 1108],
      ['2026-11-23T09:00', '09:10', 1109],
    ]);
  });

  test('changes with the month at midnight in UTC', async () => {
    expect(await forecast('2026-11-30T23:00:00Z', '2026-12-01T01:00:00Z')).toEqual([
      ['2026-11-30T23:00', '00:00', 1123],
      ['2026-12-01T00:00', '01:00', 1200],
    ]);
  });

  test('counts 29 February as a day of February', async () => {
    expect(await forecast('2028-02-29T23:00:00Z', '2028-03-01T01:00:00Z')).toEqual([
      ['2028-02-29T23:00', '00:00', 223],
      ['2028-03-01T00:00', '01:00', 300],
    ]);
  });

  test('tiles any interval without gap or overlap, each sample with the figure of its month and hour', async () => {
    const instant = fc.integer({ min: Date.UTC(1970, 0, 1), max: Date.UTC(2100, 0, 1) });
    const length = fc.integer({ min: 1, max: 70 * 24 * HOUR_MS });
    await fc.assert(
      fc.asyncProperty(instant, length, async (startsAt, lengthMs) => {
        const endsAt = startsAt + lengthMs;
        const query = { zone: 'XX', signal: 'Average', interval: { startsAt, endsAt } } as const;
        const { samples } = await source.forecast(query, NEVER);

        let edge = startsAt;
        for (const sample of samples) {
          const within = new Date(sample.endsAt - 1);
          expect(sample.startsAt).toBe(edge);
          expect(sample.gramsPerKilowattHour).toBe(100 * (within.getUTCMonth() + 1) + within.getUTCHours());
          edge = sample.endsAt;
        }
        expect(edge).toBe(endsAt);
      }),
      { numRuns: 50 },
    );
  });

  test('covers a part of an interval that is longer than a year', async () => {
    const interval = { startsAt: 0, endsAt: Date.UTC(2100, 0, 1) };
    const { samples } = await source.forecast({ zone: 'XX', signal: 'Average', interval }, NEVER);

    expect(samples).toHaveLength(MAX_HOURS_AN_ANSWER);
  });

  test('is labelled as what it is: estimated, synthetic, issued when its year ended', async () => {
    const interval = { startsAt: Date.parse('2026-11-23T07:00:00Z'), endsAt: Date.parse('2026-11-23T09:00:00Z') };
    const series = await new TypicalDaySource().forecast({ zone: 'SE-SE3', signal: 'Average', interval }, NEVER);

    expect(series).toMatchObject({
      zone: 'SE-SE3',
      scope: 'Lifecycle',
      perspective: 'Forecast',
      synthetic: true,
      source: 'typical-day',
      issuedAt: Date.parse('2023-01-01T00:00:00Z'),
    });
    expect(series.samples.every((sample) => sample.estimated)).toBe(true);
  });
});

describe('a zone without a typical day', () => {
  const ask = (zone: string) =>
    new TypicalDaySource().forecast({ zone, signal: 'Average', interval: { startsAt: 0, endsAt: 1 } }, NEVER);

  test.each([
    ['SE', 'SE-SE1, SE-SE2, SE-SE3, SE-SE4'],
    ['de', 'zones that have one: DE;'],
    ['XX', 'docs/regions.md'],
    ['__proto__', 'docs/regions.md'],
  ])('is refused by name with a remedy: %s', async (zone, hint) => {
    const refusal = ask(zone);
    await expect(refusal).rejects.toMatchObject({ code: 'ZoneUnknown' });
    await expect(refusal).rejects.toThrow(`"${zone}"`);
    await expect(refusal).rejects.toThrow(hint);
  });
});
