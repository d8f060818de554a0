import { isAlias, LineCounter, parseAllDocuments, parseDocument, type Document } from 'yaml';
import { UsageError } from './answer.ts';
import { wordsOf } from './error-text.ts';

/** More would be a small file that becomes a huge object. */
const MOST_ALIASES = 100;

/**
 * What a text of one YAML document holds (JSON is one as well); empty: `undefined`. Throws {@link UsageError} with line and column.
 * @param origin how the user calls the text, e.g. its path
 */
export function yamlDocument(text: string, origin: string): unknown {
  const lineCounter = new LineCounter();
  return valuesOf([parseDocument(text, { lineCounter, prettyErrors: false })], lineCounter, origin)[0];
}

/** What each of the documents of a text holds; empty ones are left out. As above otherwise. */
export function yamlDocuments(text: string, origin: string): readonly unknown[] {
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false });
  return valuesOf(Array.isArray(documents) ? documents : [], lineCounter, origin);
}

function valuesOf(documents: readonly Document[], lineCounter: LineCounter, origin: string): readonly unknown[] {
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new UsageError(`${origin}, line ${String(line)}, column ${String(col)}: ${error.message}`);
  }
  const filled = documents.filter(({ contents }) => contents !== null && !isAlias(contents));
  try {
    return filled.map((document) => document.toJS({ maxAliasCount: MOST_ALIASES }) as unknown);
  } catch (cause) {
    throw new UsageError(`${origin}: ${wordsOf(cause)}`, { cause });
  }
}
