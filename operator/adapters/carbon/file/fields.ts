import { parseDuration } from '../../../domain/duration.ts';
import type { EmissionScope, Signal } from '../../../domain/intensity.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { SourceError } from '../../../ports/source-error.ts';

/** One row of a file, before its fields are judged: of a CSV all strings, of JSON whatever stands there. */
export interface RawRow {
  /** Where it stands, for messages: `line 7` or `samples[3]`. */
  readonly place: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Thrown with the name of the field, the value and the remedy; the reader adds file and place. */
export function malformed(place: string, message: string): SourceError {
  return new SourceError('Malformed', `${place}: ${message}`);
}

/** A field that is left out and an empty cell of a CSV mean the same. */
function valueOf(row: RawRow, field: string): unknown {
  const value = Object.hasOwn(row.fields, field) ? row.fields[field] : undefined;
  return value === '' || value === null ? undefined : value;
}

function refuse(row: RawRow, field: string, remedy: string): never {
  const value = valueOf(row, field);
  const found = value === undefined ? 'is empty' : `${JSON.stringify(value)} is not allowed`;
  throw malformed(`${row.place}, ${field}`, `${found}; ${remedy}`);
}

export function zoneField(row: RawRow): string {
  const zone = valueOf(row, 'zone');
  if (typeof zone !== 'string' || zone !== zone.trim()) refuse(row, 'zone', 'write the grid zone, e.g. SE-SE3');
  return zone;
}

const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

export function instantField(row: RawRow, field: 'start' | 'end' | 'issuedAt'): EpochMs {
  const text = valueOf(row, field);
  const parts = typeof text === 'string' ? RFC_3339.exec(text) : null;
  const instant = typeof text === 'string' && parts !== null && dayExists(parts) ? Date.parse(text) : NaN;
  if (Number.isNaN(instant)) refuse(row, field, 'write a time with its offset (RFC 3339), e.g. 2026-11-23T08:00:00Z');
  return instant;
}

/** `Date.parse` takes 30 February for 2 March. */
function dayExists([, year, month, day]: readonly string[]): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

function lengthField(row: RawRow): DurationMs {
  const text = valueOf(row, 'length');
  const length = parseDuration(typeof text === 'string' ? text : '');
  if (!length.ok || length.value === 0)
    refuse(row, 'length', 'write how long the figure holds, e.g. 5s, 30m, 1h or 24h');
  return length.value;
}

/** A row says its `end` or its `length`, never both: which of them would hold? */
export function endOf(row: RawRow, startsAt: EpochMs): EpochMs {
  const hasEnd = valueOf(row, 'end') !== undefined;
  const hasLength = valueOf(row, 'length') !== undefined;
  if (hasEnd === hasLength) {
    throw malformed(
      row.place,
      `${hasEnd ? 'both end and length are' : 'neither end nor length is'} given; write one of them`,
    );
  }
  if (hasLength) return startsAt + lengthField(row);
  const endsAt = instantField(row, 'end');
  if (endsAt <= startsAt) refuse(row, 'end', 'it must be later than start');
  return endsAt;
}

export function gramsField(row: RawRow): number {
  const value = valueOf(row, 'gramsPerKWh');
  const grams = typeof value === 'string' && /^[+-]?\d*\.?\d+(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : value;
  if (typeof grams !== 'number' || !Number.isFinite(grams) || grams < 0) {
    refuse(
      row,
      'gramsPerKWh',
      'write grams of CO2e per kWh, 0 or more, e.g. 41.5; leave the row out where it is unknown',
    );
  }
  return grams;
}

export function estimatedField(row: RawRow): boolean {
  const value = valueOf(row, 'estimated') ?? false;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  return refuse(row, 'estimated', 'write true or false');
}

export function signalField(row: RawRow): Signal {
  const value = valueOf(row, 'signal') ?? 'Average';
  if (value === 'Average' || value === 'Marginal') return value;
  return refuse(row, 'signal', 'write Average or Marginal');
}

export function scopeField(row: RawRow): EmissionScope {
  const value = valueOf(row, 'scope') ?? 'Lifecycle';
  if (value === 'Lifecycle' || value === 'Direct' || value === 'Operational') return value;
  return refuse(row, 'scope', 'write Lifecycle, Direct or Operational');
}
