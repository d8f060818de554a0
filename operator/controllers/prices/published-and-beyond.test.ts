import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, MIDNIGHT, pricesPerSlot } from '../../../test/builders/planning.ts';
import type { PriceSample } from '../../domain/electricity-price.ts';
import type { Interval } from '../../domain/interval.ts';
import { sampleAt } from '../../domain/samples.ts';
import { HOUR_MS, MINUTE_MS } from '../../domain/units.ts';
import { publishedAndBeyond } from './published-and-beyond.ts';

const DAY_MS = 24 * HOUR_MS;
const QUARTER_MS = 15 * MINUTE_MS;

/** Stretches of a quarter of an hour to some hours, from eight days before midnight on, with gaps between some of them. */
const publishedPrices: fc.Arbitrary<readonly PriceSample[]> = fc
  .array(
    fc.record({
      gap: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 80 })),
      length: fc.integer({ min: 1, max: 16 }),
      price: fc.integer({ min: -50, max: 400 }),
    }),
    { maxLength: 80 },
  )
  .map((rows) => {
    let edge = MIDNIGHT - 8 * DAY_MS;
    return rows.map(({ gap, length, price }): PriceSample => {
      const startsAt = edge + gap * QUARTER_MS;
      edge = startsAt + length * QUARTER_MS;
      return { startsAt, endsAt: edge, perKilowattHour: price / 1_000, estimated: false };
    });
  });

/** Begins and ends at any minute. */
const someTime: fc.Arbitrary<Interval> = fc
  .tuple(fc.integer({ min: -3 * 24 * 60, max: 24 * 60 }), fc.integer({ min: 1, max: 4 * 24 * 60 }))
  .map(([from, length]) => ({
    startsAt: MIDNIGHT + from * MINUTE_MS,
    endsAt: MIDNIGHT + (from + length) * MINUTE_MS,
  }));

/** Every minute would be long: those around which something can change. */
function instantsOf({ startsAt, endsAt }: Interval): readonly number[] {
  const instants = [startsAt, endsAt - 1];
  for (let at = Math.ceil(startsAt / QUARTER_MS) * QUARTER_MS; at < endsAt; at += QUARTER_MS) {
    instants.push(at, Math.min(at + MINUTE_MS, endsAt - 1));
  }
  return instants;
}

function earlierPrice(published: readonly PriceSample[], at: number): number | undefined {
  const days = [1, 2, 3, 4, 5, 6, 7].map((days) => sampleAt(published, at - days * DAY_MS));
  return days.find((found) => found !== undefined)?.perKilowattHour;
}

describe('prices beyond those that are published', () => {
  test('are those of the same time of the day before, marked as estimated', () => {
    const published = pricesPerSlot([0.1, 0.2, 0.3]);
    expect(publishedAndBeyond(published, { startsAt: atHour(1), endsAt: atHour(26) })).toEqual([
      published[1],
      published[2],
      { startsAt: atHour(24), endsAt: atHour(25), perKilowattHour: 0.1, estimated: true },
      { startsAt: atHour(25), endsAt: atHour(26), perKilowattHour: 0.2, estimated: true },
    ]);
  });

  test('are of the last day that has that time, and of none more than a week ago', () => {
    const published = pricesPerSlot([0.1]);
    const after = (days: number) =>
      publishedAndBeyond(published, { startsAt: atHour(24 * days), endsAt: atHour(24 * days + 1) });
    expect(after(7)).toMatchObject([{ perKilowattHour: 0.1, estimated: true }]);
    expect(after(8)).toEqual([]);
  });

  test('fill the gaps between those that are published as well', () => {
    const published = [
      ...pricesPerSlot([0.1, 0.2, 0.3]),
      { ...pricesPerSlot([0.9])[0], startsAt: atHour(24), endsAt: atHour(25) },
    ];
    const filled = publishedAndBeyond(published as PriceSample[], { startsAt: atHour(24), endsAt: atHour(27) });
    expect(filled.map(({ perKilowattHour, estimated }) => [perKilowattHour, estimated])).toEqual([
      [0.9, false],
      [0.2, true],
      [0.3, true],
    ]);
  });

  test('are none where nothing was published', () => {
    expect(publishedAndBeyond([], { startsAt: MIDNIGHT, endsAt: atHour(48) })).toEqual([]);
  });

  test('do not touch those that are published', () => {
    fc.assert(
      fc.property(publishedPrices, someTime, (published, interval) => {
        const samples = publishedAndBeyond(published, interval);
        const within = published.filter(
          ({ startsAt, endsAt }) => startsAt < interval.endsAt && endsAt > interval.startsAt,
        );
        expect(samples.filter(({ estimated }) => !estimated)).toEqual(within);
      }),
    );
  });

  test('are in order of time with them, without overlap, and within the interval', () => {
    fc.assert(
      fc.property(publishedPrices, someTime, (published, interval) => {
        let edge = -Infinity;
        for (const { startsAt, endsAt, estimated } of publishedAndBeyond(published, interval)) {
          expect(startsAt).toBeGreaterThanOrEqual(edge);
          expect(endsAt).toBeGreaterThan(startsAt);
          edge = endsAt;
          if (!estimated) continue;
          expect(startsAt).toBeGreaterThanOrEqual(interval.startsAt);
          expect(endsAt).toBeLessThanOrEqual(interval.endsAt);
        }
      }),
    );
  });

  test('are there wherever one of the last seven days has that time, and nowhere else', () => {
    fc.assert(
      fc.property(publishedPrices, someTime, (published, interval) => {
        const samples = publishedAndBeyond(published, interval);
        for (const at of instantsOf(interval)) {
          const price = sampleAt(published, at)?.perKilowattHour ?? earlierPrice(published, at);
          expect(sampleAt(samples, at)?.perKilowattHour).toBe(price);
        }
      }),
    );
  });
});
