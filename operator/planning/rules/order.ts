import type { PlannableJob } from '../../domain/job.ts';

/**
 * Who chooses first: what runs keeps what it holds, then the job that has the least time to spare,
 * then the older one. The key breaks ties, so that the same snapshot gives the same plan.
 */
export function inOrderOfNeed(jobs: readonly PlannableJob[]): readonly PlannableJob[] {
  return jobs.toSorted(
    (a, b) =>
      Number(b.phase === 'Running') - Number(a.phase === 'Running') ||
      latestStart(a) - latestStart(b) ||
      a.createdAt - b.createdAt ||
      (a.key < b.key ? -1 : 1),
  );
}

function latestStart(job: PlannableJob): number {
  return job.deadline - job.remainingWork;
}
