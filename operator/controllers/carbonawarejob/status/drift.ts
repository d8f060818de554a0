import { CARBON_AWARE_JOB_LABEL } from '../../../api/v1alpha1/labels.ts';
import type { Workload } from '../../../ports/workloads.ts';
import { fieldsOf } from '../../pod-spec/unstructured.ts';

/**
 * What of the Job is not as the operator made it: fields that another hand made differ from the template, and our label.
 * What was set back to the template's value is none.
 */
export function driftOf(workload: Workload, name: string, template: unknown): readonly string[] {
  const fields = workload.foreignFields
    .filter(({ path, value }) => path[0] === 'spec' && templateValue(template, path, value.length) !== value)
    .map(({ path, setBy }) => `${path.join('.')} (by ${setBy})`);
  const label = workload.metadata.labels?.[CARBON_AWARE_JOB_LABEL];
  return label === name ? fields : [...fields, `the label ${CARBON_AWARE_JOB_LABEL}, which should be ${name}`];
}

export function describeDrift(drift: readonly string[]): string {
  return `the Job differs from what Sunward made in ${drift.join(', ')}; it runs as it is`;
}

/** As the value of the Job is told: JSON, cut. */
function templateValue(template: unknown, path: readonly string[], length: number): string | undefined {
  const value = path.reduce<unknown>((at, name) => fieldsOf(at)[name], template);
  return (JSON.stringify(value) as string | undefined)?.slice(0, Math.max(1, length));
}
