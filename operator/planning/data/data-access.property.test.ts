import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { aLink, aStream, GIGABYTE, stagedData, streamedData } from '../../../test/builders/data.ts';
import { aSite } from '../../../test/builders/planning.ts';
import type { JobData } from '../../domain/job.ts';
import type { Link, Site } from '../../domain/site.ts';
import { dataAccess, outOfReach } from './data-access.ts';

const PLACES = ['home', 'near', 'far'];

const sets: fc.Arbitrary<readonly JobData[]> = fc
  .array(
    fc.record({
      isStaged: fc.boolean(),
      sites: fc.subarray(PLACES, { minLength: 1 }),
      bytesPerSecond: fc.double({ min: 1e3, max: 2e10, noNaN: true }),
      readers: fc.integer({ min: 1, max: 256 }),
      outstandingBytes: fc.integer({ min: 1_024, max: 2 ** 27 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((records) =>
    records.map(({ isStaged, sites, bytesPerSecond, ...reads }, i) => {
      const named = { name: `set-${String(i)}`, sites };
      return isStaged ? stagedData(bytesPerSecond * 600, named) : streamedData({ bytesPerSecond, ...reads }, named);
    }),
  );

const links: fc.Arbitrary<readonly Link[]> = fc
  .array(
    fc.record({
      bitsPerSecond: fc.double({ min: 1e6, max: 4e11, noNaN: true }),
      roundTripTime: fc.integer({ min: 0, max: 400 }),
      pricePerGibibyte: fc.constantFrom(0, 0.02, 0.09),
      storageBytesPerSecond: fc.constantFrom(undefined, GIGABYTE, 20 * GIGABYTE),
    }),
    { minLength: PLACES.length, maxLength: PLACES.length },
  )
  .map((records) => records.map((record, i) => aLink(PLACES[i] ?? '', record)));

const speed = fc.double({ min: 0.1, max: 8, noNaN: true });
/** Sums of floating point differ in their last digits. */
const SLACK = 1 + 1e-9;

const away = (all: readonly Link[]): Site => aSite('away', [], { links: all });
const wider = (all: readonly Link[], at: number, times: number) =>
  all.map((link, i) => (i === at ? { ...link, bitsPerSecond: link.bitsPerSecond * times } : link));
const lengthsOf = (data: readonly JobData[], site: Site, at: number) => {
  const { slowdown, staging } = dataAccess(data, site, at);
  return [1 + slowdown, staging] as const;
};

function holds(...[arbitrary, claim]: Parameters<typeof fc.property<[Case]>>): void {
  fc.assert(fc.property(arbitrary, claim), { numRuns: 300 });
}

interface Case {
  readonly data: readonly JobData[];
  readonly all: readonly Link[];
  readonly at: number;
  readonly link: number;
  readonly times: number;
}

const cases = fc.record({
  data: sets,
  all: links,
  at: speed,
  link: fc.integer({ min: 0, max: PLACES.length - 1 }),
  times: fc.double({ min: 1, max: 50, noNaN: true }),
});

/** Neither work nor staging takes longer there than here. */
function expectNoLonger(there: readonly [number, number], here: readonly [number, number]): void {
  expect(there[0]).toBeLessThanOrEqual(here[0] * SLACK);
  expect(there[1]).toBeLessThanOrEqual(here[1] * SLACK);
}

test('more bandwidth on any link never makes a job slower', () => {
  holds(cases, ({ data, all, at, link, times }) => {
    expectNoLonger(lengthsOf(data, away(wider(all, link, times)), at), lengthsOf(data, away(all), at));
  });
});

test('a shorter round trip and more reads under way never make a job slower', () => {
  holds(cases, ({ data, all, at, link, times }) => {
    const shorter = all.map((one, i) => (i === link ? { ...one, roundTripTime: one.roundTripTime / times } : one));
    expectNoLonger(lengthsOf(data, away(shorter), at), lengthsOf(data, away(all), at));
    const more = data.map((set) =>
      set.stream === undefined ? set : { ...set, stream: aStream({ ...set.stream, readers: set.stream.readers * 2 }) },
    );
    expectNoLonger(lengthsOf(more, away(all), at), lengthsOf(data, away(all), at));
  });
});

test('another copy, wherever it is, never makes a job slower', () => {
  holds(cases, ({ data, all, at, link }) => {
    const copied = data.map((set) => ({ ...set, sites: [...new Set([...set.sites, PLACES[link] ?? ''])] }));
    expectNoLonger(lengthsOf(copied, away(all), at), lengthsOf(data, away(all), at));
  });
});

test('another data set never makes a job faster, and a faster accelerator is never slowed down less', () => {
  holds(cases, ({ data, all, at, times }) => {
    const [, ...fewer] = data;
    expectNoLonger(lengthsOf(fewer, away(all), at), lengthsOf(data, away(all), at));
    const [slow, fast] = [dataAccess(data, away(all), at), dataAccess(data, away(all), at * times)];
    expect(slow.slowdown).toBeLessThanOrEqual(fast.slowdown * SLACK + 1e-9);
    expect((at * times) / (1 + fast.slowdown)).toBeGreaterThanOrEqual(at / (1 + slow.slowdown) / SLACK);
  });
});

test('what is carried is what every place on the way can carry, and one of them is full where the job is slowed', () => {
  holds(cases, ({ data, all, at }) => {
    const { slowdown, bottleneck } = dataAccess(data, away(all), at);
    const streams = data.filter(({ access }) => access === 'Stream');
    expect(slowdown > 0).toBe(bottleneck !== undefined);
    const mostOverOne = Math.max(...all.map(({ bitsPerSecond }) => bitsPerSecond)) / 8;
    const wanted = streams.reduce((sum, { stream }) => sum + (stream?.bytesPerSecond ?? 0) * at, 0);
    expect(wanted / (1 + slowdown)).toBeLessThanOrEqual(mostOverOne * PLACES.length * SLACK);
    if (bottleneck === undefined) return;
    expect(bottleneck.wanted / (1 + slowdown)).toBeCloseTo(bottleneck.carriesBytesPerSecond, 0);
  });
});

test('a data set with a copy at the other end of a link is never out of reach', () => {
  holds(cases, ({ data, all }) => {
    expect(outOfReach(data, away(all))).toEqual([]);
    expect(outOfReach(data, away([]))).toEqual(data);
  });
});
