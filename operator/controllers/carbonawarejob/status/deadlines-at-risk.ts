import { findCondition } from '../../../api/v1alpha1/conditions.ts';
import { openAttempt } from '../attempts/attempts.ts';
import { isOver, isRefused, type JobRecord } from '../job-record.ts';

/** A job that will be late by the plan of now. */
interface DeadlineAtRisk {
  readonly namespace: string;
  readonly job: string;
  /** Where it runs, else where it is planned to; empty where that is nowhere. */
  readonly site: string;
}

/** What is over can't be late any more, and what is turned away has no plan. */
export function deadlinesAtRisk(
  jobs: readonly Pick<JobRecord, 'metadata' | 'status' | 'attempts'>[],
): readonly DeadlineAtRisk[] {
  return jobs
    .filter((job) => findCondition(job.status.conditions, 'DeadlineAtRisk')?.status === 'True')
    .filter((job) => !isOver(job) && !isRefused(job))
    .map(({ attempts, metadata: { name, namespace = '' }, status: { plan } }) => ({
      namespace,
      job: name,
      site: openAttempt(attempts)?.site ?? plan?.site ?? '',
    }));
}
