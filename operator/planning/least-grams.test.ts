import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours } from '../../test/builders/planning.ts';
import { leastGrams } from '../../test/properties/least-grams.ts';
import type { Interruptible, PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';

const FREELY: Interruptible = { minimumRun: 0, restartOverhead: 0, maxPauses: 9 };

function oneDevice(name: string, figures: readonly (number | undefined)[]): Site {
  return aSite(name, figures, { pools: [aPool({ capacity: 1 })] });
}

/** Of a kilowatt, so that its grams are those of its hours. */
function jobs(...overrides: readonly Partial<PlannableJob>[]): readonly PlannableJob[] {
  return overrides.map((one, k) => aPlannableJob({ key: `research/job-${String(k)}`, deadline: atHour(4), ...one }));
}

function least(sites: readonly Site[], some: readonly PlannableJob[]): number {
  return leastGrams(aSnapshot({ sites, jobs: some }));
}

describe('the least grams that all jobs together can emit', () => {
  test('are those of its cleanest hours for a job alone: in a row, or where it may pause any', () => {
    const sites = [oneDevice('home', [5, 1, 9, 2])];
    expect(least(sites, jobs({}))).toBe(6);
    expect(least(sites, jobs({ interruptible: FREELY }))).toBe(3);
  });

  test('are shared where two want the same hours, and the one that draws more has the cleaner ones', () => {
    const sites = [aSite('home', [8, 8, 1, 1], { pools: [aPool({ capacity: 2 })] })];
    const both = jobs({ devices: 1 }, { devices: 2 });
    expect(least(sites, both)).toBe(16 + 4);
  });

  test('count elsewhere too, and never more devices there than there are', () => {
    const sites = [oneDevice('home', [8, 8, 8, 8]), oneDevice('away', [3, 3, 3, 3])];
    expect(least(sites, jobs({}, {}))).toBe(12);
    expect(least(sites, jobs({}, {}, {}))).toBe(6 + 6 + 16);
  });

  test('are infinite where some job is late however they are placed', () => {
    const sites = [oneDevice('home', [1, 1, 1, 1])];
    expect(least(sites, jobs({}, {}))).toBe(4);
    expect(least(sites, jobs({}, { deadline: atHour(3) }))).toBe(4);
    expect(least(sites, jobs({ deadline: atHour(3) }, { deadline: atHour(3) }))).toBe(Infinity);
  });

  test('leave out hours that nobody knows, and hours after the deadline', () => {
    expect(least([oneDevice('home', [7, 7, undefined, 1])], jobs({}))).toBe(14);
    expect(least([oneDevice('home', [7, 7, 2, 1])], jobs({ deadline: atHour(3) }))).toBe(9);
  });

  test('count what a resume repeats, here and elsewhere, and hold the minimum and the number of pauses', () => {
    const long = { remainingWork: hours(3), deadline: atHour(6) };
    const within = (sites: readonly Site[], rules: Partial<Interruptible>): number =>
      least(sites, jobs({ ...long, interruptible: { ...FREELY, ...rules } }));
    const here = [oneDevice('home', [1, 1, 30, 4, 2, 2])];
    expect(within(here, {})).toBe(4);
    expect(within(here, { restartOverhead: hours(1) })).toBe(6);
    expect(within(here, { restartOverhead: hours(1), maxPauses: 0 })).toBe(8);
    const elsewhere = [oneDevice('home', [1, 1, 30, 30, 30, 30]), oneDevice('away', [50, 50, 50, 4, 2, 2])];
    expect(within(elsewhere, {})).toBe(4);
    expect(within(elsewhere, { moveOverhead: hours(1) })).toBe(6);
    expect(within(elsewhere, { moveOverhead: hours(1), restartOverhead: hours(1) })).toBe(8);
    const short = [oneDevice('home', [1, 9, 9, 1])];
    expect(least(short, jobs({ interruptible: FREELY }))).toBe(2);
    expect(least(short, jobs({ interruptible: { ...FREELY, minimumRun: hours(2) } }))).toBe(10);
  });

  test('take twice as long on an accelerator of half the speed', () => {
    const slow = aSite('slow', [1, 1, 1, 1], { pools: [aPool({ product: 'A100' })] });
    const accelerators = [
      { product: 'A100', speed: 0.5 },
      { product: 'H100', speed: 1 },
    ];
    expect(least([slow], jobs({ accelerators }))).toBe(4);
    expect(
      least([slow, aSite('fast', [9, 9, 1, 0.5], { pools: [aPool({ product: 'H100' })] })], jobs({ accelerators })),
    ).toBe(1.5);
  });

  test('keep to the sites that a job may use', () => {
    const sites = [oneDevice('home', [8, 8, 8, 8]), oneDevice('away', [3, 3, 3, 3])];
    const { placementRules } = aPlannableJob();
    expect(least(sites, jobs({ placementRules: { ...placementRules, jobDenies: ['away'] } }))).toBe(16);
    expect(least(sites, jobs({ placementRules: { ...placementRules, jobAllows: ['nowhere'] } }))).toBe(Infinity);
  });

  test('are refused where a snapshot holds what is not reckoned with', () => {
    const sites = [oneDevice('home', [1, 1, 1, 1])];
    expect(() => least(sites, jobs({ remainingWork: hours(1.5) }))).toThrow('no whole number of slots');
    expect(() => least(sites, jobs({ phase: 'Running' }))).toThrow('does not wait');
    expect(() => least(sites, jobs({}, {}, {}, {}, {}, {}, {}))).toThrow('more than 6 jobs');
    expect(() => least(sites, jobs({ deadline: atHour(11) }))).toThrow('more than 10 slots');
    const growing = aSite('home', [1], { pools: [aPool({ capacity: 1, maxCapacity: 2 })] });
    expect(() => least([growing], jobs({}))).toThrow('yet to come');
  });
});
