import type { PreferredSchedulingTerm } from '../../../ports/node-selection.ts';

/**
 * Of the first node; each further one has one less. Alone any weight counts the same, since the scheduler compares nodes by
 * what the best of them reaches. Beside a preference of the user's, which may weigh up to 100, ours counts half as much.
 */
const FIRST_WEIGHT = 50;

/** The terms with one more for each node, at the end; `undefined`: there is none. */
export function preferring(
  terms: readonly PreferredSchedulingTerm[] | undefined,
  nodes: readonly string[],
): readonly PreferredSchedulingTerm[] | undefined {
  const all = [...(terms ?? []), ...termsOf(nodes)];
  return all.length === 0 ? undefined : all;
}

/** The terms as they were before {@link preferring} the same nodes; what others have added or changed since then stays. */
export function notPreferring(
  terms: readonly PreferredSchedulingTerm[] | undefined,
  nodes: readonly string[],
): readonly PreferredSchedulingTerm[] | undefined {
  const left = [...(terms ?? [])];
  for (const ours of termsOf(nodes)) {
    // The last one that is like it: one of the user's own would stand before it.
    const at = left.findLastIndex((term) => sameTerm(term, ours));
    if (at >= 0) left.splice(at, 1);
  }
  return left.length === 0 ? undefined : left;
}

/** By its name as an object: the label `kubernetes.io/hostname` may have another. The API server takes one name a term. */
function termsOf(nodes: readonly string[]): readonly PreferredSchedulingTerm[] {
  return nodes.map((node, k) => ({
    weight: Math.max(1, FIRST_WEIGHT - k),
    preference: { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] },
  }));
}

function sameTerm({ weight, preference }: PreferredSchedulingTerm, ours: PreferredSchedulingTerm): boolean {
  const { matchExpressions = [], matchFields = [] } = preference;
  const [field] = matchFields;
  const [wanted] = ours.preference.matchFields ?? [];
  return (
    weight === ours.weight &&
    matchExpressions.length === 0 &&
    matchFields.length === 1 &&
    field?.key === wanted?.key &&
    field?.operator === wanted?.operator &&
    field?.values?.length === 1 &&
    field.values[0] === wanted?.values?.[0]
  );
}
