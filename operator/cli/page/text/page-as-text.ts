import type { Block, FactsBlock, Page, Tone } from '../page.ts';
import { emptyTableShown } from '../words/empty-table.ts';
import { widthOf, withPlainText } from '../words/plain-text.ts';
import { barLines } from './bars.ts';
import { printed, type Line } from './line.ts';
import { tableLines } from './table.ts';
import { timelineLines } from './timeline.ts';
import { sideBySide, wrapped } from './wrapped.ts';

/** Less has no room for a picture beside its labels. */
const LEAST_COLUMNS = 60;
/** Longer lines of prose are hard to read. */
const WIDEST_PROSE = 100;
const NAME_SHARE = 0.35;

/**
 * The page for a terminal, with a line break at its end.
 * @param options.columns how wide the terminal is, in characters of width one; under 60 the page is 60 wide
 * @param options.colours whether tones become escape codes
 */
export function pageAsText(page: Page, options: { readonly columns: number; readonly colours: boolean }): string {
  const room = Math.max(LEAST_COLUMNS, Math.floor(options.columns));
  const { title, blocks } = withPlainText(page);
  const lines = [...prose(title, room, 'strong')];
  blocks.forEach((block, index) => {
    // What a heading is about stands directly below it.
    if (blocks[index - 1]?.kind !== 'heading') lines.push([]);
    lines.push(...linesOf(block, room));
  });
  return lines.map((line) => `${printed(line, options.colours)}\n`).join('');
}

function linesOf(block: Block, room: number): readonly Line[] {
  switch (block.kind) {
    case 'heading':
      return prose(block.text, room, 'strong');
    case 'text':
      return prose(block.text, room, block.tone);
    case 'list':
      return block.items.flatMap((text) => {
        return sideBySide({ text: '•', width: 1 }, { text }, Math.min(room, WIDEST_PROSE));
      });
    case 'facts':
      return factLines(block, room);
    case 'table':
      return block.rows.length === 0 ? prose(emptyTableShown(block), room, 'dim') : tableLines(block, room);
    case 'timeline':
      return timelineLines(block, room);
    case 'bars':
      return barLines(block, room);
  }
}

function prose(text: string, room: number, tone: Tone | undefined): readonly Line[] {
  return wrapped(text, Math.min(room, WIDEST_PROSE)).map((line): Line => [{ text: line, tone }]);
}

function factLines({ facts }: FactsBlock, room: number): readonly Line[] {
  const longest = Math.max(0, ...facts.map(({ name }) => widthOf(name)));
  const width = Math.max(1, Math.min(Math.floor(room * NAME_SHARE), longest));
  return facts.flatMap(({ name, value, tone }) => {
    return sideBySide({ text: name, width, tone: 'dim' }, { text: value, tone }, Math.min(room, WIDEST_PROSE));
  });
}
