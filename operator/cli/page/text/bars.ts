import type { BarsBlock } from '../page.ts';
import { commonScale, rangeOf } from '../scale/amounts.ts';
import { widthOf } from '../words/plain-text.ts';
import { cell, type Line } from './line.ts';
import { GAP, wrapped } from './wrapped.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
const LABEL_SHARE = 0.35;
const SHOWN_SHARE = 0.3;

type Bar = BarsBlock['bars'][number];

/** A bar a line between its label and its amount, all from one zero. */
export function barLines(block: BarsBlock, room: number): readonly Line[] {
  const widest = (textOf: (bar: Bar) => string, share: number): number => {
    return Math.min(Math.floor(room * share), Math.max(0, ...block.bars.map((bar) => widthOf(textOf(bar)))));
  };
  const label = widest((bar) => bar.label, LABEL_SHARE);
  const shown = widest((bar) => bar.shown, SHOWN_SHARE);
  const values = block.bars.map(({ value }) => value);
  const plot = plotFor(values, room - label - shown - 2 * GAP.length);
  const bars = block.bars.map((bar): Line => [
    { text: cell(bar.label, label), tone: bar.tone === 'dim' ? 'dim' : undefined },
    { text: GAP },
    { text: barText(bar.value, plot), tone: bar.tone },
    { text: GAP },
    { text: cell(bar.shown, shown, 'right'), tone: bar.tone },
  ]);
  return [...wrapped(block.title, room).map((text): Line => [{ text, tone: 'strong' }]), ...bars];
}

/** Columns on both sides of zero, where a line stands if there are any on the left. */
interface Plot {
  readonly left: number;
  readonly right: number;
  /** The amount that fills its side, and how many columns that is. */
  readonly longest: { readonly amount: number; readonly columns: number };
}

function plotFor(values: readonly number[], room: number): Plot {
  const { from, to } = commonScale([rangeOf(values)]);
  if (from === 0) return { left: 0, right: room, longest: { amount: to, columns: room } };
  const columns = room - 1;
  const left = Math.min(columns - 1, Math.max(1, Math.round((columns * -from) / (to - from))));
  const right = columns - left;
  const isRight = to / right > -from / left;
  return { left, right, longest: isRight ? { amount: to, columns: right } : { amount: -from, columns: left } };
}

function barText(value: number, { left, right, longest }: Plot): string {
  const columns = Number.isFinite(value) ? (value / longest.amount) * longest.columns : 0;
  const bar = columns < 0 ? leftBar(-columns) : rightBar(columns);
  if (left === 0) return cell(bar, right);
  return columns < 0 ? `${cell(bar, left, 'right')}│${' '.repeat(right)}` : `${' '.repeat(left)}│${cell(bar, right)}`;
}

/** To an eighth of a column, and an eighth for what is more than nothing. */
function rightBar(columns: number): string {
  const eighths = Math.max(columns > 0 ? 1 : 0, Math.round(columns * 8));
  return `${'█'.repeat(Math.floor(eighths / 8))}${EIGHTHS[eighths % 8] ?? ''}`;
}

/** To half a column: of the blocks that are filled from the right there are only the half one and the eighth. */
function leftBar(columns: number): string {
  const halves = Math.round(columns * 2);
  if (halves === 0) return '▕';
  return `${halves % 2 === 1 ? '▐' : ''}${'█'.repeat(Math.floor(halves / 2))}`;
}
