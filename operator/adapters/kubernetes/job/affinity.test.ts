import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NodeRequirement, NodeSelectorRequirement, NodeSelectorTerm } from '../../../ports/node-selection.ts';
import { placedTerms, unplacedTerms } from './affinity.ts';

interface Node {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The scheduler's rules for required node affinity, as the Kubernetes documentation gives them. */
function admits(terms: readonly NodeSelectorTerm[] | undefined, node: Node): boolean {
  if (terms === undefined) return true;
  return terms.some((term) => {
    const expressions = term.matchExpressions ?? [];
    const fields = term.matchFields ?? [];
    if (expressions.length + fields.length === 0) return false;
    return (
      expressions.every((expression) => holds(expression, node.labels[expression.key])) &&
      fields.every((field) => holds(field, field.key === 'metadata.name' ? node.name : undefined))
    );
  });
}

function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    default:
      throw new Error(`no such operator: ${operator}`);
  }
}

const REGION = 'topology.kubernetes.io/region';
const PRODUCT = 'nvidia.com/gpu.product';
const labels = fc.constantFrom(REGION, PRODUCT, 'disk', 'generation');
const values = fc.constantFrom('north', 'south', 'h100', 'a100', '1', '2', '3');

const setExpression = fc.record({
  key: labels,
  operator: fc.constantFrom('In', 'NotIn'),
  values: fc.uniqueArray(values, { minLength: 1, maxLength: 3 }),
});
const existence = fc.record({ key: labels, operator: fc.constantFrom('Exists', 'DoesNotExist') });
const comparison = fc.record({
  key: labels,
  operator: fc.constantFrom('Gt', 'Lt'),
  values: fc.constantFrom(['1'], ['2']),
});
const nameField = fc.record({
  key: fc.constant('metadata.name'),
  operator: fc.constantFrom('In', 'NotIn'),
  values: fc.constantFrom(['node-1'], ['node-2']),
});
const term: fc.Arbitrary<NodeSelectorTerm> = fc.record(
  {
    matchExpressions: fc.array(fc.oneof(setExpression, existence, comparison), { maxLength: 3 }),
    matchFields: fc.array(nameField, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);
const affinity = fc.option(fc.array(term, { minLength: 1, maxLength: 4 }), { nil: undefined });
const placement: fc.Arbitrary<readonly NodeRequirement[]> = fc.oneof(
  values.map((region) => [{ label: REGION, value: region }]),
  fc.tuple(values, values).map(([region, product]) => [
    { label: REGION, value: region },
    { label: PRODUCT, value: product },
  ]),
);
const nodes: fc.Arbitrary<Node> = fc.record({
  name: fc.constantFrom('node-1', 'node-2', 'node-3'),
  labels: fc.dictionary(labels, values, { maxKeys: 4 }),
});
const meets = (node: Node, wanted: readonly NodeRequirement[]): boolean =>
  wanted.every(({ label, value }) => node.labels[label] === value);

describe('placing a job on nodes', () => {
  test('admits exactly those nodes of before that meet the placement', () => {
    fc.assert(
      fc.property(affinity, placement, fc.array(nodes, { minLength: 1, maxLength: 20 }), (before, wanted, cluster) => {
        const after = placedTerms(before, wanted);
        for (const node of cluster) {
          expect(admits(after, node)).toBe(admits(before, node) && meets(node, wanted));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('is undone without a trace, so that a job can be placed again elsewhere', () => {
    fc.assert(
      fc.property(affinity, placement, nodes, (before, wanted, node) => {
        const undone = unplacedTerms(placedTerms(before, wanted), wanted);
        expect(undone === undefined).toBe(before === undefined);
        expect(admits(undone, node)).toBe(admits(before, node));
      }),
      { numRuns: 1_000 },
    );
  });

  test('puts the region into every term that the user has', () => {
    const user = [
      { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }] },
    ];
    const region = { key: REGION, operator: 'In', values: ['eu-north-1'] };

    expect(placedTerms(user, [{ label: REGION, value: 'eu-north-1' }])).toEqual([
      { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }, region] },
      { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-1'] }], matchExpressions: [region] },
    ]);
  });

  test('leaves a term that matches no node as it is, so that it goes on matching none', () => {
    expect(placedTerms([{}], [{ label: REGION, value: 'eu-north-1' }])).toEqual([{}]);
    expect(unplacedTerms([{}], [{ label: REGION, value: 'eu-north-1' }])).toEqual([{}]);
  });

  test('keeps what someone else has changed since the job was placed', () => {
    const changed = [{ matchExpressions: [{ key: 'disk', operator: 'Exists' }] }];
    expect(unplacedTerms(changed, [{ label: REGION, value: 'eu-north-1' }])).toEqual(changed);
  });
});
