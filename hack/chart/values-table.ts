import { isMap, isNode, isScalar, parseDocument, type Pair, type YAMLMap } from 'yaml';

/** One value of a chart, as its README lists it. */
export interface ValueRow {
  /** e.g. `image.tag`. */
  readonly path: string;
  readonly byDefault: unknown;
  readonly description: string;
}

const MARK = '-- ';

/**
 * The values of a chart that have a description: a comment before them that begins with `# --`. What lies below a described one is its
 * default. Throws where a value has none, neither itself nor in all of what lies below it.
 */
export function readValues(yaml: string): readonly ValueRow[] {
  const { contents } = parseDocument(yaml);
  if (!isMap(contents)) throw new Error('the values are not an object');
  return rowsOf('', contents);
}

function rowsOf(path: string, map: YAMLMap): readonly ValueRow[] {
  return map.items.flatMap((pair, i) => rowsOfPair(path, pair, i === 0 ? map.commentBefore : undefined));
}

/** @param above comment that the parser gives to the object of which this is the first value */
function rowsOfPair(path: string, { key, value }: Pair, above: string | null | undefined): readonly ValueRow[] {
  if (!isScalar(key)) throw new Error(`below ${path} there is a key that is no text`);
  const own = path === '' ? String(key.value) : `${path}.${String(key.value)}`;
  const description = described(key.commentBefore ?? above ?? '');
  if (description === undefined) {
    if (isMap(value) && value.items.length > 0) return rowsOf(own, value);
    throw new Error(`${own} has no description: write a comment before it that begins with "# --"`);
  }
  return [{ path: own, byDefault: isNode(value) ? value.toJSON() : value, description }];
}

/** The text from the mark on; `undefined` where there is no mark. */
function described(comment: string): string | undefined {
  const lines = comment.split('\n').map((line) => line.trim());
  const from = lines.findLastIndex((line) => line.startsWith(MARK));
  return from < 0 ? undefined : lines.slice(from).join(' ').slice(MARK.length);
}
