import type { Workload } from '../../../ports/workloads.ts';
import { nextNumber, openAttempt, withoutOpen, type Attempt } from '../attempts/attempts.ts';
import { ranUntil, type JobView } from '../job-view.ts';
import { lateAt } from '../held-back.ts';
import { begun, BY_OTHER, HANDED_BACK, type OtherHand } from '../attempts/whose-hand.ts';
import { wait, waitUntil, type Step } from './step.ts';

/** Someone else set `suspend` of the Job: it stays as they want it. What happened is written down. */
export function stepWhenOtherHand(view: JobView, workload: Workload, hand: OtherHand): Step {
  const open = openAttempt(view.attempts);
  if (hand === 'SuspendedByOther') {
    if (open === undefined) return waitUntil(lateAt(view));
    const at = workload.suspendedAt ?? view.now;
    return { do: 'Close', end: { at, ran: ranUntil(view, at), reason: BY_OTHER } };
  }
  return open?.reason === BY_OTHER ? wait : { do: 'Announce', attempt: adopted(view, workload, BY_OTHER) };
}

/** Someone else set `suspend` back to what we had: the Job is ours again. */
export function stepWhenHandedBack(view: JobView, workload: Workload): Step | undefined {
  const open = openAttempt(view.attempts);
  if (workload.suspended && open?.reason === BY_OTHER) {
    const at = workload.suspendedAt ?? view.now;
    return { do: 'Close', end: { at, ran: ranUntil(view, at), reason: 'Paused' } };
  }
  if (!workload.suspended && open === undefined && view.attempts.at(-1)?.reason === BY_OTHER) {
    return { do: 'Announce', attempt: adopted(view, workload, HANDED_BACK) };
  }
  return undefined;
}

/** An attempt for a Job that runs without one. It runs where it was placed last, or where nobody chose. */
export function adopted(view: JobView, workload: Workload, reason: Attempt['reason']): Attempt {
  const before = withoutOpen(view.attempts);
  const open = openAttempt(view.attempts);
  const where = open !== undefined && begun(open, workload) ? open : (before.at(-1) ?? promised(view));
  return {
    number: nextNumber(before),
    site: where.site,
    ...(where.product !== undefined && { product: where.product }),
    job: workload.metadata.name,
    jobUid: workload.metadata.uid ?? '',
    startedAt: workload.startedAt ?? view.now,
    ...(reason !== undefined && { reason }),
  };
}

function promised({ record, decision }: JobView): { site: string; product?: string | undefined } {
  const { site, accelerator } = record.status.plan ?? {};
  if (site !== undefined) return { site, product: accelerator };
  return decision?.chosen ?? { site: '' };
}
