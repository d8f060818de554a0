import type { EmissionScope, IntensitySample, Signal } from '../../../domain/intensity.ts';
import { gramsPerKilowattHour, type EpochMs } from '../../../domain/units.ts';
import { csvRecords, CsvSyntaxError } from './csv.ts';
import {
  endOf,
  estimatedField,
  gramsField,
  instantField,
  malformed,
  scopeField,
  signalField,
  zoneField,
  type RawRow,
} from './fields.ts';

/** What a file says of one zone and signal: samples in order of time, gaps left open. */
export interface FileSeries {
  readonly scope: EmissionScope;
  readonly samples: readonly IntensitySample[];
}

export interface IntensityFile {
  /** When the figures were issued, where the file says so. */
  readonly issuedAt: EpochMs | undefined;
  readonly zones: ReadonlyMap<string, ReadonlyMap<Signal, FileSeries>>;
}

export type IntensityFileFormat = 'csv' | 'json';

/** The fields of a row. Required: zone, start, gramsPerKWh, and one of end and length. */
const FIELDS = ['zone', 'start', 'end', 'length', 'gramsPerKWh', 'estimated', 'signal', 'scope'];
const REQUIRED_COLUMNS = ['zone', 'start', 'gramsPerKWh'];

/** Reads a whole file. Throws a SourceError `Malformed` that names place, field, value and remedy. */
export function readIntensityFile(text: string, format: IntensityFileFormat): IntensityFile {
  const { issuedAt, rows } = format === 'csv' ? fromCsv(text) : fromJson(text);
  const zones = new Map<string, Map<Signal, { scope: EmissionScope; samples: IntensitySample[] }>>();
  for (const row of rows) {
    const zone = zoneField(row);
    const signal = signalField(row);
    const scope = scopeField(row);
    const signals = zones.get(zone) ?? new Map<Signal, { scope: EmissionScope; samples: IntensitySample[] }>();
    const series = signals.get(signal) ?? { scope, samples: [] };
    zones.set(zone, signals.set(signal, series));
    if (series.scope !== scope) {
      throw malformed(
        `${row.place}, scope`,
        `${scope} after ${series.scope} for the same zone and signal; write one scope`,
      );
    }
    series.samples.push(sampleAfter(series.samples.at(-1), row));
  }
  if (zones.size === 0) throw malformed('the file', 'it has no rows; write at least one');
  return { issuedAt, zones };
}

function sampleAfter(previous: IntensitySample | undefined, row: RawRow): IntensitySample {
  const startsAt = instantField(row, 'start');
  if (previous !== undefined && startsAt < previous.endsAt) {
    const before = `the row before of this zone ends at ${new Date(previous.endsAt).toISOString()}`;
    throw malformed(`${row.place}, start`, `${before}; rows of a zone must be in order of time and must not overlap`);
  }
  return {
    startsAt,
    endsAt: endOf(row, startsAt),
    gramsPerKilowattHour: gramsPerKilowattHour(gramsField(row)),
    estimated: estimatedField(row),
  };
}

interface RawFile {
  readonly issuedAt: EpochMs | undefined;
  readonly rows: Iterable<RawRow>;
}

function fromCsv(text: string): RawFile {
  const [header, ...records] = syntaxChecked(text);
  const columns = (header?.cells ?? []).map((name) => name.trim());
  const place = `line ${String(header?.line ?? 1)}`;
  for (const required of REQUIRED_COLUMNS) {
    if (!columns.includes(required)) throw malformed(place, `no column ${required}; the first line must name it`);
  }
  if (!columns.includes('end') && !columns.includes('length')) {
    throw malformed(place, 'no column end or length; the first line must name one of them');
  }
  for (const [index, column] of columns.entries()) {
    if (columns.indexOf(column) !== index) throw malformed(place, `column ${column} is there twice; leave one out`);
    refuseUnknown(place, column);
  }
  const rows = records.map(({ line, cells }): RawRow => {
    if (cells.length !== columns.length) {
      const counts = `${String(cells.length)} cells where the first line has ${String(columns.length)}`;
      throw malformed(`line ${String(line)}`, `${counts}; write one cell a column`);
    }
    const fields = Object.fromEntries(columns.map((column, index) => [column, cells[index]?.trim()]));
    return { place: `line ${String(line)}`, fields };
  });
  return { issuedAt: undefined, rows };
}

function syntaxChecked(text: string) {
  try {
    return csvRecords(text);
  } catch (error) {
    if (error instanceof CsvSyntaxError) throw malformed(`line ${String(error.line)}`, error.message);
    throw error;
  }
}

function fromJson(text: string): RawFile {
  const file = parsedJson(text);
  if (!isRecord(file) || !Array.isArray(file['samples'])) {
    throw malformed('the file', 'it must be an object with a list "samples"');
  }
  for (const field of Object.keys(file)) {
    if (field !== 'issuedAt' && field !== 'samples') {
      throw malformed(field, 'no such field; a file has issuedAt and samples');
    }
  }
  const head: RawRow = { place: 'the file', fields: file };
  const issuedAt = file['issuedAt'] === undefined ? undefined : instantField(head, 'issuedAt');
  const rows = file['samples'].map((fields: unknown, index): RawRow => {
    const place = `samples[${String(index)}]`;
    if (!isRecord(fields)) throw malformed(place, 'it must be an object');
    for (const field of Object.keys(fields)) refuseUnknown(place, field);
    return { place, fields };
  });
  return { issuedAt, rows };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own words show where it stopped.
    throw malformed('the file', `it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A misspelt optional field would otherwise be a figure with the wrong label. */
function refuseUnknown(place: string, field: string): void {
  if (!FIELDS.includes(field)) throw malformed(`${place}, ${field}`, `no such field; fields are ${FIELDS.join(', ')}`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
