import type { TableBlock, Tone } from '../page/page.ts';
import { moneyShown, UNKNOWN } from './words.ts';

/** A column of a table, with how its cells are made. */
export interface Column<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cellOf: (row: Row) => string;
  /** Left out where it says nothing of any row. */
  readonly mayGo?: boolean;
}

export interface TonedRow<Row> {
  readonly row: Row;
  readonly tone: Tone | undefined;
}

export function tableOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly TonedRow<Row>[],
  ifEmpty: string,
): TableBlock {
  const says = ({ cellOf }: Column<Row>): boolean => rows.some(({ row }) => !['', UNKNOWN].includes(cellOf(row)));
  const shown = columns.filter((column) => column.mayGo !== true || says(column));
  return {
    kind: 'table',
    columns: shown,
    rows: rows.map(({ row, tone }) => ({
      cells: shown.map(({ cellOf }) => cellOf(row)),
      ...(tone !== undefined && { tone }),
    })),
    ifEmpty,
  };
}

/** How money stands in a column: its currency in the title where all count in one, else behind each amount. */
export interface MoneyWords {
  /** E.g. `EUR`, to be followed by what it is per. */
  readonly title: string;
  readonly shown: (money: number | undefined, currency: string) => string;
}

/** @param currencies of all rows; empty ones don't count */
export function moneyWords(currencies: Iterable<string>): MoneyWords {
  const named = new Set([...currencies].filter((currency) => currency !== ''));
  const [only = 'Money'] = named;
  return {
    title: named.size <= 1 ? only : 'Price',
    shown: (money, currency) => {
      return money === undefined ? UNKNOWN : moneyShown({ money, currency: named.size <= 1 ? '' : currency });
    },
  };
}
