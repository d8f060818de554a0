import { describe, expect, test } from '@jest/globals';
import {
  aLink,
  GIBIBYTE,
  GIGABIT,
  GIGABYTE,
  MEBIBYTE,
  stagedData,
  streamedData,
  TEBIBYTE,
} from '../../../test/builders/data.ts';
import { aSite } from '../../../test/builders/planning.ts';
import type { JobData } from '../../domain/job.ts';
import type { Link, Site } from '../../domain/site.ts';
import { SECOND_MS } from '../../domain/units.ts';
import { ALL_AT_HAND, dataAccess, outOfReach, setsAway } from './data-access.ts';

const away = (...links: readonly Link[]): Site => aSite('away', [], { links });
const slowdownOf = (data: readonly JobData[], site: Site, speed = 1) => dataAccess(data, site, speed).slowdown;

describe('a stream', () => {
  test('costs nothing where the data lie', () => {
    expect(dataAccess([streamedData()], aSite('home', []), 1)).toEqual(ALL_AT_HAND);
  });

  test('does not slow the job as long as the link carries what it reads', () => {
    const site = away(aLink('home', { bitsPerSecond: 40 * GIGABIT }));
    expect(slowdownOf([streamedData()], site)).toBe(0);
    expect(slowdownOf([streamedData({ bytesPerSecond: 5.05 * GIGABYTE })], site)).toBeCloseTo(0.01, 12);
  });

  test('takes as much longer as the link is too narrow', () => {
    const { slowdown, bottleneck } = dataAccess(
      [streamedData()],
      away(aLink('home', { bitsPerSecond: 10 * GIGABIT })),
      1,
    );
    expect(slowdown).toBeCloseTo(3, 12);
    expect(bottleneck).toMatchObject({ kind: 'Link', wanted: 5e9, carriesBytesPerSecond: 1.25e9 });
  });

  test('gets no more than its reads under way, one round trip after the other', () => {
    const few = streamedData({ readers: 8, outstandingBytes: MEBIBYTE });
    const { slowdown, bottleneck } = dataAccess([few], away(aLink('home')), 1);
    const carried = (8 * MEBIBYTE) / 0.03;
    expect(bottleneck).toMatchObject({ kind: 'Reads', carriesBytesPerSecond: carried });
    expect(slowdown).toBeCloseTo(5e9 / carried - 1, 9);
    expect(slowdownOf([few], away(aLink('home', { roundTripTime: 0 })))).toBe(0);
  });

  test('gets no more than the storage gives, also where the data lie', () => {
    const data = [streamedData()];
    const slow = { storageBytesPerSecond: 2 * GIGABYTE };
    expect(dataAccess(data, away(aLink('home', slow)), 1)).toMatchObject({
      slowdown: 1.5,
      bottleneck: { kind: 'Storage' },
    });
    expect(dataAccess(data, aSite('home', [], slow), 1)).toMatchObject({
      slowdown: 1.5,
      bottleneck: { kind: 'Storage' },
    });
  });

  test('wants more on a faster accelerator', () => {
    const site = away(aLink('home', { bitsPerSecond: 40 * GIGABIT }));
    expect(slowdownOf([streamedData()], site, 0.5)).toBe(0);
    expect(slowdownOf([streamedData()], site, 2)).toBeCloseTo(1, 12);
  });

  test('comes from the copy that carries it, else from the cheaper, else from the nearer', () => {
    const data = [streamedData({}, { sites: ['home', 'far'] })];
    const from = (...links: readonly Link[]) => dataAccess(data, away(...links), 1);
    const narrow = aLink('home', { bitsPerSecond: GIGABIT });
    expect(from(narrow, aLink('far', { pricePerGibibyte: 1 }))).toMatchObject({
      slowdown: 0,
      streamedPerSecond: { money: 5e9 / GIBIBYTE },
    });
    expect(from(aLink('home', { pricePerGibibyte: 1 }), aLink('far')).streamedPerSecond.money).toBe(0);
    const few = [streamedData({ readers: 1 }, { sites: ['home', 'far'] })];
    const near = aLink('far', { roundTripTime: 10, bitsPerSecond: 50 * GIGABIT });
    expect(dataAccess(few, away(aLink('home'), near), 1).slowdown).toBe(0);
  });

  test('brings what each second of work reads, over links alone', () => {
    const data = [streamedData(), streamedData({ bytesPerSecond: GIGABYTE }, { name: 'here', sites: ['away'] })];
    const { streamedPerSecond } = dataAccess(data, away(aLink('home', { pricePerGibibyte: 0.02 })), 2);
    expect(streamedPerSecond.bytes).toBe(5e9);
    expect(streamedPerSecond.money).toBeCloseTo((0.02 * 5e9) / GIBIBYTE, 12);
  });
});

