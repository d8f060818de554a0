import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aPlannableJob, aSite, aSnapshot, atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { ExpectedError, Outlook } from '../../domain/site.ts';
import { plan } from '../plan.ts';
import { doubtOf, errorAt } from './uncertainty.ts';

const RISING: readonly ExpectedError[] = [
  { lead: hours(1), share: 0.02 },
  { lead: hours(24), share: 0.1 },
  { lead: hours(48), share: 0.3 },
];

describe('of a margin', () => {
  test('nothing counts where figures are taken at their word', () => {
    expect(doubtOf([], hours(24))).toBe(0);
  });

  test('more counts the more the error is that is expected at the lead, up to the whole of it', () => {
    expect(doubtOf(RISING, hours(0))).toBeCloseTo(0.1);
    expect(doubtOf(RISING, hours(24))).toBeCloseTo(0.5);
    expect(doubtOf(RISING, hours(36))).toBeCloseTo(1);
    expect(doubtOf(RISING, hours(500))).toBe(1);
  });

  test('between nothing and the whole of it counts, whatever is expected', () => {
    const errors = fc
      .array(
        fc.record({ lead: fc.integer({ min: 0, max: hours(96) }), share: fc.double({ min: 0, max: 5, noNaN: true }) }),
      )
      .map((rows) => rows.sort((a, b) => a.lead - b.lead));
    const ahead = fc.integer({ min: -hours(5), max: hours(200) });
    fc.assert(
      fc.property(errors, ahead, (rows, lead) => {
        const doubt = doubtOf(rows, lead);
        expect(doubt).toBeGreaterThanOrEqual(0);
        expect(doubt).toBeLessThanOrEqual(1);
        const shares = rows.map(({ share }) => share);
        expect(errorAt(rows, lead)).toBeLessThanOrEqual(Math.max(0, ...shares));
      }),
    );
  });
});

/** Twelve hours of which the last two are cleaner by so much than the first. */
function startWhereLaterSaves(saved: number, expectedError?: readonly ExpectedError[]): number | undefined {
  const figures = [...Array.from({ length: 10 }, () => 100), 100 * (1 - saved), 100 * (1 - saved)];
  const outlook: Outlook<'Average'> = {
    series: series(figures),
    rung: 'LiveForecast',
    ...(expectedError && { expectedError }),
  };
  const snapshot = aSnapshot({
    sites: [aSite('one', undefined, { outlooks: { Average: outlook } })],
    jobs: [aJob({ totalWork: hours(1), remainingWork: hours(1) })],
  });
  return startIn(snapshot);
}

function aJob(overrides: Partial<PlannableJob> = {}): PlannableJob {
  return aPlannableJob({ deadline: atHour(12), ...overrides });
}

function startIn(snapshot: Parameters<typeof plan>[0]): number | undefined {
  const chosen = plan(snapshot).decisions.get('research/train')?.chosen;
  return chosen?.windows[0]?.startsAt;
}

describe('a start that is hardly cleaner', () => {
  test('is taken where the figures are exact: a thousandth is a thousandth', () => {
    expect(startWhereLaterSaves(0.001)).toBe(atHour(10));
  });

  test('is not waited for where the forecast can not tell it from now', () => {
    const off = [{ lead: hours(1), share: 0.1 }];
    expect(startWhereLaterSaves(0.004, off)).toBe(MIDNIGHT);
    expect(startWhereLaterSaves(0.006, off)).toBe(atHour(10));
  });

  test('is waited for where it saves more than the margin in full, however far off the forecast is', () => {
    const off = [{ lead: hours(1), share: 3 }];
    expect(startWhereLaterSaves(0.009, off)).toBe(MIDNIGHT);
    expect(startWhereLaterSaves(0.012, off)).toBe(atHour(10));
  });
});

/** A forecast that says of each hour, in turn, one thing and another. */
function replanned(forecasts: readonly (readonly number[])[]): readonly (number | undefined)[] {
  let job = aJob({ deadline: atHour(24) });
  return forecasts.map((figures, k) => {
    const snapshot = aSnapshot({ now: atHour(k), sites: [aSite('one', figures)], jobs: [job] });
    const decision = plan(snapshot).decisions.get(job.key);
    const { chosen, baseline } = decision ?? {};
    job = { ...job, current: chosen, baseline };
    return chosen?.windows[0]?.startsAt;
  });
}

/** A day of 100 with two windows of two hours that are cleaner. */
function withWindows(first: number, second: number): readonly number[] {
  return Array.from({ length: 24 }, (_, hour) =>
    hour === 14 || hour === 15 ? first : hour === 20 || hour === 21 ? second : 100,
  );
}

describe('planned anew while the forecast changes back and forth', () => {
  test('a job stays with what it was promised, whichever window looks better by a little', () => {
    const back = withWindows(60, 58);
    const forth = withWindows(58, 60);
    const starts = replanned([back, forth, back, forth, back, forth, back, forth]);
    expect(new Set(starts)).toEqual(new Set([atHour(20)]));
  });

  test('a real improvement is followed, once', () => {
    const starts = replanned([
      withWindows(60, 58),
      withWindows(58, 60),
      withWindows(40, 60),
      withWindows(41, 40),
      withWindows(40, 41),
    ]);
    expect(starts).toEqual([20, 20, 14, 14, 14].map((hour) => atHour(hour)));
  });

  test('noise below the margin never moves a job, whatever it is', () => {
    const noise = fc.array(
      fc.array(fc.double({ min: -0.012, max: 0.012, noNaN: true }), { minLength: 24, maxLength: 24 }),
      {
        minLength: 2,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(noise, (rows) => {
        const clean = withWindows(60, 60);
        const starts = replanned(rows.map((row) => clean.map((figure, hour) => figure * (1 + (row[hour] ?? 0)))));
        expect(new Set(starts).size).toBe(1);
      }),
    );
  });
});
