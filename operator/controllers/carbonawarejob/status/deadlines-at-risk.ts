import { findCondition } from '../../../api/v1alpha1/conditions.ts';
import { ownerOf, type OwnerSources } from '../../inventory/owner.ts';
import { openAttempt } from '../attempts/attempts.ts';
import { isOver, isRefused, type JobRecord } from '../job-record.ts';

/** A job that will be late by the plan of now. */
interface DeadlineAtRisk {
  readonly namespace: string;
  readonly job: string;
  /** Who answers for it. */
  readonly owner: string;
  /** Where it runs, else where it is planned to; empty where that is nowhere. */
  readonly site: string;
}

/** What is over can't be late any more, and what is turned away has no plan. */
export function deadlinesAtRisk(
  jobs: readonly Pick<JobRecord, 'metadata' | 'status' | 'attempts' | 'owner'>[],
  owners: OwnerSources,
): readonly DeadlineAtRisk[] {
  return jobs
    .filter((job) => findCondition(job.status.conditions, 'DeadlineAtRisk')?.status === 'True')
    .filter((job) => !isOver(job) && !isRefused(job))
    .map(({ attempts, metadata: { name, namespace = '' }, owner, status: { plan } }) => ({
      namespace,
      job: name,
      owner: ownerOf({ namespace, owner }, owners),
      site: openAttempt(attempts)?.site ?? plan?.site ?? '',
    }));
}
