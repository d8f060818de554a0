import { readFile } from 'node:fs/promises';
import { parse, stringify } from 'yaml';

interface Rule {
  readonly record?: string;
  readonly expr: string;
}

interface Group {
  readonly name: string;
  readonly rules: readonly Rule[];
}

/**
 * The recording rules of some files, as rule files that can be evaluated one after the other over the same past: what a rule asks
 * for of others is in a file before its own. Alerts are left out.
 * @throws Error where rules ask for each other in a circle
 */
export async function recordingLevels(paths: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
  const groups = texts.flatMap((text) => (parse(text) as { readonly groups: readonly Group[] }).groups);
  const recorded = new Set(groups.flatMap(({ rules }) => rules.flatMap(({ record }) => record ?? [])));
  const asks = ({ expr }: Rule): readonly string[] => [...recorded].filter((name) => namesIn(expr).has(name));
  const levels: string[] = [];
  const done = new Set<string>();
  while (done.size < recorded.size) {
    const next = groups.flatMap(({ name, rules: all }) => {
      const rules = all.filter((rule) => isNext(rule, { done, asks }));
      return rules.length === 0 ? [] : [{ name, rules }];
    });
    if (next.length === 0) throw new Error(`rules of ${paths.join(', ')} ask for each other in a circle`);
    levels.push(stringify({ groups: next }));
    for (const { record } of next.flatMap(({ rules }) => rules)) if (record !== undefined) done.add(record);
  }
  return levels;
}

function isNext(
  rule: Rule,
  { done, asks }: { done: ReadonlySet<string>; asks: (rule: Rule) => readonly string[] },
): boolean {
  return rule.record !== undefined && !done.has(rule.record) && asks(rule).every((name) => done.has(name));
}

/** Everything in an expression that could be the name of a series. */
function namesIn(expr: string): ReadonlySet<string> {
  return new Set(expr.match(/[a-zA-Z_:][\w:]*/g) ?? []);
}
