import { MINUTE_MS, SECOND_MS, type DurationMs } from '../../domain/units.ts';
import type { DataAccess } from './data-access.ts';
import { secondsThrough, type Bottleneck } from './sharing.ts';

const RATES = [
  { unit: 'GB/s', bytesPerSecond: 1e9 },
  { unit: 'MB/s', bytesPerSecond: 1e6 },
  { unit: 'kB/s', bytesPerSecond: 1e3 },
] as const;
const SIZES = [
  { unit: 'TiB', bytes: 2 ** 40 },
  { unit: 'GiB', bytes: 2 ** 30 },
  { unit: 'MiB', bytes: 2 ** 20 },
] as const;

/** What slows a job down, with its numbers: `reads 5.0 GB/s, the link to tokyo carries 1.3 GB/s: 4.0 times as long`. */
export function slowdownInWords(bottleneck: Bottleneck): string {
  const times = secondsThrough(bottleneck);
  const asLong = `${times < 2 ? times.toFixed(2) : times.toFixed(1)} times as long`;
  return `reads ${rateInWords(bottleneck.wanted)}, ${limitInWords(bottleneck)}: ${asLong}`;
}

function limitInWords({ kind, route: { from, link, set }, carriesBytesPerSecond }: Bottleneck): string {
  const rate = rateInWords(carriesBytesPerSecond);
  if (kind === 'Storage') return `the storage at ${from} gives ${rate}`;
  if (kind === 'Link') return `the link to ${from} carries ${rate}`;
  const { readers = 0, outstandingBytes = 0 } = set.stream ?? {};
  const reads = `${String(readers)} ${readers === 1 ? 'reader' : 'readers'} with ${sizeInWords(outstandingBytes)} under way`;
  return `${reads} get ${rate} over the ${String(link?.roundTripTime ?? 0)} ms to ${from}`;
}

/** What the distance of its data costs a job, for the message of its plan; `undefined` where it costs no time. */
export function distanceInWords({ slowdown, bottleneck, staging, staged }: DataAccess): string | undefined {
  const parts = [];
  if (staging > 0) parts.push(`first ${sizeInWords(staged.bytes)} of data come over, in ${lengthInWords(staging)}`);
  if (bottleneck !== undefined && slowdown >= 0.0005) parts.push(slowdownInWords(bottleneck));
  return parts.length === 0 ? undefined : parts.join('; ');
}

function rateInWords(rate: number): string {
  const scale = RATES.find(({ bytesPerSecond }) => rate >= bytesPerSecond);
  return scale === undefined
    ? `${String(Math.round(rate))} B/s`
    : `${(rate / scale.bytesPerSecond).toFixed(1)} ${scale.unit}`;
}

function sizeInWords(size: number): string {
  const scale = SIZES.find(({ bytes }) => size >= bytes);
  return scale === undefined ? `${String(Math.round(size))} bytes` : `${(size / scale.bytes).toFixed(1)} ${scale.unit}`;
}

function lengthInWords(length: DurationMs): string {
  return length >= MINUTE_MS ? `${(length / MINUTE_MS).toFixed(0)} min` : `${(length / SECOND_MS).toFixed(0)} s`;
}
