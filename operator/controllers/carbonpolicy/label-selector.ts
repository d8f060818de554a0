import type { LabelRequirement } from '../../api/v1alpha1/parse/carbon-policy.ts';

type Labels = Readonly<Record<string, string>>;

/** True where the labels meet every requirement; so does anything where there is none. */
export function matchesAll(requirements: readonly LabelRequirement[], labels: Labels): boolean {
  return requirements.every((requirement) => matches(requirement, labels));
}

/** As `metav1.LabelSelector` has it: `NotIn` holds for an object that lacks the label. */
function matches({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
