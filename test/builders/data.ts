import type { DataStream, JobData } from '../../operator/domain/job.ts';
import type { Link } from '../../operator/domain/site.ts';

export const GIGABIT = 1e9;
export const GIGABYTE = 1e9;
export const MEBIBYTE = 2 ** 20;
export const GIBIBYTE = 2 ** 30;
export const TEBIBYTE = 2 ** 40;

/** 3,000 km of fibre, there and back. */
export const ACROSS_A_CONTINENT_MS = 30;

/** 100 Gbit/s to `to`, 3,000 km away, that cost nothing to use. */
export function aLink(to: string, overrides: Partial<Link> = {}): Link {
  return {
    to,
    bitsPerSecond: 100 * GIGABIT,
    roundTripTime: ACROSS_A_CONTINENT_MS,
    pricePerGibibyte: 0,
    storageBytesPerSecond: undefined,
    ...overrides,
  };
}

/** 64 readers that each keep 64 MiB under way: 143 GB/s over 30 ms. */
export function aStream(overrides: Partial<DataStream> = {}): DataStream {
  return { bytesPerSecond: 5 * GIGABYTE, readers: 64, outstandingBytes: 64 * MEBIBYTE, ...overrides };
}

/** A set at `home` that is read while the job runs. */
export function streamedData(stream: Partial<DataStream> = {}, overrides: Partial<JobData> = {}): JobData {
  const set = { name: 'corpus', bytes: 2 * TEBIBYTE, sites: ['home'], stagedAt: [] };
  return { ...set, access: 'Stream', stream: aStream(stream), ...overrides };
}

/** A set at `home` that is copied before the job starts. */
export function stagedData(bytes: number, overrides: Partial<JobData> = {}): JobData {
  const set = { name: 'corpus', bytes, sites: ['home'], stagedAt: [] };
  return { ...set, access: 'Stage', stream: undefined, ...overrides };
}
