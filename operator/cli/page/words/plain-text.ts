import type { Page } from '../page.ts';

/**
 * The page with every text in one line of printable characters. Names and messages come from a cluster that others write to: an
 * escape code in one would command the reader's terminal, a mark of writing direction would turn the words around it.
 */
export function withPlainText(page: Page): Page {
  // Strings become strings and nothing else changes, so that the shape stays.
  return mapped(page) as Page;
}

/** The text in one line: controls and line breaks become spaces, invisible marks go, a space follows no other. */
export function plainText(text: string): string {
  return text
    .replace(/\p{Cf}/gu, '')
    .replace(/\p{Cs}/gu, '\u{FFFD}')
    .replace(/[\p{Cc}\p{Zl}\p{Zp} ]+/gu, ' ')
    .trim();
}

/** The columns of a terminal that a text takes, one a character. */
export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** The text itself, or where it is wider than `width` its beginning with an ellipsis. */
export function shortened(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  return width < 1 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}

function mapped(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapped(one)]));
}
