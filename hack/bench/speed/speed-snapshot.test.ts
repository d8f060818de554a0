import { describe, expect, test } from '@jest/globals';
import { bareLoop, runningSums } from './bare-loop.ts';
import { jobsToCome, SITES, SLOTS, speedSnapshot, withNewForecast } from './speed-snapshot.ts';
import { least, median, timed, times } from './stopwatch.ts';

describe('the jobs and sites that speed is measured with', () => {
  test('are the same every time, and others that come are others', () => {
    expect(speedSnapshot({ jobs: 20 })).toEqual(speedSnapshot({ jobs: 20 }));
    const keys = [...speedSnapshot({ jobs: 20 }).jobs, ...jobsToCome(5, { jobs: 20 })].map(({ key }) => key);
    expect(new Set(keys).size).toBe(25);
  });

  test('have 30 % more devices than they need for all to be in time', () => {
    const { jobs, now, sites } = speedSnapshot({ jobs: 1_000 });
    const devices = sites.flatMap(({ pools }) => pools).reduce((sum, { capacity }) => sum + capacity, 0);
    const needs = jobs.map(({ deadline }) => {
      const due = jobs.filter((job) => job.deadline <= deadline);
      return due.reduce((sum, job) => sum + job.devices * job.remainingWork, 0) / (deadline - now);
    });
    expect(devices / Math.max(...needs)).toBeGreaterThan(1.3);
    expect(devices / Math.max(...needs)).toBeLessThan(1.4);
  });

  test('may pause, or use the first site, in the shares that are asked for', () => {
    const { jobs } = speedSnapshot({ jobs: 1_000, pausable: 0.1, onFirstSite: 0.2 });
    expect(jobs.filter(({ interruptible }) => interruptible !== undefined).length / 1_000).toBeCloseTo(0.1, 1);
    expect(jobs.filter(({ placementRules }) => placementRules.jobDenies.length === 0).length / 1_000).toBeCloseTo(
      0.2,
      1,
    );
  });

  test('a new forecast is one of the first site, and of no other', () => {
    const before = speedSnapshot({ jobs: 1 });
    const { sites } = withNewForecast(before);
    expect(sites.slice(1)).toEqual(before.sites.slice(1));
    expect(sites[0]).not.toEqual(before.sites[0]);
  });
});

test('the bare loop reads the running sums of all sites for each job, and keeps the least', () => {
  const sums = runningSums(speedSnapshot({ jobs: 1 }));
  expect(sums).toHaveLength(SITES * SLOTS);
  expect(bareLoop(sums, 3)).toBe(3 * Math.min(...sums));
});

describe('the stopwatch', () => {
  test('does the work with each input and keeps the last result', () => {
    const { took, last } = timed([1, 2, 3], (x) => 2 * x);
    expect(took.cpuMs).toHaveLength(3);
    expect(took.wallMs).toHaveLength(3);
    expect(last).toBe(6);
    expect(() => timed(times(0, 1), (x) => x)).toThrow('nothing to time');
  });

  test('knows the least and the median', () => {
    expect(least([3, 1, 2])).toBe(1);
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });
});
