import type { NodeRequirement } from '../../../ports/node-selection.ts';

/** On a Job: number of the attempt that it was last started for. */
export const ATTEMPT_ANNOTATION = 'sunward.dev/attempt';
/** On a Job: the nodes that the operator asked for then, as a label selector. */
export const PLACED_ON_ANNOTATION = 'sunward.dev/placed-on';
/** On a Job: names of the nodes that the operator preferred then. */
export const PREFERS_ANNOTATION = 'sunward.dev/prefers-nodes';
/** On a Job that is suspended: why the operator did that, as a reason. */
export const SUSPENDED_FOR_ANNOTATION = 'sunward.dev/suspended-for';

/** What the operator notes on a Job and reads again. */
export const NOTED_ANNOTATIONS: readonly string[] = [
  ATTEMPT_ANNOTATION,
  PLACED_ON_ANNOTATION,
  PREFERS_ANNOTATION,
  SUSPENDED_FOR_ANNOTATION,
];

/** `label=value,label=value`: labels and their values hold neither sign. */
export function formatPlacement(placement: readonly NodeRequirement[]): string {
  return placement.map(({ label, value }) => `${label}=${value}`).join(',');
}

export function parsePlacement(text: string | undefined): readonly NodeRequirement[] {
  if (text === undefined || text === '') return [];
  return text.split(',').map((requirement) => {
    const [label = '', value = ''] = requirement.split('=');
    return { label, value };
  });
}

/** `name,name`: names of nodes hold no comma. `null`, which takes an annotation away, where there is none. */
export function formatNodes(nodes: readonly string[]): string | null {
  return nodes.length === 0 ? null : nodes.join(',');
}

/** `undefined` where the annotation is missing or empty. */
export function parseNodes(text: string | undefined): readonly string[] | undefined {
  return text === undefined || text === '' ? undefined : text.split(',');
}

/** `undefined` where the annotation is missing or is no number. */
export function parseAttempt(text: string | undefined): number | undefined {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}
