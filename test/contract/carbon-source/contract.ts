import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EmissionScope, IntensitySeries, Signal } from '../../../operator/domain/intensity.ts';
import type { Interval } from '../../../operator/domain/interval.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../operator/ports/carbon.ts';
import type { SourceErrorCode } from '../../../operator/ports/source-error.ts';

/** A source set up for the suite, and the truth about it that its answers are held against. */
export interface CarbonSourceUnderTest {
  readonly source: CarbonSource;
  /** A zone and signal that it knows, over a stretch that it covers at least in part. */
  readonly known: CarbonQuery;
  /** Other zones that it knows, if it knows any. */
  readonly otherZones: readonly string[];
  readonly unknownZone: string;
  /** A signal that it has not for the known zone; or the reason why it has both. */
  readonly missingSignal: Signal | { readonly hasBothBecause: string };
  /** A stretch that it knows nothing of; or the reason why there is none, which the suite then puts to the test. */
  readonly uncovered: Interval | { readonly knowsAllTimeBecause: string };
  readonly truth: {
    readonly scope: EmissionScope;
    /** No provider forecast these days. */
    readonly synthetic: boolean;
    /** Of the samples over the known stretch, in order. */
    readonly estimated: readonly boolean[];
    /** The figures can't be younger than this. */
    readonly issuedBy: EpochMs;
  };
  /**
   * A stretch of the past that it knows, with the samples' `estimated` marks; or the reason why it has no history. Where not
   * the source but this account of it has none, `refusal` is how the provider says so, and of what stretch.
   */
  readonly past:
    | { readonly interval: Interval; readonly estimated: readonly boolean[] }
    | {
        readonly noneBecause: string;
        readonly refusal?: { readonly code: SourceErrorCode; readonly interval: Interval };
      };
  /** Why it has no forecast. What is known, not known and true is then held against its history. */
  readonly noForecastBecause?: string;
  readonly close?: () => Promise<void>;
}

const NEVER = new AbortController().signal;

