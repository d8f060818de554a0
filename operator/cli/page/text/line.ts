import type { Tone } from '../page.ts';
import { shortened, widthOf } from '../words/plain-text.ts';

export interface Segment {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** A line of a terminal. Every character is one column wide. */
export type Line = readonly Segment[];

const ESCAPE = '\u001B[';
const CODES: Readonly<Record<Tone, number>> = { strong: 1, dim: 2, bad: 31, good: 32, warning: 33 };

/** Text in exactly `width` columns; what is too long ends with an ellipsis. */
export function cell(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const fitting = shortened(text, width);
  const space = ' '.repeat(Math.max(0, width - widthOf(fitting)));
  return align === 'right' ? `${space}${fitting}` : `${fitting}${space}`;
}

/** A piece of a line of whatever tones a view has. */
interface Toned {
  readonly text: string;
  readonly tone?: unknown;
}

/** Neighbours of one tone as one segment, so that a line has few colours to change. */
export function joined<S extends Toned>(segments: readonly S[]): readonly S[] {
  const result: S[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (last !== undefined && last.tone === segment.tone) {
      result[result.length - 1] = { ...last, text: last.text + segment.text };
    } else result.push(segment);
  }
  return result;
}

/** What a terminal gets: without spaces at the end, with escape codes only for `colours`. */
export function printed(line: Line, colours: boolean): string {
  const segments = line.slice(0, line.findLastIndex(({ text }) => text.trim() !== '') + 1);
  return segments
    .map(({ text, tone }, index) => {
      const shown = index === segments.length - 1 ? text.trimEnd() : text;
      return colours && tone !== undefined ? `${ESCAPE}${CODES[tone]}m${shown}${ESCAPE}0m` : shown;
    })
    .join('');
}
