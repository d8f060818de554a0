import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import type { LengthHistory } from '../../../accounting/length-history/length-history.ts';
import type { PlannableJob } from '../../../domain/job.ts';
import type { DurationMs } from '../../../domain/units.ts';
import { lengthAsPlanned } from '../../../planning/unknown-length/planned-work.ts';
import type { JobRecord } from '../job-record.ts';
import { deadlineOf, delayOf } from './deadline.ts';

/** Of the time until `completeBy`, what a job of unknown length is believed to leave; its mean length is half of that. */
const WAIT_SHARE_BEFORE_DEADLINE = 2 / 3;

/** What a length is told by, beside the job. */
interface LengthBasis {
  readonly done: DurationMs;
  readonly slot: DurationMs;
  readonly home?: string | undefined;
  readonly history: LengthHistory;
}

type Length = Pick<PlannableJob, 'remainingWork' | 'totalWork' | 'deadline' | 'lengthBelief'>;

/** How much work a job has left and until when, as it was told or as it has been learnt. */
export function lengthOf(
  record: JobRecord,
  spec: CarbonAwareJobSpecParsed,
  policy: EffectivePolicy,
  { done, slot, home, history }: LengthBasis,
): Length {
  const { createdAt } = record;
  const told = spec.expectedDuration;
  if (told !== undefined) {
    const remainingWork = Math.max(slot, told - done);
    return { remainingWork, totalWork: told, deadline: deadlineOf(spec, createdAt, policy, told) };
  }
  const mayWait = delayOf(spec, policy);
  const wait = mayWait ?? WAIT_SHARE_BEFORE_DEADLINE * Math.max(0, (spec.completeBy ?? createdAt) - createdAt);
  const lengthBelief = { ...history.beliefOf(record.identity, wait, home), mayWait };
  const asked = { createdAt, deadline: spec.completeBy ?? Infinity, least: slot };
  const planned = lengthAsPlanned(lengthBelief, done, asked);
  return { ...planned, deadline: deadlineOf(spec, createdAt, policy, planned.totalWork), lengthBelief };
}
