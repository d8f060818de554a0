import { textOf, type Line, type Tone } from './line.ts';

/** Where the demo prints. A terminal, a file, a pipe, or what a test puts there. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

const ESCAPE = '\u001b[';
const CODES: Readonly<Record<Tone, string>> = {
  bold: '1',
  dim: '2',
  clean: '32',
  middling: '33',
  dirty: '31',
  good: '32',
  bad: '31;1',
};
const HIDE_CURSOR = `${ESCAPE}?25l`;
const SHOW_CURSOR = `${ESCAPE}?25h`;
const CLEAR_TO_END_OF_LINE = `${ESCAPE}K`;
const CLEAR_BELOW = `${ESCAPE}J`;
const DEFAULT_COLUMNS = 100;
const DEFAULT_ROWS = 24;

/** Prints lines, and on a terminal a view that is drawn over and over in the same place. */
export class Screen {
  readonly #output: Output;
  readonly #colours: boolean;
  #drawn = 0;

  constructor(output: Output, options: { readonly colours: boolean }) {
    this.#output = output;
    this.#colours = options.colours;
  }

  get size(): { readonly columns: number; readonly rows: number } {
    return { columns: this.#output.columns ?? DEFAULT_COLUMNS, rows: this.#output.rows ?? DEFAULT_ROWS };
  }

  print(line: Line | string = ''): void {
    this.#output.write(`${typeof line === 'string' ? line : this.#painted(line)}\n`);
  }

  /** Draws the view over the one before it. */
  draw(lines: readonly Line[]): void {
    const up = this.#drawn === 0 ? HIDE_CURSOR : `${ESCAPE}${this.#drawn}A`;
    const text = lines.map((line) => `${this.#painted(line)}${CLEAR_TO_END_OF_LINE}\n`).join('');
    this.#output.write(`${up}\r${text}${CLEAR_BELOW}`);
    this.#drawn = lines.length;
  }

  /** The last view stays where it is; what is printed comes below. */
  endDrawing(): void {
    if (this.#drawn > 0) this.#output.write(SHOW_CURSOR);
    this.#drawn = 0;
  }

  #painted(line: Line): string {
    if (!this.#colours) return textOf(line).trimEnd();
    return line
      .map(({ text, tone }) => (tone === undefined ? text : `${ESCAPE}${CODES[tone]}m${text}${ESCAPE}0m`))
      .join('');
  }
}
