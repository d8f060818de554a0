import { SECOND_MS, type DurationMs } from '../../../domain/units.ts';
import { runTime } from '../attempts/progress.ts';
import { specOf, type JobView } from '../job-view.ts';
import { fieldsAt, wholeNumberOf } from '../../pod-spec/unstructured.ts';

/** How long a job may run in all. */
export interface TimeLimit {
  readonly whole: DurationMs;
  /** Without the time that attempts which have ended took; negative where they took more. */
  readonly left: DurationMs;
}

/** `activeDeadlineSeconds` of the Job, which the Job controller counts anew with every resume; `undefined` without one. */
export function timeLimitOf(view: JobView): TimeLimit | undefined {
  const seconds = wholeNumberOf(fieldsAt(specOf(view)?.template, 'spec')['activeDeadlineSeconds']);
  if (seconds === undefined) return undefined;
  const ended = view.attempts.filter(({ endedAt }) => endedAt !== undefined);
  const ran = ended.reduce((sum, attempt) => sum + runTime(attempt, undefined, view.now), 0);
  return { whole: seconds * SECOND_MS, left: seconds * SECOND_MS - ran };
}
