import { formatDuration, parseDuration } from '../../../operator/domain/duration.ts';
import { pressedLength, pressedTime, type DemoDay } from './demo-day.ts';

/** Fields of our resources that hold a length of time, and those that hold a time. */
const LENGTHS = new Set([
  'expectedDuration',
  'maxDelay',
  'minimumRun',
  'restartOverhead',
  'moveOverhead',
  'provisioningTime',
]);
const TIMES = new Set(['completeBy']);
/** What is inside is not ours. */
const FOREIGN = new Set(['template']);

/** A manifest as a user writes it, with its times pressed into the day of the demo. */
export function pressed<T extends object>(manifest: T, day: DemoDay): T {
  return pressedValue(manifest, day) as T;
}

function pressedValue(value: unknown, day: DemoDay): unknown {
  if (Array.isArray(value)) return value.map((item) => pressedValue(item, day));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, pressedField(field, inner, day)]));
}

function pressedField(field: string, value: unknown, day: DemoDay): unknown {
  if (FOREIGN.has(field)) return value;
  if (typeof value !== 'string') return pressedValue(value, day);
  if (TIMES.has(field)) return new Date(pressedTime(day, Date.parse(value))).toISOString();
  if (!LENGTHS.has(field)) return value;
  const length = parseDuration(value);
  if (!length.ok) throw new Error(`${field}: ${length.message}`);
  return formatDuration(pressedLength(day, length.value));
}
