import type { Parsed } from '../../../domain/parsed.ts';

/** PromQL of a zone. */
export type QueryOf = (zone: string) => string;

const PLACEHOLDER = '{zone}';
/** A comment, a matcher's operator, a string in each of its three quotes, or anything else, one character at a time. */
const TOKEN = /#[^\n]*|=~|!~|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|[^]/g;

/**
 * Reads PromQL with `{zone}` in place of the zone, e.g. `avg_over_time(grid_intensity_carbon_average{location="{zone}"}[1h])`.
 * The zone comes into a string literal, and whatever is in it can't leave it: quotes and backslashes are escaped, after `=~`
 * and `!~` what is special to regular expressions as well. https://prometheus.io/docs/prometheus/latest/querying/basics/
 */
export function parseQueryTemplate(text: string): Parsed<QueryOf> {
  const pieces: ((zone: string) => string)[] = [];
  let isRegex = false;
  let places = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    const isQuoted = /^["']/.test(token);
    if (isQuoted && token.includes(PLACEHOLDER)) {
      places += 1;
      pieces.push(filledInto(token, isRegex));
    } else if (token.startsWith('`') && token.includes(PLACEHOLDER)) {
      return { ok: false, message: `${PLACEHOLDER} is within backticks in "${text}"; write it within double quotes` };
    } else {
      pieces.push(() => token);
    }
    if (!/^\s/.test(token) && !token.startsWith('#')) isRegex = token === '=~' || token === '!~';
  }
  if (places > 0) return { ok: true, value: (zone) => pieces.map((piece) => piece(zone)).join('') };
  const example = `location="${PLACEHOLDER}"`;
  return {
    ok: false,
    message: `"${text}" has no ${PLACEHOLDER} within quotes, so that all zones would get one answer; write a matcher like ${example}`,
  };
}

function filledInto(literal: string, isRegex: boolean): QueryOf {
  return (zone) => literal.replaceAll(PLACEHOLDER, () => escaped(isRegex ? regexQuoted(zone) : zone));
}

function regexQuoted(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`);
}

/** In numbers, which both kinds of quotes take: `\"` is an error within single ones. */
function escaped(text: string): string {
  return text.replaceAll(
    /[\\"'\u0000-\u001f\u007f]/g,
    (character) => String.raw`\x${(character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`,
  );
}
