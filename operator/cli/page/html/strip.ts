import { overlapOf, type Interval } from '../../../domain/interval.ts';
import type { EpochMs } from '../../../domain/units.ts';
import type { Strip } from '../page.ts';
import { amountTicks, shareOf, type AmountScale } from '../scale/amounts.ts';
import { columnInterval, columnMeans, shareOfSpan } from '../scale/time-columns.ts';
import { amountShown, rangeShown } from '../words/amounts.ts';
import { intervalShown } from '../words/instants.ts';
import { markup, pixels, type Markup } from './markup.ts';
import { fitted, textWidth } from './picture.ts';

/** What all strips of a picture share. */
export interface Frame {
  readonly span: Interval;
  readonly unit: string;
  readonly scale: AmountScale;
  /** Where the axis of time begins and ends. */
  readonly left: number;
  readonly right: number;
}

const HEAD = 20;
const PLOT = 60;
const RUN = 6;
/** So that a short window is seen. */
const LEAST_WIDTH = 2;
/** Above this a line has more steps than the picture has pixels, and a hand can't point at one of them. */
const MOST_STEPS = 800;
const MOST_POINTED_AT = 200;

/** How high a strip is from the top of its label to the bottom of its windows. */
export function stripHeight(strip: Strip): number {
  return HEAD + (strip.figures.length > 0 ? PLOT : 0) + RUN;
}

export function xOf(instant: EpochMs, { span, left, right }: Frame): number {
  return left + shareOfSpan(span, instant) * (right - left);
}

/** Where a strip begins, and its range in words. */
export interface StripPlace {
  readonly strip: Strip;
  readonly top: number;
  readonly range: string;
}

/** Its name and range, readable also where a line goes through them. */
export function stripHead(frame: Frame, { strip, top, range }: StripPlace): Markup {
  const hasRange = strip.figures.length > 0;
  const room = frame.right - frame.left - (hasRange ? textWidth(range) + 16 : 0);
  const label = markup`<text class="strong haloed" x="${frame.left}" y="${top + 14}">${fitted(strip.label, room)}</text>\n`;
  if (!hasRange) return label;
  return markup`${label}<text class="end dim haloed" x="${frame.right}" y="${top + 14}">${range}</text>\n`;
}

/** Its figures and windows. */
export function stripMarkup(frame: Frame, { strip, top }: StripPlace): Markup {
  const bottom = top + stripHeight(strip) - RUN;
  const windows = strip.windows.filter((window) => overlapOf(window, frame.span) > 0);
  const shadings = windows.map((window) => windowMarkup(frame, window, { top: top + HEAD, bottom }));
  return strip.figures.length === 0 ? markup`${shadings}` : markup`${figuresMarkup(frame, strip, bottom)}${shadings}`;
}

function windowMarkup(frame: Frame, window: Interval, { top, bottom }: { top: number; bottom: number }): Markup {
  const from = xOf(window.startsAt, frame);
  const width = Math.max(LEAST_WIDTH, xOf(window.endsAt, frame) - from);
  // One that begins at the very end stays inside.
  const x = Math.min(from, frame.right - width);
  return markup`<g><title>runs ${intervalShown(window, frame.span)}</title>
<rect class="window" x="${x}" y="${top}" width="${width}" height="${bottom - top}" />
<rect class="run" x="${x}" y="${bottom}" width="${width}" height="${RUN}" /></g>
`;
}

function figuresMarkup(frame: Frame, strip: Strip, bottom: number): Markup {
  const yOf = (amount: number): number => bottom - shareOf(amount, frame.scale) * PLOT;
  const figures = strip.figures.filter((figure) => Number.isFinite(figure.value) && overlapOf(figure, frame.span) > 0);
  const steps = atMost(MOST_STEPS, figures, frame.span);
  const lines = unbroken(steps).map((run) => stepPath(frame, run, yOf));
  const areas = unbroken(steps).map((run) => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return '';
    return `${stepPath(frame, run, yOf)}V${pixels(yOf(0))}H${pixels(xOf(first.startsAt, frame))}Z`;
  });
  const grid = amountTicks(frame.scale, 3).map((amount) => {
    return markup`<path class="hair" d="M${frame.left} ${yOf(amount)}H${frame.right}" />
<text class="end small" x="${frame.left - 6}" y="${yOf(amount) + 4}">${amountShown(amount)}</text>
`;
  });
  return markup`${grid}<path class="area" d="${areas.join('')}" /><path class="line" d="${lines.join('')}" />
${atMost(MOST_POINTED_AT, figures, frame.span).map((figure) => pointedAt(frame, figure, bottom))}`;
}

type Figures = Strip['figures'];

/** The figures themselves, or means over that many columns where they are more. */
function atMost(most: number, figures: Figures, span: Interval): Figures {
  if (figures.length <= most) return figures;
  const axis = { span, columns: most };
  return columnMeans(axis, figures).flatMap((value, column) => {
    return value === undefined ? [] : [{ ...columnInterval(axis, column), value }];
  });
}

/** Runs of figures without a gap: a line through one would tell what nobody knows. */
function unbroken(figures: Figures): readonly Figures[] {
  const runs: Figures[number][][] = [];
  for (const figure of figures) {
    const last = runs.at(-1);
    const endsAt = last?.at(-1)?.endsAt;
    // Columns touch to within the rounding of their length.
    if (last !== undefined && endsAt !== undefined && Math.abs(figure.startsAt - endsAt) < 1) last.push(figure);
    else runs.push([figure]);
  }
  return runs;
}

function stepPath(frame: Frame, run: Figures, yOf: (amount: number) => number): string {
  const steps = run.map(({ endsAt, value }) => `V${pixels(yOf(value))}H${pixels(xOf(endsAt, frame))}`).join('');
  const first = run[0];
  return first === undefined ? '' : `M${pixels(xOf(first.startsAt, frame))} ${pixels(yOf(first.value))}${steps}`;
}

/** Tells the figure to a pointer over it. */
function pointedAt(frame: Frame, figure: Figures[number], bottom: number): Markup {
  const [from, to] = [xOf(figure.startsAt, frame), xOf(figure.endsAt, frame)];
  const told = `${intervalShown(figure, frame.span)}: ${rangeShown({ lowest: figure.value, highest: figure.value }, frame.unit)}`;
  return markup`<rect class="hover" x="${from}" y="${bottom - PLOT}" width="${to - from}" height="${PLOT}"><title>${told}</title></rect>
`;
}
