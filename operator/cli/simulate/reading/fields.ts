import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import { parseTime } from '../../../api/v1alpha1/timestamps.ts';
import { parseDuration } from '../../../domain/duration.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';

/** What a cell of a table holds is text, what stands in YAML may be a number: both are read alike. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function plainNumber({ value }: FieldReader): number | undefined {
  const number = typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

export function numberIn(
  field: FieldReader,
  limits: { readonly above?: number; readonly atLeast?: number },
): number | undefined {
  if (field.isAbsent) return undefined;
  const { above = -Infinity, atLeast = -Infinity } = limits;
  const value = plainNumber(field);
  if (value !== undefined && value > above && value >= atLeast) return value;
  field.refuse(`is not a number ${above > -Infinity ? `above ${String(above)}` : `of ${String(atLeast)} or more`}`);
  return undefined;
}

export function wholeNumberIn(
  field: FieldReader,
  limits: { readonly atLeast: number; readonly atMost: number },
): number | undefined {
  if (field.isAbsent) return undefined;
  const value = plainNumber(field);
  if (value !== undefined && Number.isInteger(value) && value >= limits.atLeast && value <= limits.atMost) return value;
  field.refuse(`is not a whole number from ${String(limits.atLeast)} to ${String(limits.atMost)}`);
  return undefined;
}

/** A length of time, or a number of seconds as traces have them. */
export function lengthIn(field: FieldReader): DurationMs | undefined {
  if (field.isAbsent) return undefined;
  const seconds = plainNumber(field);
  if (seconds !== undefined && seconds >= 0) return Math.round(seconds * SECOND_MS);
  const parsed = parseDuration(typeof field.value === 'string' ? field.value : '');
  if (parsed.ok) return parsed.value;
  field.refuse('is not a length of time; write it like 6h, 1h30m or 45s, or in seconds');
  return undefined;
}

export function lengthAboveZeroIn(field: FieldReader): DurationMs | undefined {
  const length = lengthIn(field);
  if (length !== 0) return length;
  field.refuse('must be longer than 0s');
  return undefined;
}

/** A time, or a number of seconds since `origin`. */
export function instantIn(field: FieldReader, origin: EpochMs): EpochMs | undefined {
  if (field.isAbsent) return undefined;
  const seconds = plainNumber(field);
  if (seconds !== undefined) return origin + Math.round(seconds * SECOND_MS);
  const instant = typeof field.value === 'string' ? parseTime(field.value) : undefined;
  if (instant === undefined) {
    field.refuse(
      'is not a time with a time zone; write it like 2026-11-23T08:00:00Z, or in seconds since the first figure of the intensity',
    );
  }
  return instant;
}

export function flagIn(field: FieldReader): boolean | undefined {
  if (field.isAbsent) return undefined;
  if (field.value === true || field.value === 'true') return true;
  if (field.value === false || field.value === 'false') return false;
  field.refuse('is neither true nor false; write one of them');
  return undefined;
}

/** Words one after the other, or a list of them; `undefined` where there is neither. */
export function wordsIn(field: FieldReader): readonly string[] | undefined {
  if (typeof field.value !== 'string') return field.names();
  return field.value.split(/[\s;]+/).filter((word) => word !== '');
}

/** What is not read is a slip: a misspelt field would be a default that nobody wanted. */
export function refuseOthers(object: FieldReader, known: readonly string[]): void {
  const { value } = object;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  for (const name of object.keys()) {
    if (!known.includes(name))
      object.field(name).refuse(`is no field that is read here; there are ${known.join(', ')}`);
  }
}
