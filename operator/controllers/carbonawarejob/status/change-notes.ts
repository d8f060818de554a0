import type { CarbonAwareJobStatus } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { findCondition, type JobConditionType } from '../../../api/v1alpha1/conditions.ts';
import type { EventNote } from '../../../ports/events.ts';
import { mindChanged } from './material.ts';
import type { DurationMs } from '../../../domain/units.ts';

/** What people are told of a status that changed: an event for every change of mind. */
export function changeNotes(
  before: CarbonAwareJobStatus,
  after: CarbonAwareJobStatus,
  slot: DurationMs,
): readonly EventNote[] {
  const became = (type: JobConditionType, status: 'True' | 'False'): string | undefined => {
    const now = findCondition(after.conditions, type);
    const then = findCondition(before.conditions, type);
    const isNew = now?.status === status && (then?.status !== status || then.reason !== now.reason);
    return isNew ? `${now.reason}: ${now.message}` : undefined;
  };
  const notes: (EventNote | undefined)[] = [
    note('Warning', 'Refused', 'Accept', became('Accepted', 'False')),
    planNote(before, after, slot),
    note('Warning', 'DeadlineAtRisk', 'Plan', became('DeadlineAtRisk', 'True')),
    note('Warning', 'SlowerThanAllowed', 'Run', became('SlowerThanAllowed', 'True')),
    note('Warning', 'SuspendedByOther', 'Reconcile', became('SuspendedByOther', 'True')),
    note('Warning', 'JobDrifted', 'Reconcile', became('JobDrifted', 'True')),
    note('Normal', 'Completed', 'Finish', became('Complete', 'True')),
    note('Warning', 'Failed', 'Finish', became('Failed', 'True')),
  ];
  return notes.filter((one) => one !== undefined);
}

function planNote(
  { plan: before, attempts: attemptsBefore = [] }: CarbonAwareJobStatus,
  { plan: after, conditions, attempts = [] }: CarbonAwareJobStatus,
  slot: DurationMs,
): EventNote | undefined {
  if (findCondition(conditions, 'Planned')?.status !== 'True' || !mindChanged(before, after, slot)) return undefined;
  // A start a little later than planned is told as the start.
  if (attempts.length > attemptsBefore.length && before?.site === after?.site) return undefined;
  const { site = '', accelerator, starts = '', saves, message = '' } = after ?? {};
  const where = accelerator === undefined ? site : `${site} on ${accelerator}`;
  const saving = saves === undefined ? '' : `, saves ${saves}`;
  return note(
    'Normal',
    before === undefined ? 'Planned' : 'Replanned',
    'Plan',
    `${where} from ${starts}${saving}: ${message}`,
  );
}

function note(
  type: EventNote['type'],
  reason: string,
  action: string,
  message: string | undefined,
): EventNote | undefined {
  return message === undefined ? undefined : { type, reason, action, message };
}
