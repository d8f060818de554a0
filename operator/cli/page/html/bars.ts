import type { BarsBlock } from '../page.ts';
import { commonScale, rangeOf, shareOf } from '../scale/amounts.ts';
import { markup, NOTHING, type Markup } from './markup.ts';
import { fitted, PICTURE_WIDTH, textWidth } from './picture.ts';
import { scrolling } from './scrolling.ts';

const ROW = 26;
const BAR = 16;
const GAP = 10;
const WIDEST_LABEL = 300;
const WIDEST_SHOWN = 160;

type Bar = BarsBlock['bars'][number];

/** Bars from one zero, each between its label and its amount. */
export function barsFigure({ title, bars }: BarsBlock): Markup {
  const places = placesOf(bars);
  const height = bars.length * ROW + 2;
  const told = `${title}: ${bars.map(({ label, shown }) => `${label} ${shown}`).join(', ')}`;
  const picture = markup`
<svg viewBox="0 0 ${PICTURE_WIDTH} ${height}" role="img" aria-label="${told}">
<title>${title}</title>
${bars.map((bar, index) => barMarkup(bar, index * ROW + ROW / 2, places))}<path class="axis" d="M${places.xOf(0)} 0V${height}" />
</svg>`;
  return markup`<figure><figcaption class="title">${title}</figcaption>${scrolling(title, picture)}</figure>`;
}

interface Places {
  /** Where the labels end. */
  readonly labelsEnd: number;
  readonly xOf: (amount: number) => number;
}

/** Amounts stand at the ends of their bars, so that there is room for them on both sides where there are bars. */
function placesOf(bars: readonly Bar[]): Places {
  const scale = commonScale([rangeOf(bars.map(({ value }) => value))]);
  const labelsEnd = Math.min(WIDEST_LABEL, Math.max(0, ...bars.map(({ label }) => textWidth(label))));
  const shown = Math.min(WIDEST_SHOWN, Math.max(0, ...bars.map((bar) => textWidth(bar.shown)))) + GAP;
  const from = labelsEnd + GAP + (scale.from < 0 ? shown : 0);
  const to = PICTURE_WIDTH - shown;
  return { labelsEnd, xOf: (amount) => from + shareOf(amount, scale) * (to - from) };
}

function barMarkup(bar: Bar, y: number, { labelsEnd, xOf }: Places): Markup {
  const { label, shown, tone = 'plain' } = bar;
  const value = Number.isFinite(bar.value) ? bar.value : 0;
  const [zero, end] = [xOf(0), xOf(value)];
  // What is more than nothing is seen.
  const width = value === 0 ? 0 : Math.max(1, Math.abs(end - zero));
  const left = value < 0 ? zero - width : zero;
  const textTone = tone === 'plain' || tone === 'strong' ? '' : tone;
  const amount =
    value < 0
      ? markup`<text class="end ${textTone}" x="${left - 6}" y="${y + 4}">${fitted(shown, WIDEST_SHOWN)}</text>`
      : markup`<text class="${textTone}" x="${left + width + 6}" y="${y + 4}">${fitted(shown, WIDEST_SHOWN)}</text>`;
  const rectangle = markup`<rect class="bar ${tone}" x="${left}" y="${y - BAR / 2}" width="${width}" height="${BAR}" />`;
  return markup`<g><title>${label}: ${shown}</title>
<text class="end ${tone === 'dim' ? 'dim' : ''}" x="${labelsEnd}" y="${y + 4}">${fitted(label, WIDEST_LABEL)}</text>
${width > 0 ? rectangle : NOTHING}${amount}</g>
`;
}
