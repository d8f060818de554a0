import { findCondition } from '../../api/v1alpha1/conditions.ts';
import { refusalOf, type JobRecord } from '../../controllers/carbonawarejob/job-record.ts';
import { toldBy } from '../world/told.ts';

/** Why the planner has nothing to say about a job, in words that go on after a colon. */
export function whyNotPlanned(record: JobRecord | undefined): string {
  if (record === undefined) return 'there is no such job';
  const refusal = refusalOf(record);
  if (refusal !== undefined) return refusal.message;
  const { conditions } = record.status;
  for (const type of ['Complete', 'Failed'] as const) {
    const condition = findCondition(conditions, type);
    if (condition?.status === 'True') return `it is over (${type}: ${toldBy(condition).message})`;
  }
  const accepted = findCondition(conditions, 'Accepted');
  if (accepted?.status === 'False') return toldBy(accepted).message;
  if (record.metadata.deletionTimestamp !== undefined) return 'it is being deleted';
  if (record.spec.ok && record.spec.value.suspend) return 'spec.suspend holds it; set it to false';
  const running = findCondition(conditions, 'Running');
  if (running?.reason === 'SuspendedByOther') return `somebody else has suspended its Job (${toldBy(running).message})`;
  return 'somebody else has suspended its Job, or nothing is known of the intensity that its policy plans by';
}
