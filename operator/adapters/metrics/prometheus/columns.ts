import { gridEnd, type UsageGrid } from '../../../domain/usage/usage-grid.ts';
import type { PrometheusQuery, PrometheusSeries } from '../../../ports/prometheus-query.ts';
import { asSourceError, type SourceError } from '../../../ports/source-error.ts';
import type { Named } from './labels.ts';

/** What is asked, and how an answer is read. */
export interface Question<T> {
  readonly promql: string;
  /** Whose a series is; `undefined`: its labels don't tell. */
  readonly read: (labels: PrometheusSeries['labels']) => Named<T> | undefined;
  /** NaN for what can't be such a figure. */
  readonly figureOf: (value: number) => number;
}

/** Figures by column; NaN is unknown. */
export interface Row<T> {
  of: T;
  readonly values: number[];
}

export interface Asked<T> {
  readonly rows: ReadonlyMap<string, Row<T>>;
  /** Values that count. */
  readonly known: number;
  /** Series of the answers that don't tell whose they are. */
  readonly unnamed: number;
  /** Some value that can't be such a figure, and how often there was one. */
  readonly impossible: { readonly example: number; readonly count: number } | undefined;
  /** What ended it before its end; what was answered until then counts. */
  readonly error: SourceError | undefined;
}

/** Of one reply: some 3 MB, within the limit of the HTTP client, and parsed within a tenth of a second. */
const SAMPLES_A_REPLY = 100_000;
/** As many as are taken to be there as long as none are seen: an exporter that is gone now may have been there before. */
const SERIES_EXPECTED = 2_000;

/** Columns of a usual turn: one request. */
const SMALL_GRID = 5;

/** The newest column first, for it tells how many series there are; then as many at once as fit into a reply. */
export async function askColumns<T>(
  prometheus: PrometheusQuery,
  question: Question<T>,
  grid: UsageGrid,
  abort: AbortSignal,
): Promise<Asked<T>> {
  const table = new Table(question, grid);
  const { startsAt, step } = grid;
  let until = grid.columns;
  let size = until <= SMALL_GRID ? until : 1;
  try {
    while (until > 0) {
      const from = Math.max(0, until - size);
      const over = { startsAt: startsAt + (from + 1) * step, endsAt: startsAt + until * step, step };
      const series = await prometheus.range(question.promql, over, abort);
      table.add(series);
      until = from;
      // Pods come and go: there may have been more series than there are.
      const expected = series.length === 0 ? SERIES_EXPECTED : 2 * series.length;
      size = Math.max(1, Math.floor(SAMPLES_A_REPLY / expected));
    }
    return table.asked(undefined);
  } catch (error) {
    abort.throwIfAborted();
    return table.asked(asSourceError('prometheus', error));
  }
}

/** Of each row and column the first that knows it; the rows of the first are taken as they are, and changed. */
export function firstKnown<T>(answers: readonly Asked<T>[]): ReadonlyMap<string, Row<T>> {
  const merged = new Map<string, Row<T>>();
  for (const { rows } of answers) {
    for (const [key, row] of rows) {
      const known = merged.get(key);
      if (known === undefined) merged.set(key, row);
      else fillUnknown(known.values, row.values);
    }
  }
  return merged;
}

function fillUnknown(values: number[], others: readonly number[]): void {
  for (let k = 0; k < values.length; k += 1) {
    if (Number.isNaN(values[k])) values[k] = others[k] ?? NaN;
  }
}

/** The last columns of a grid. */
export function lastColumns(grid: UsageGrid, columns: number): UsageGrid {
  const kept = Math.min(columns, grid.columns);
  return { ...grid, startsAt: gridEnd(grid) - kept * grid.step, columns: kept };
}

class Table<T> {
  readonly #question: Question<T>;
  readonly #grid: UsageGrid;
  readonly #rows = new Map<string, Row<T>>();
  #known = 0;
  #unnamed = 0;
  #impossible: { example: number; count: number } | undefined;

  constructor(question: Question<T>, grid: UsageGrid) {
    this.#question = question;
    this.#grid = grid;
  }

  add(answer: readonly PrometheusSeries[]): void {
    for (const { labels, samples } of answer) {
      const named = this.#question.read(labels);
      if (named === undefined) {
        this.#unnamed += 1;
        continue;
      }
      this.#fill(this.#rowOf(named).values, samples);
    }
  }

  asked(error: SourceError | undefined): Asked<T> {
    return { rows: this.#rows, known: this.#known, unnamed: this.#unnamed, impossible: this.#impossible, error };
  }

  #rowOf({ key, of }: Named<T>): Row<T> {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = { of, values: new Array<number>(this.#grid.columns).fill(NaN) };
    this.#rows.set(key, row);
    return row;
  }

  /** Of several series under one name the highest counts, as within the query. */
  #fill(values: number[], samples: PrometheusSeries['samples']): void {
    const { startsAt, step } = this.#grid;
    for (const { at, value } of samples) {
      const figure = this.#question.figureOf(value);
      if (Number.isNaN(figure)) {
        this.#impossible = { example: value, count: (this.#impossible?.count ?? 0) + 1 };
        continue;
      }
      const column = Math.round((at - startsAt) / step) - 1;
      const before = values[column];
      if (before === undefined) continue;
      this.#known += 1;
      if (!(before >= figure)) values[column] = figure;
    }
  }
}
