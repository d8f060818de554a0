/** HTML that is ready: what was text in it is escaped. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Part = Markup | string | number | readonly Markup[];

/**
 * HTML from a template. Strings are escaped for text and quoted attributes alike, so that no name can become markup; numbers are
 * coordinates, to a tenth of a pixel.
 */
export function markup(template: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(template.map((source, index) => source + sourceOf(parts[index] ?? '')).join(''));
}

export const NOTHING = new Markup('');

/** Without zeros that say nothing: `12.3`, `12`, `0`. */
export function pixels(value: number): string {
  return String(Math.round(value * 10) / 10 + 0);
}

function sourceOf(part: Part): string {
  if (typeof part === 'string') return escaped(part);
  if (typeof part === 'number') return pixels(part);
  return part instanceof Markup ? part.source : part.map(({ source }) => source).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
