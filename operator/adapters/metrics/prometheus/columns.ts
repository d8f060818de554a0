import { gridEnd, type UsageGrid } from '../../../domain/usage/usage-grid.ts';
import type { PrometheusQuery, PrometheusSeries } from '../../../ports/prometheus-query.ts';
import { asSourceError, type SourceError } from '../../../ports/source-error.ts';
import type { Named } from './labels.ts';

/** What is asked, and how an answer is read. */
export interface Question<T> {
  /** Best first. */
  readonly promqls: readonly string[];
  /** Whose a series is; `undefined`: its labels don't tell. */
  readonly read: (labels: PrometheusSeries['labels']) => Named<T> | undefined;
  /** NaN for what can't be such a figure: what is above `most` is none. */
  readonly figureOf: (value: number) => number;
  readonly most: number;
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
  /** It was asked only for what those before it don't know. */
  readonly relies: boolean;
  /** What ended it before its end; what was answered until then counts. */
  readonly error: SourceError | undefined;
  /** What Prometheus says that an answer lacks, in its words: what was answered counts, and more may come later. */
  readonly inPart: string | undefined;
}

/** Of one reply: some 3 MB, within the limit of the HTTP client, and parsed within a tenth of a second. */
const SAMPLES_A_REPLY = 100_000;
/** As many as are taken to be there as long as none are seen: an exporter that is gone now may have been there before. */
const SERIES_EXPECTED = 2_000;

/** Columns of a usual turn: one request. */
const SMALL_GRID = 5;

/**
 * What came of each query. Of a long grid the newest column comes first, for it tells how many series there are and which
 * queries know anything; then as many columns at once as fit into a reply.
 */
export async function askColumns<T>(
  prometheus: PrometheusQuery,
  question: Question<T>,
  grid: UsageGrid,
  abort: AbortSignal,
): Promise<readonly Asked<T>[]> {
  const tables = question.promqls.map((promql) => new Table(promql, { question, grid, prometheus }));
  await Promise.all(tables.map((table) => table.askNewest(abort)));
  await Promise.all(
    tables.map((table, index) => {
      const better = tables.slice(0, index).filter((one) => one.isOfUse);
      return table.askOlder(
        better.map(({ promql }) => `(${promql} <= ${String(question.most)})`),
        abort,
      );
    }),
  );
  return tables.map((table) => table.asked());
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

interface Around<T> {
  readonly question: Question<T>;
  readonly grid: UsageGrid;
  readonly prometheus: PrometheusQuery;
}

/** What one query is answered. */
class Table<T> {
  readonly promql: string;
  readonly #around: Around<T>;
  readonly #rows = new Map<string, Row<T>>();
  /** Columns before this one have not been asked for. */
  #until: number;
  #known = 0;
  #unnamed = 0;
  #impossible: { example: number; count: number } | undefined;
  #relies = false;
  #error: SourceError | undefined;
  #inPart: string | undefined;

  constructor(promql: string, around: Around<T>) {
    this.promql = promql;
    this.#around = around;
    this.#until = around.grid.columns;
  }

  get isOfUse(): boolean {
    return this.#error === undefined && this.#known > 0;
  }

  async askNewest(abort: AbortSignal): Promise<void> {
    const { columns } = this.#around.grid;
    await this.#ask(this.promql, columns <= SMALL_GRID ? columns : 1, abort);
  }

  /** Only what those that are better don't know: exporters tell most figures in several ways, and a reply is as long as hours. */
  async askOlder(better: readonly string[], abort: AbortSignal): Promise<void> {
    if (this.#until === 0 || this.#error !== undefined) return;
    this.#relies = better.length > 0;
    const promql = this.#relies ? `${this.promql} unless (${better.join(' or ')})` : this.promql;
    let seen: number | undefined = this.#rows.size + this.#unnamed;
    while (this.#until > 0 && seen !== undefined) {
      // Pods come and go: there may have been more series than there are.
      const expected = seen === 0 ? SERIES_EXPECTED : 2 * seen;
      const most = Math.max(1, Math.floor(SAMPLES_A_REPLY / expected));
      seen = await this.#ask(promql, Math.min(most, this.#until), abort);
    }
  }

  asked(): Asked<T> {
    return {
      rows: this.#rows,
      known: this.#known,
      unnamed: this.#unnamed,
      impossible: this.#impossible,
      relies: this.#relies,
      error: this.#error,
      inPart: this.#inPart,
    };
  }

  /** Columns before those that have been asked for; how many series there are in them, `undefined` after a failure. */
  async #ask(promql: string, columns: number, abort: AbortSignal): Promise<number | undefined> {
    const { grid, prometheus } = this.#around;
    const { startsAt, step } = grid;
    const from = this.#until - columns;
    const over = { startsAt: startsAt + (from + 1) * step, endsAt: startsAt + this.#until * step, step };
    try {
      const series = await prometheus.range(promql, over, abort, (words) => {
        this.#inPart = words;
      });
      this.#add(series);
      this.#until = from;
      return series.length;
    } catch (error) {
      abort.throwIfAborted();
      this.#error = asSourceError('prometheus', error);
      return undefined;
    }
  }

  #add(answer: readonly PrometheusSeries[]): void {
    for (const { labels, samples } of answer) {
      const named = this.#around.question.read(labels);
      if (named === undefined) {
        this.#unnamed += 1;
        continue;
      }
      this.#fill(this.#rowOf(named).values, samples);
    }
  }

  #rowOf({ key, of }: Named<T>): Row<T> {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const row = { of, values: new Array<number>(this.#around.grid.columns).fill(NaN) };
    this.#rows.set(key, row);
    return row;
  }

  /** Of several series under one name the highest counts, as within the query. */
  #fill(values: number[], samples: PrometheusSeries['samples']): void {
    const { grid, question } = this.#around;
    const { startsAt, step } = grid;
    for (const { at, value } of samples) {
      const figure = question.figureOf(value);
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
