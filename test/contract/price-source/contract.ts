import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PriceSeries } from '../../../operator/domain/electricity-price.ts';
import type { Interval } from '../../../operator/domain/interval.ts';
import type { PriceQuery, PriceSource } from '../../../operator/ports/price.ts';

/** A source set up for the suite, and the truth about it that its answers are held against. */
export interface PriceSourceUnderTest {
  readonly source: PriceSource;
  /** A zone that it knows, over a stretch that it covers at least in part. */
  readonly known: PriceQuery;
  readonly unknownZone: string;
  /** A stretch that it knows nothing of, tomorrow that is not published, say; or the reason why there is none. */
  readonly uncovered: Interval | { readonly knowsAllTimeBecause: string };
  readonly truth: {
    readonly currency: string;
    readonly basis: 'Market' | 'Tariff';
    /** Per kWh, of the samples over the known stretch, in order. */
    readonly perKilowattHour: readonly number[];
  };
  /** A stretch in which the market pays for consumption; or the reason why there can't be one. */
  readonly negative: Interval | { readonly neverBecause: string };
  readonly close?: () => Promise<void>;
}

const NEVER = new AbortController().signal;

/** What every source of electricity prices owes its callers: one suite for the port, run by each adapter. */
export function priceSourceContract(name: string, setUp: () => Promise<PriceSourceUnderTest>): void {
  describe(`${name} as a price source`, () => {
    let subject: PriceSourceUnderTest;
    beforeAll(async () => {
      subject = await setUp();
    });
    afterAll(async () => {
      await subject.close?.();
    });

    const prices = (query: Partial<PriceQuery> = {}, abort = NEVER) =>
      subject.source.prices({ ...subject.known, ...query }, abort);

    test('answers for the zone asked for, under its own name, in its currency per kWh', async () => {
      const { currency, basis, perKilowattHour } = subject.truth;
      const series = await prices();
      expect(series).toMatchObject({ zone: subject.known.zone, source: subject.source.name, currency, basis });
      expect(series.samples.map((sample) => sample.perKilowattHour)).toEqual(
        perKilowattHour.map((price) => expect.closeTo(price, 9) as unknown),
      );
      expect(series.samples.some(({ estimated }) => estimated)).toBe(false);
    });

    test('covers the stretch asked for or a part of it, in order of time, without overlap', async () => {
      const { startsAt, endsAt } = subject.known.interval;
      const edges = fc.tuple(fc.integer({ min: startsAt, max: endsAt }), fc.integer({ min: startsAt, max: endsAt }));
      await fc.assert(
        fc.asyncProperty(edges, async ([one, other]) => {
          fc.pre(one !== other);
          const interval = { startsAt: Math.min(one, other), endsAt: Math.max(one, other) };
          expectOrderedWithin(await prices({ interval }), interval);
        }),
        { numRuns: 30 },
      );
    });

    test('has the same prices for a stretch, however long the question around it is', async () => {
      for (const sample of (await prices()).samples) {
        const { samples } = await prices({ interval: sample });
        expect(samples).toEqual([sample]);
      }
    });

    test('gives the same answer to the same question, also when asked at once', async () => {
      const first = await prices();
      expect(await Promise.all([prices(), prices()])).toEqual([first, first]);
    });

    test('refuses a zone that it does not know, by name, and never answers for another', async () => {
      const refusal = prices({ zone: subject.unknownZone });
      await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'ZoneUnknown' });
      await expect(refusal).rejects.toThrow(subject.unknownZone);
    });

    test('says that it has nothing for a stretch that it knows nothing of, or knows all time', async () => {
      if ('startsAt' in subject.uncovered) {
        const refusal = prices({ interval: subject.uncovered });
        await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'NoData' });
        return;
      }
      expect(subject.uncovered.knowsAllTimeBecause).not.toBe('');
      for (const year of [1970, 2024, 2099]) {
        const interval = { startsAt: Date.UTC(year, 1, 28), endsAt: Date.UTC(year, 2, 1) };
        expectOrderedWithin(await prices({ interval }), interval);
      }
    });

    test('tells a negative price as it is, or never has one', async () => {
      if ('neverBecause' in subject.negative) {
        expect(subject.negative.neverBecause).not.toBe('');
        return;
      }
      const { samples } = await prices({ interval: subject.negative });
      expect(samples.length).toBeGreaterThan(0);
      for (const { perKilowattHour } of samples) expect(perKilowattHour).toBeLessThan(0);
    });

    test('gives up with the caller: at once, and with the reason that the caller gave', async () => {
      const reason = new Error('shutting down');
      await expect(prices({}, AbortSignal.abort(reason))).rejects.toBe(reason);
    });
  });
}

function expectOrderedWithin(series: PriceSeries, interval: Interval): void {
  expect(series.samples).not.toHaveLength(0);
  let edge = interval.startsAt;
  for (const sample of series.samples) {
    expect(sample.startsAt).toBeGreaterThanOrEqual(edge);
    expect(sample.endsAt).toBeGreaterThan(sample.startsAt);
    expect(Number.isFinite(sample.perKilowattHour)).toBe(true);
    edge = sample.endsAt;
  }
  expect(edge).toBeLessThanOrEqual(interval.endsAt);
}
