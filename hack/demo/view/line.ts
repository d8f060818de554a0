/** What a piece of text means; the terminal makes a colour of it. */
export type Tone = 'bold' | 'dim' | 'clean' | 'middling' | 'dirty' | 'good' | 'bad';

export interface Segment {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** One line of a view. All characters that the demo prints are one column wide. */
export type Line = readonly Segment[];

/** Text in a cell of exactly `width` columns; what is too long ends with an ellipsis. */
export function cell(text: string, width: number, options: { tone?: Tone | undefined; right?: boolean } = {}): Segment {
  const fitting = cut(text, width);
  const padded = options.right === true ? fitting.padStart(width) : fitting.padEnd(width);
  return { text: padded, tone: options.tone };
}

/** Cells with a space between them. */
export function row(...cells: readonly Segment[]): Line {
  return cells.flatMap((one, index) => (index === 0 ? [one] : [{ text: ' ' }, one]));
}

export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + text.length, 0);
}

/** The line, cut where it would be wider than `width`. */
export function fitted(line: Line, width: number): Line {
  const fitting: Segment[] = [];
  let left = width;
  for (const segment of line) {
    const length = segment.text.length;
    if (length > left) {
      if (left > 0) fitting.push({ ...segment, text: cut(segment.text, left) });
      return fitting;
    }
    fitting.push(segment);
    left -= length;
  }
  return fitting;
}

/** A sentence over several lines of at most `width`, broken between words. */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  return width <= 1 ? '…'.slice(0, width) : `${text.slice(0, width - 1)}…`;
}
