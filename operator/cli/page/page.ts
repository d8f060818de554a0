import type { Interval } from '../../domain/interval.ts';
import type { EpochMs } from '../../domain/units.ts';

/**
 * What a command shows to people, whoever draws it: a terminal in text, a browser in HTML with SVG. Both draw every block, so
 * that neither says more than the other. A text is one paragraph, whatever white space is in it; an unbreakable space (U+00A0)
 * holds words together.
 */
export interface Page {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | FactsBlock
  | TableBlock
  | TimelineBlock
  | BarsBlock;

/** What a word or a row means to its reader, for colour; never the only thing that says it. */
export type Tone = 'good' | 'warning' | 'bad' | 'dim' | 'strong';

/** Short statements, each with its name. */
export interface FactsBlock {
  readonly kind: 'facts';
  readonly facts: readonly { readonly name: string; readonly value: string; readonly tone?: Tone }[];
}

export interface TableBlock {
  readonly kind: 'table';
  /** Numbers stand to the right. The last column to the left is for sentences: where room is short it is the one that wraps. */
  readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
  readonly rows: readonly { readonly cells: readonly string[]; readonly tone?: Tone }[];
  /** Shown instead of the table where it has no rows; `none` by default. */
  readonly ifEmpty?: string;
}

/** Figures over time, a strip below the other on one axis of time, with the windows in which something runs. */
export interface TimelineBlock {
  readonly kind: 'timeline';
  readonly span: Interval;
  /** Unit of all figures, e.g. `g/kWh`. */
  readonly unit: string;
  readonly strips: readonly Strip[];
  /** Instants that the reader looks for. Those with the labels `now` and `deadline` have signs of their own. */
  readonly marks: readonly { readonly at: EpochMs; readonly label: string }[];
}

export interface Strip {
  /** E.g. `stockholm (SE-SE3)`. */
  readonly label: string;
  /** In order of time, not overlapping. A gap is unknown, never zero, and so is NaN. Empty: a strip of windows alone. */
  readonly figures: readonly (Interval & { readonly value: number })[];
  /** When something runs there. */
  readonly windows: readonly Interval[];
}

/** Amounts side by side, from zero; negative ones to the left of it. */
export interface BarsBlock {
  readonly kind: 'bars';
  readonly title: string;
  readonly bars: readonly {
    readonly label: string;
    readonly value: number;
    /** The value in words, with its unit, e.g. `412 g`. */
    readonly shown: string;
    readonly tone?: Tone;
  }[];
}
