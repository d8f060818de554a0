import { overlapOf } from '../../../domain/interval.ts';
import type { TimelineBlock } from '../page.ts';
import { timelineScale, type AmountRange } from '../scale/amounts.ts';
import { isOnAxis } from '../scale/time-columns.ts';
import { timeTicks } from '../scale/time-ticks.ts';
import { rangeShown } from '../words/amounts.ts';
import { intervalShown, markShown, spanShown } from '../words/instants.ts';
import { markLabels, type MarkLabel } from './mark-labels.ts';
import { markup, NOTHING, type Markup } from './markup.ts';
import { charactersIn, fitted, PICTURE_WIDTH, textWidth } from './picture.ts';
import { scrolling } from './scrolling.ts';
import { stripHead, stripHeight, stripMarkup, xOf, type Frame, type StripPlace } from './strip.ts';

const LEFT = 52;
const RIGHT = PICTURE_WIDTH - 14;
const LANE = 18;
const BETWEEN_STRIPS = 10;
const AXIS = 40;
/** Between a mark's line and its label. */
const BESIDE = 5;
/** Windows that are told one by one; who listens to a picture doesn't listen to a hundred. */
const MOST_WINDOWS_TOLD = 5;

/** Strips below one another on one axis of time and one scale, with the marks' lines through all of them. */
export function timelineFigure(block: TimelineBlock): Markup {
  const { span, unit, strips } = block;
  const { ranges, scale } = timelineScale(block);
  const frame: Frame = { span, unit, scale, left: LEFT, right: RIGHT };
  const marks = labelsOf(block, frame);
  const top = LANE * (1 + Math.max(-1, ...marks.map(({ lane }) => lane)));
  const places: StripPlace[] = [];
  let y = top;
  strips.forEach((strip, index) => {
    places.push({ strip, top: y, range: rangeShown(ranges[index], unit) });
    y += stripHeight(strip) + BETWEEN_STRIPS;
  });
  const lines = [...places.map((place) => stripMarkup(frame, place)), ...marks.map((mark) => markLine(mark, y))];
  const words = [...places.map((place) => stripHead(frame, place)), ...marks.map(markLabel)];
  const picture = markup`
<svg viewBox="0 0 ${PICTURE_WIDTH} ${y + AXIS}" role="img" aria-label="${toldOf(block, ranges)}">
<title>${spanShown(span)}</title>
${axisMarkup(frame, top, y)}${lines}${words}</svg>`;
  return markup`<figure>${scrolling(`Timeline, ${spanShown(span)}`, picture)}
${captionMarkup(block)}</figure>`;
}

function labelsOf({ span, marks }: TimelineBlock, frame: Frame): readonly MarkLabel[] {
  const shown = marks.filter(({ at }) => isOnAxis(span, at));
  const labels = shown.map((mark) => {
    const text = fitted(markShown(mark, span), PICTURE_WIDTH / 2 - 2 * BESIDE);
    return { x: xOf(mark.at, frame), text, width: textWidth(text) + 2 * BESIDE };
  });
  return markLabels(labels, PICTURE_WIDTH);
}

/** Lines at the ticks through all strips, so that what is far above the axis can be read off it as well. */
function axisMarkup(frame: Frame, top: number, y: number): Markup {
  const ticks = timeTicks(frame.span, charactersIn(frame.right - frame.left)).map(({ at, label }) => {
    const x = xOf(at, frame);
    const place = x + textWidth(label) / 2 > PICTURE_WIDTH ? 'end' : 'middle';
    return markup`<path class="hair" d="M${x} ${top}V${y}" /><path class="axis" d="M${x} ${y}v5" />
<text class="small ${place}" x="${x}" y="${y + 18}">${label}</text>
`;
  });
  return markup`${ticks}<path class="axis" d="M${frame.left} ${y}H${frame.right}" />
<text class="small" x="${frame.left}" y="${y + 35}">${spanShown(frame.span)}</text>
`;
}

function markLine({ x, lane }: MarkLabel, bottom: number): Markup {
  return markup`<path class="mark" d="M${x} ${lane * LANE + 2}V${bottom}" />\n`;
}

function markLabel({ x, text, lane, isLeft }: MarkLabel): Markup {
  const [place, from] = isLeft ? ['end', x - BESIDE] : ['', x + BESIDE];
  return markup`<text class="haloed ${place}" x="${from}" y="${lane * LANE + 12}">${text}</text>\n`;
}

/** What can't stand in the picture: the meaning of the colour, and what lies outside of it. */
function captionMarkup({ span, strips, marks }: TimelineBlock): Markup {
  const outside = marks.filter(({ at }) => !isOnAxis(span, at));
  const hasWindows = strips.some(({ windows }) => windows.length > 0);
  if (outside.length === 0 && !hasWindows) return NOTHING;
  const key = hasWindows ? markup`<span><i class="key"></i>runs</span>` : NOTHING;
  return markup`<figcaption>${key}${outside.map((mark) => markup`<span>${markShown(mark, span)}</span>`)}</figcaption>`;
}

/** The picture in words, for who can't see it. */
function toldOf({ span, unit, strips, marks }: TimelineBlock, ranges: readonly (AmountRange | undefined)[]): string {
  const told = strips.map(({ label, figures, windows }, index) => {
    const shown = windows.filter((window) => overlapOf(window, span) > 0);
    const runs = shown.slice(0, MOST_WINDOWS_TOLD).map((window) => intervalShown(window, span));
    const others = shown.length > runs.length ? ` and ${shown.length - runs.length} times more` : '';
    const range = figures.length > 0 ? ` ${rangeShown(ranges[index], unit)}` : '';
    return `${label}:${range}${runs.length > 0 ? ` runs ${runs.join(', ')}${others}` : ' nothing runs'}`;
  });
  return [...told, ...marks.map((mark) => markShown(mark, span))].join('; ');
}
