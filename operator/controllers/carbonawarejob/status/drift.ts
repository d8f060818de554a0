import type { ForeignField } from '../../../ports/workloads.ts';
import { fieldsOf } from '../template/unstructured.ts';

/** Fields of the Job that another hand made differ from the template. What was set back to the template's value is none. */
export function driftFrom(template: unknown, foreign: readonly ForeignField[]): readonly ForeignField[] {
  return foreign.filter(
    ({ path, value }) => path[0] !== 'spec' || templateValue(template, path, value.length) !== value,
  );
}

export function describeDrift(drift: readonly ForeignField[]): string {
  const fields = drift.map(({ path, setBy }) => `${path.join('.')} (by ${setBy})`);
  return `the Job differs from spec.template in ${fields.join(', ')}; it runs as it is, and goes by the template when it is made anew`;
}

/** As the value of the Job is told: JSON, cut. */
function templateValue(template: unknown, path: readonly string[], length: number): string | undefined {
  const value = path.reduce<unknown>((at, name) => fieldsOf(at)[name], template);
  return (JSON.stringify(value) as string | undefined)?.slice(0, Math.max(1, length));
}
