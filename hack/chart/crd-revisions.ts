import { createHash } from 'node:crypto';
import { parse } from 'yaml';

/** By name of the definition, the last revision and what it was. */
export type Revisions = Readonly<Record<string, { readonly revision: number; readonly sha256: string }>>;

/** Annotation of a definition: a whole number, one more with each change, by which an older one is known. */
const REVISION_ANNOTATION = 'sunward.dev/revision';

const LINE = /^( {4}sunward\.dev\/revision: )'(\d+)'$/m;

interface Definition {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
}

/**
 * A definition with the revision that it ought to have: the recorded one, or the next where its content is another.
 * Throws where the YAML has no line for it.
 */
export function revised(yaml: string, known: Revisions): { readonly yaml: string; readonly revisions: Revisions } {
  const { metadata } = parse(yaml) as Definition;
  const { name, annotations } = metadata;
  if (annotations?.[REVISION_ANNOTATION] === undefined || !LINE.test(yaml)) {
    throw new Error(`definition ${name} has no line ${REVISION_ANNOTATION}: '0' below metadata.annotations; add it`);
  }
  const sha256 = createHash('sha256')
    .update(JSON.stringify(parse(yaml.replace(LINE, "$1'0'"))))
    .digest('hex');
  const before = known[name];
  const revision = before?.sha256 === sha256 ? before.revision : (before?.revision ?? 0) + 1;
  return {
    yaml: yaml.replace(LINE, `$1'${String(revision)}'`),
    revisions: { ...known, [name]: { revision, sha256 } },
  };
}