/** What every carbon source owes its callers: one suite for the port, run by each adapter. */
export function carbonSourceContract(name: string, setUp: () => Promise<CarbonSourceUnderTest>): void {
  describe(`${name} as a carbon source`, () => {
    let subject: CarbonSourceUnderTest;
    beforeAll(async () => {
      subject = await setUp();
    });
    afterAll(async () => {
      await subject.close?.();
    });

    const perspective = () => (subject.noForecastBecause === undefined ? 'Forecast' : 'History');
    const ask = (query: Partial<CarbonQuery> = {}, abort = NEVER) => {
      const whole = { ...subject.known, ...query };
      const { source } = subject;
      return perspective() === 'Forecast' ? source.forecast(whole, abort) : source.history(whole, abort);
    };

    test('answers for the zone and signal asked for, under its own name', async () => {
      for (const zone of [subject.known.zone, ...subject.otherZones]) {
        expect(await ask({ zone })).toMatchObject({
          zone,
          signal: subject.known.signal,
          perspective: perspective(),
          source: subject.source.name,
        });
      }
    });

    test('covers the stretch asked for or a part of it, in order of time, without overlap', async () => {
      const { startsAt, endsAt } = subject.known.interval;
      const edges = fc.tuple(fc.integer({ min: startsAt, max: endsAt }), fc.integer({ min: startsAt, max: endsAt }));
      await fc.assert(
        fc.asyncProperty(edges, async ([one, other]) => {
          fc.pre(one !== other);
          const interval = { startsAt: Math.min(one, other), endsAt: Math.max(one, other) };
          expectOrderedWithin(await ask({ interval }), interval);
        }),
        { numRuns: 30 },
      );
    });

    test('has the same figures for a stretch, however long the question around it is', async () => {
      const whole = await ask();
      for (const sample of whole.samples) {
        const { samples } = await ask({ interval: sample });
        expect(samples).toEqual([sample]);
      }
    });

    test('labels its figures for what they are', async () => {
      const { truth } = subject;
      const series = await ask();
      expect(series.scope).toBe(truth.scope);
      expect(series.synthetic).toBe(truth.synthetic);
      expect(series.samples.map((sample) => sample.estimated)).toEqual(truth.estimated);
      expect(series.issuedAt).toBeLessThanOrEqual(truth.issuedBy);
    });

    test('gives the same answer to the same question, also when asked at once', async () => {
      const first = await ask();
      expect(await Promise.all([ask(), ask()])).toEqual([first, first]);
    });

    test('refuses a zone that it does not know, by name, and never answers for another', async () => {
      const refusal = ask({ zone: subject.unknownZone });
      await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'ZoneUnknown' });
      await expect(refusal).rejects.toThrow(subject.unknownZone);
    });

    test('refuses a signal that it has not, by name, and never answers with another', async () => {
      const { missingSignal } = subject;
      if (typeof missingSignal === 'object') {
        expect(missingSignal.hasBothBecause).not.toBe('');
        for (const signal of ['Average', 'Marginal'] as const) expect((await ask({ signal })).signal).toBe(signal);
        return;
      }
      const refusal = ask({ signal: missingSignal });
      await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'SignalUnsupported' });
      await expect(refusal).rejects.toThrow(missingSignal);
    });

    test('says that it has no data for a stretch that it knows nothing of, or has data for any', async () => {
      if ('startsAt' in subject.uncovered) {
        const refusal = ask({ interval: subject.uncovered });
        await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'NoData' });
        return;
      }
      expect(subject.uncovered.knowsAllTimeBecause).not.toBe('');
      for (const year of [1970, 2000, 2024, 2099]) {
        const interval = { startsAt: Date.UTC(year, 1, 28), endsAt: Date.UTC(year, 2, 1) };
        expectOrderedWithin(await ask({ interval }), interval);
      }
    });

    test('tells what came, marked as such, or says that it can not', async () => {
      const { past, known } = subject;
      if ('noneBecause' in past) {
        expect(past.noneBecause).not.toBe('');
        const { code, interval } = past.refusal ?? { code: 'HistoryUnsupported', interval: known.interval };
        const refusal = subject.source.history({ ...known, interval }, NEVER);
        await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code });
        return;
      }
      const series = await subject.source.history({ ...known, interval: past.interval }, NEVER);
      expectOrderedWithin(series, past.interval);
      const { zone, signal } = known;
      const { scope } = subject.truth;
      expect(series).toMatchObject({ zone, signal, scope, perspective: 'History', source: subject.source.name });
      expect(series.samples.map(({ estimated }) => estimated)).toEqual(past.estimated);
    });

    test('tells what it expects, or says that it can not', async () => {
      if (subject.noForecastBecause === undefined) {
        expect((await ask()).perspective).toBe('Forecast');
        return;
      }
      expect(subject.noForecastBecause).not.toBe('');
      const refusal = subject.source.forecast(subject.known, NEVER);
      await expect(refusal).rejects.toMatchObject({ name: 'SourceError', code: 'ForecastUnsupported' });
    });

    test('gives up with the caller: at once, and with the reason that the caller gave', async () => {
      const reason = new Error('shutting down');
      await expect(ask({}, AbortSignal.abort(reason))).rejects.toBe(reason);

      const caller = new AbortController();
      const outcome = ask({}, caller.signal).then(
        () => 'answered',
        (error: unknown) => error,
      );
      caller.abort(reason);
      expect(['answered', reason]).toContain(await outcome);
    });
  });
}

function expectOrderedWithin(series: IntensitySeries, interval: Interval): void {
  expect(series.samples).not.toHaveLength(0);
  let edge = interval.startsAt;
  for (const sample of series.samples) {
    expect(sample.startsAt).toBeGreaterThanOrEqual(edge);
    expect(sample.endsAt).toBeGreaterThan(sample.startsAt);
    expect(sample.gramsPerKilowattHour).toBeGreaterThanOrEqual(0);
    edge = sample.endsAt;
  }
  expect(edge).toBeLessThanOrEqual(interval.endsAt);
}
