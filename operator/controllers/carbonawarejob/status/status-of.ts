import type {
  CarbonAwareJobStatus,
  CarbonAwareJobStatusPlan,
} from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { PlanReason } from '../../../api/v1alpha1/reasons.ts';
import type { Decision } from '../../../domain/decision.ts';
import { BUILT_IN_POLICY } from '../../../api/v1alpha1/defaults.ts';
import type { EffectivePolicy } from '../../../api/v1alpha1/effective-policy.ts';
import { SECOND_MS } from '../../../domain/units.ts';
import { writeAttempt } from '../attempts/attempts.ts';
import { deadlineTold } from '../plannable/deadline.ts';
import { isOver, unlistedWork, type JobRecord } from '../job-record.ts';
import { specOf, type JobView } from '../job-view.ts';
import { listed, type ProgressBasis } from '../attempts/progress.ts';
import { conditionsOf } from './conditions-of.ts';
import { isTurnedAway, type Findings } from './findings.ts';
import { fitted, MAX_STATUS_BYTES, sizeOf } from './fit.ts';
import { alternativesShown, planSummary } from './plan-summary.ts';
import { phaseOf } from './running.ts';

const RUNS_ON: PlanReason = 'RunsOn';
/** How many attempts are listed; fewer only where the status would otherwise be too large. */
const ATTEMPTS_LISTED = [32, 16, 8, 4] as const;

/** The whole status from what is known now. It is at most {@link MAX_STATUS_BYTES} long. */
export function statusOf(
  view: JobView,
  findings: Findings,
  policy: EffectivePolicy = BUILT_IN_POLICY,
): CarbonAwareJobStatus {
  const { policy: _, ...before } = view.record.status;
  const whole = { ...before, ...freshParts(view, findings, policy) };
  let status: CarbonAwareJobStatus = whole;
  for (const most of ATTEMPTS_LISTED) {
    status = fitted({ ...whole, ...attemptsShown(view, most) });
    if (sizeOf(status) <= MAX_STATUS_BYTES) break;
  }
  return status;
}

function freshParts(view: JobView, findings: Findings, policy: EffectivePolicy): CarbonAwareJobStatus {
  const { record, decision } = view;
  const generation = record.metadata.generation;
  if (isOver(record)) {
    return {
      ...(generation !== undefined && { observedGeneration: generation }),
      ...(record.status.policy !== undefined && { policy: record.status.policy }),
    };
  }
  const deadline = deadlineTold(record, decision, policy);
  const told = isTurnedAway(view, findings) ? undefined : decision;
  const { chosen } = told ?? {};
  const choice = told === undefined ? undefined : choiceThatStands(told, record.status);
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase: phaseOf(view, findings),
    ...(policy.name !== undefined && { policy: policy.name }),
    conditions: conditionsOf(view, findings),
    ...(told !== undefined &&
      chosen !== undefined && {
        plan: {
          ...planSummary({ ...told, chosen }, view, deadline),
          ...choice,
          ...promiseThatStands(record),
        },
      }),
    ...(told !== undefined && choice === undefined && { alternatives: alternativesShown(told.alternatives) }),
  };
}

/**
 * Why a job that runs on is where it is, and what else there was, is what was said when it was sent there. What that saves is
 * told anew, in the words and the figure of one plan.
 */
function choiceThatStands(
  { chosen, reason }: Decision,
  { plan }: CarbonAwareJobStatus,
): Pick<CarbonAwareJobStatusPlan, 'reason'> | undefined {
  if (reason !== RUNS_ON || plan?.site !== chosen?.site || plan?.reason === undefined) return undefined;
  return { reason: plan.reason };
}

/** What a job was started with holds for all that it runs. */
function promiseThatStands({ attempts, status: { plan } }: JobRecord): Pick<CarbonAwareJobStatusPlan, 'promised'> {
  const hasBegun = attempts.some(({ ran }) => ran !== 0);
  return hasBegun && plan?.promised !== undefined ? { promised: plan.promised } : {};
}

/** The last attempts, and the work of those before them. */
function attemptsShown(view: JobView, most: number): Pick<CarbonAwareJobStatus, 'attempts' | 'completedWork'> {
  const spec = specOf(view);
  const basis: ProgressBasis = {
    attempts: view.attempts,
    unlistedWork: unlistedWork(view.record),
    accelerators: spec?.accelerators ?? [],
    restartOverhead: spec?.interruptible?.restartOverhead ?? 0,
    moveOverhead: spec?.interruptible?.moveOverhead ?? 0,
    runningSince: undefined,
  };
  const { attempts, unlistedWork: work } = listed(basis, most);
  return {
    ...((attempts.length > 0 || view.record.status.attempts !== undefined) && { attempts: attempts.map(writeAttempt) }),
    ...(work > 0 && { completedWork: Math.round(work / SECOND_MS) }),
  };
}