describe('several data sets', () => {
  const two = (sites: readonly string[]) => [streamedData({}, { name: 'a' }), streamedData({}, { name: 'b', sites })];

  test('share the link that they come over', () => {
    const link = aLink('home', { bitsPerSecond: 40 * GIGABIT });
    expect(slowdownOf(two(['home']), away(link))).toBeCloseTo(1, 12);
    expect(dataAccess(two(['home']), away(link), 1).bottleneck).toMatchObject({ kind: 'Link', wanted: 10e9 });
  });

  test('share the storage that they lie in, and each its own reads', () => {
    const storage = aLink('home', { storageBytesPerSecond: 8 * GIGABYTE });
    expect(slowdownOf(two(['home']), away(storage))).toBeCloseTo(0.25, 12);
    expect(slowdownOf(two(['home']), away(aLink('home')))).toBe(0);
  });

  test('come over different links where that is better for the job', () => {
    const links = [aLink('home', { bitsPerSecond: 40 * GIGABIT }), aLink('far', { bitsPerSecond: 40 * GIGABIT })];
    expect(slowdownOf(two(['home', 'far']), away(...links))).toBe(0);
  });
});

describe('data that are staged', () => {
  test('take size over bandwidth', () => {
    const { staging, slowdown, staged } = dataAccess([stagedData(TEBIBYTE)], away(aLink('home')), 1);
    expect(staging).toBeCloseTo((TEBIBYTE / 12.5e9) * SECOND_MS, 6);
    expect(slowdown).toBe(0);
    expect(staged).toEqual({ bytes: TEBIBYTE, money: 0 });
  });

  test('take longer from slow storage, and no longer for a long round trip', () => {
    const staging = (link: Partial<Link>) => dataAccess([stagedData(TEBIBYTE)], away(aLink('home', link)), 1).staging;
    expect(staging({ storageBytesPerSecond: GIGABYTE })).toBeCloseTo((TEBIBYTE / 1e9) * SECOND_MS, 6);
    expect(staging({ roundTripTime: 300 })).toBe(staging({}));
  });

  test('cost what leaves the other end', () => {
    const site = away(aLink('home', { pricePerGibibyte: 0.02 }));
    expect(dataAccess([stagedData(TEBIBYTE)], site, 1).staged.money).toBeCloseTo(20.48, 9);
  });

  test('come one after the other over one link, and beside one another over two', () => {
    const sets = [stagedData(TEBIBYTE, { name: 'a' }), stagedData(TEBIBYTE, { name: 'b', sites: ['far'] })];
    const oneLink = sets.map((set) => ({ ...set, sites: ['home'] }));
    const site = away(aLink('home'), aLink('far'));
    expect(dataAccess(oneLink, site, 1).staging).toBeCloseTo(2 * dataAccess(sets, site, 1).staging, 6);
  });

  test('are not staged again where an earlier run has, and are no source for other sites there', () => {
    const data = [stagedData(TEBIBYTE, { stagedAt: ['away'] })];
    expect(dataAccess(data, away(aLink('home')), 1)).toEqual(ALL_AT_HAND);
    expect(outOfReach(data, aSite('third', [], { links: [aLink('away')] }))).toEqual(data);
  });

  test('of a stream, an earlier run has left nothing', () => {
    const data = [streamedData({}, { stagedAt: ['away'] })];
    expect(slowdownOf(data, away(aLink('home', { bitsPerSecond: GIGABIT })))).toBeGreaterThan(1);
  });
});

test('data are out of reach where there is neither a copy nor a link, and away where there is no copy', () => {
  const data = [streamedData(), stagedData(1, { name: 'other', sites: ['far'] })];
  expect(outOfReach(data, away(aLink('home')))).toEqual([data[1]]);
  expect(outOfReach(data, away(aLink('home'), aLink('far')))).toEqual([]);
  expect(setsAway(data, away(aLink('home')))).toBe(2);
  expect(setsAway(data, aSite('home', []))).toBe(1);
});
