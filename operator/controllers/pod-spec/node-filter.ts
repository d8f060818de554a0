import { fieldsAt, fieldsOf, itemsOf, textOf, textsOf, type Fields } from './unstructured.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';

/** The fields of a PodSpec that say on which nodes its pods may be; of any shape. */
export interface NodeFilter {
  readonly nodeSelector?: unknown;
  readonly affinity?: unknown;
}

/** Nothing else of a PodSpec; `undefined` where its pods may be on any node. */
export function nodeFilterOf({ affinity, nodeSelector }: NodeFilter): NodeFilter | undefined {
  const required = fieldsAt(affinity, 'nodeAffinity')[REQUIRED];
  if (required === undefined && nodeSelector === undefined) return undefined;
  return { nodeSelector, affinity: { nodeAffinity: { [REQUIRED]: required } } };
}

/**
 * Which of these values of one node label the node selector and the required affinity leave. Other labels are taken as met: pods
 * that then find no node are planned anew. `undefined`: all of them are left.
 */
export function admittedValues(
  pods: NodeFilter,
  label: string,
  values: readonly string[],
): readonly string[] | undefined {
  const selected = textOf(fieldsOf(pods['nodeSelector'])[label]);
  const terms = requiredTerms(pods);
  const admitted = values.filter(
    (value) =>
      (selected === undefined || selected === value) &&
      (terms === undefined || terms.some((term) => termAdmits(term, label, value))),
  );
  return admitted.length === values.length ? undefined : admitted;
}

function requiredTerms({ affinity }: NodeFilter): readonly Fields[] | undefined {
  const required = fieldsAt(affinity, 'nodeAffinity')[REQUIRED];
  return required === undefined || required === null ? undefined : itemsOf(fieldsOf(required)['nodeSelectorTerms']);
}

/** A term that lists nothing matches no node. */
function termAdmits(term: Fields, label: string, value: string): boolean {
  const expressions = itemsOf(term['matchExpressions']);
  if (expressions.length === 0) return itemsOf(term['matchFields']).length > 0;
  return expressions.every((expression) => expression['key'] !== label || holds(expression, value));
}

function holds(expression: Fields, value: string): boolean {
  const values = textsOf(expression['values']);
  switch (expression['operator']) {
    case 'In':
      return values.includes(value);
    case 'NotIn':
      return !values.includes(value);
    case 'DoesNotExist':
      return false;
    case 'Gt':
      return Number(value) > Number(values[0]);
    case 'Lt':
      return Number(value) < Number(values[0]);
    default:
      return true;
  }
}
