import type { TableBlock } from '../page.ts';
import { columnKinds, type ColumnKind } from '../words/column-kinds.ts';
import { widthOf } from '../words/plain-text.ts';
import { wrapped, wrappedInWholeParts } from './wrapped.ts';

/** How a table is fitted into its room. */
export interface TableWidths {
  /** A width a column, all of them within the room together with the gaps. */
  readonly widths: readonly number[];
  /** Columns of the terminal between two of the table. */
  readonly gap: number;
}

/** Sentences in less are read with effort, and in less than the second of these hardly. */
const EASY_SENTENCES = 24;
const LEAST_SENTENCES = 16;
/** As narrow as texts become while there are other columns to narrow. */
const LEAST_TEXT = 8;

/**
 * The widths at which a table fits into its room. What costs the reader least goes first: titles on several lines, then the last
 * column of text, then the other texts between their words. Only then words are shortened, and numbers last.
 */
export function tableWidths(table: TableBlock, room: number): TableWidths {
  const count = table.columns.length;
  const gap = room - 2 * (count - 1) >= count ? 2 : 1;
  // Columns too many to have a character each are left out: there is nothing that could be read of them.
  const shown = { ...table, columns: table.columns.slice(0, Math.ceil(room / (1 + gap))) };
  const fitting = new Fitting(shown, room - gap * (shown.columns.length - 1));
  return { widths: fitting.widths(), gap };
}

/** The lines of a cell, wider than its column only where they are to be shortened: those of a text go on below. */
export function cellLines(text: string, width: number, kind: ColumnKind): readonly string[] {
  if (kind === 'number') return [text];
  return kind === 'sentence' && width >= LEAST_TEXT ? wrapped(text, width) : wrappedInWholeParts(text, width);
}

class Fitting {
  readonly #table: TableBlock;
  readonly #budget: number;
  readonly #kinds: readonly ColumnKind[];
  readonly #full: readonly number[];
  #widths: number[];

  constructor(table: TableBlock, budget: number) {
    this.#table = table;
    this.#budget = budget;
    this.#kinds = columnKinds(table);
    this.#full = table.columns.map(({ title }, column) => Math.max(widthOf(title), this.#widest(column, widthOf)));
    this.#widths = [...this.#full];
  }

  widths(): readonly number[] {
    if (this.#missing() <= 0) return this.#widths;
    const sentence = (floor: number) => (column: number) => (this.#kinds[column] === 'sentence' ? floor : Infinity);
    this.#narrow((column) => Math.max(this.#titleWord(column), this.#widest(column, widthOf)));
    this.#narrowOneCheaply();
    this.#narrow(sentence(EASY_SENTENCES));
    this.#narrow((column) => {
      return this.#kinds[column] === 'name' ? this.#leastBetweenWords(column) : Infinity;
    });
    this.#narrow(sentence(LEAST_SENTENCES));
    this.#shave((column) => (this.#kinds[column] === 'number' ? Infinity : LEAST_TEXT));
    this.#shave(() => 1);
    this.#tighten();
    return this.#widths;
  }

  #missing(): number {
    return this.#widths.reduce((sum, width) => sum + width, 0) - this.#budget;
  }

  /** Where a single column of text gives all that is missing at the price of few further lines, the one with the fewest. */
  #narrowOneCheaply(): void {
    const missing = this.#missing();
    const offers = this.#widths.flatMap((full, column) => {
      const width = full - missing;
      if (missing <= 0 || this.#kinds[column] === 'number' || width < this.#leastBetweenWords(column)) return [];
      const lines = this.#table.rows.map(({ cells }) => cellLines(cells[column] ?? '', width, 'name').length - 1);
      return [{ column, width, lines: lines.reduce((sum, each) => sum + each, 0) }];
    });
    const best = offers.toSorted((a, b) => a.lines - b.lines)[0];
    if (best !== undefined && best.lines <= this.#table.rows.length) this.#widths[best.column] = best.width;
  }

  /** As few columns as will do down to their floors: one that is narrowed at all has its texts on more lines. */
  #narrow(floorOf: (column: number) => number): void {
    const slacks = this.#widths.map((width, column) => ({ column, slack: width - floorOf(column) }));
    for (const { column, slack } of slacks.toSorted((a, b) => b.slack - a.slack)) {
      const less = Math.min(slack, this.#missing());
      if (less > 0) this.#widths[column] = (this.#widths[column] ?? 0) - less;
    }
  }

  /** All columns down to their floors, the widest first. */
  #shave(floorOf: (column: number) => number): void {
    while (this.#missing() > 0) {
      const free = this.#widths.map((width, column) => (width > floorOf(column) ? width : 0));
      const widest = Math.max(...free);
      if (widest === 0) return;
      this.#widths[free.indexOf(widest)] = widest - 1;
    }
  }

  /** Lines broken between words leave columns that are never used; sentences have use for them. */
  #tighten(): void {
    this.#widths = this.#widths.map((width, column) => {
      const kind = this.#kinds[column] ?? 'name';
      const used = (text: string): number => Math.max(...cellLines(text, width, kind).map(widthOf));
      const title = wrappedInWholeParts(this.#table.columns[column]?.title ?? '', width);
      return Math.min(width, Math.max(this.#widest(column, used), ...title.map(widthOf)));
    });
    const last = this.#kinds.indexOf('sentence');
    const width = this.#widths[last];
    if (width !== undefined) this.#widths[last] = Math.min(this.#full[last] ?? width, width - this.#missing());
  }

  /** As narrow as a column of text can be without breaking a word. */
  #leastBetweenWords(column: number): number {
    return Math.max(LEAST_TEXT, this.#titleWord(column), this.#widest(column, longestWord));
  }

  #titleWord(column: number): number {
    return longestWord(this.#table.columns[column]?.title ?? '');
  }

  #widest(column: number, measure: (text: string) => number): number {
    return this.#table.rows.reduce((width, { cells }) => Math.max(width, measure(cells[column] ?? '')), 1);
  }
}

function longestWord(text: string): number {
  return Math.max(...text.split(' ').map(widthOf));
}
