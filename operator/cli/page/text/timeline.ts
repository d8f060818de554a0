import type { Strip, TimelineBlock } from '../page.ts';
import { shareOf, timelineScale, type AmountScale } from '../scale/amounts.ts';
import { columnMeans, columnOf, runColumns, type TimeColumns } from '../scale/time-columns.ts';
import { timeTicks } from '../scale/time-ticks.ts';
import { rangeShown } from '../words/amounts.ts';
import { markShown, spanShown } from '../words/instants.ts';
import { shortened, widthOf } from '../words/plain-text.ts';
import { cell, joined, type Line, type Segment } from './line.ts';
import { markSigns } from './mark-signs.ts';
import { filled, GAP } from './wrapped.ts';

const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const RUN = '━';
const MARGIN_SHARE = 0.35;

/** Strips below one axis of time: heights of the figures, and below them a line where something runs. */
export function timelineLines(block: TimelineBlock, room: number): readonly Line[] {
  const { span, unit, strips } = block;
  const { ranges, scale } = timelineScale(block);
  const margins = [
    spanShown(span),
    ...strips.flatMap((strip, index) => {
      return strip.figures.length > 0 ? [strip.label, rangeShown(ranges[index], unit)] : [strip.label];
    }),
  ];
  const margin = Math.min(Math.floor(room * MARGIN_SHARE), Math.max(...margins.map(widthOf)));
  const axis: TimeColumns = { span, columns: room - margin - GAP.length };
  const picture: Picture = { block, axis, margin, scale, marks: marksOn(axis, block) };
  return [
    ...axisLines(picture),
    ...strips.flatMap((strip, index) => stripLines(picture, strip, rangeShown(ranges[index], unit))),
    ...legendLines(picture, room),
  ];
}

interface Picture {
  readonly block: TimelineBlock;
  readonly axis: TimeColumns;
  /** Columns to the left of the axis. */
  readonly margin: number;
  readonly scale: AmountScale;
  /** A sign a column, `undefined` where there is none. */
  readonly marks: readonly (string | undefined)[];
}

function marksOn(axis: TimeColumns, block: TimelineBlock): Picture['marks'] {
  const marks = Array.from({ length: axis.columns }, (): string | undefined => undefined);
  const signs = markSigns(block.marks);
  block.marks.forEach(({ at }, index) => {
    const column = columnOf(axis, at);
    // Of two in one column the first is seen; the legend has both.
    if (column !== undefined) marks[column] ??= signs[index];
  });
  return marks;
}

function axisLines({ block, axis, margin, marks }: Picture): readonly Line[] {
  const labels = Array.from({ length: axis.columns }, () => ' ');
  const ruler = Array.from({ length: axis.columns }, (): Segment => ({ text: '─', tone: 'dim' }));
  for (const { at, label } of timeTicks(block.span, axis.columns)) {
    const column = columnOf(axis, at) ?? 0;
    ruler[column] = { text: '┬', tone: 'dim' };
    if (column + widthOf(label) <= axis.columns) labels.splice(column, widthOf(label), ...Array.from(label));
  }
  const marked = ruler.map((segment, column) => markAt(marks, column) ?? segment);
  return [
    [{ text: cell(spanShown(block.span), margin), tone: 'dim' }, { text: GAP }, { text: labels.join(''), tone: 'dim' }],
    [{ text: ' '.repeat(margin) }, { text: GAP }, ...joined(marked)],
  ];
}

function stripLines({ axis, margin, scale, marks }: Picture, strip: Strip, range: string): readonly Line[] {
  const runs = runColumns(axis, strip.windows);
  const running = runs.map((runsHere, column): Segment => {
    return runsHere ? { text: RUN, tone: 'good' } : (markAt(marks, column) ?? { text: ' ' });
  });
  const label: Line = [{ text: cell(strip.label, margin), tone: 'strong' }, { text: GAP }];
  if (strip.figures.length === 0) return [[...label, ...joined(running)]];
  const heights = columnMeans(axis, strip.figures).map((mean, column): Segment => {
    return { text: mean === undefined ? ' ' : heightOf(mean, scale), tone: runs[column] === true ? 'good' : undefined };
  });
  return [
    [...label, ...joined(heights)],
    [{ text: cell(range, margin), tone: 'dim' }, { text: GAP }, ...joined(running)],
  ];
}

/** What the signs mean, as many in a line as fit. */
function legendLines({ block, scale }: Picture, room: number): readonly Line[] {
  const signs = markSigns(block.marks);
  const hasFigures = block.strips.some(({ figures }) => figures.length > 0);
  const hasWindows = block.strips.some(({ windows }) => windows.length > 0);
  const extent = rangeShown({ lowest: scale.from, highest: scale.to }, block.unit);
  const items = [
    ...(hasFigures ? [`${HEIGHTS[0]}${HEIGHTS[7]} ${extent}`] : []),
    ...(hasWindows ? [`${RUN} runs`] : []),
    ...block.marks.map((mark, index) => `${signs[index] ?? ''} ${markShown(mark, block.span)}`),
  ];
  const whole = items.map((item) => shortened(item, room));
  return filled(whole, '   ', room).map((text): Line => [{ text, tone: 'dim' }]);
}

function markAt(marks: Picture['marks'], column: number): Segment | undefined {
  const sign = marks[column];
  return sign === undefined ? undefined : { text: sign, tone: 'strong' };
}

function heightOf(amount: number, scale: AmountScale): string {
  return HEIGHTS[Math.min(HEIGHTS.length - 1, Math.floor(shareOf(amount, scale) * HEIGHTS.length))] ?? ' ';
}
