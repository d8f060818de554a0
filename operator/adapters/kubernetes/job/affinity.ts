import type { NodeRequirement, NodeSelectorRequirement, NodeSelectorTerm } from '../../../ports/node-selection.ts';

/**
 * The terms with a requirement more. Terms are ORed and expressions within a term ANDed, so ours goes into every term:
 * a term of its own would loosen the rule. An empty term matches no node and stays empty.
 * @param terms `undefined`: no affinity, every node is admitted
 */
export function placedTerms(
  terms: readonly NodeSelectorTerm[] | undefined,
  placement: readonly NodeRequirement[],
): readonly NodeSelectorTerm[] | undefined {
  if (placement.length === 0) return terms;
  const ours = placement.map(expressionOf);
  if (terms === undefined) return [{ matchExpressions: ours }];
  return terms.map((term) =>
    matchesNothing(term) ? term : { ...term, matchExpressions: [...(term.matchExpressions ?? []), ...ours] },
  );
}

/** The terms as they were before {@link placedTerms} with the same placement; what others have changed since then stays. */
export function unplacedTerms(
  terms: readonly NodeSelectorTerm[] | undefined,
  placement: readonly NodeRequirement[],
): readonly NodeSelectorTerm[] | undefined {
  if (terms === undefined || placement.length === 0) return terms;
  const ours = placement.map(expressionOf);
  const before = terms.map((term) => withoutTail(term, ours));
  const [only] = before;
  const oursAlone = before.length === 1 && only !== terms[0] && only !== undefined && matchesNothing(only);
  return oursAlone ? undefined : before;
}

function expressionOf({ label, value }: NodeRequirement): NodeSelectorRequirement {
  return { key: label, operator: 'In', values: [value] };
}

function matchesNothing(term: NodeSelectorTerm): boolean {
  return (term.matchExpressions ?? []).length === 0 && (term.matchFields ?? []).length === 0;
}

function withoutTail(term: NodeSelectorTerm, tail: readonly NodeSelectorRequirement[]): NodeSelectorTerm {
  const expressions = term.matchExpressions ?? [];
  const at = expressions.length - tail.length;
  if (at < 0 || !tail.every((expression, i) => sameExpression(expression, expressions[at + i]))) return term;
  const { matchExpressions: _, ...fields } = term;
  return at === 0 ? fields : { ...fields, matchExpressions: expressions.slice(0, at) };
}

function sameExpression(a: NodeSelectorRequirement, b: NodeSelectorRequirement | undefined): boolean {
  return a.key === b?.key && a.operator === b.operator && a.values?.length === 1 && b.values?.[0] === a.values[0];
}
