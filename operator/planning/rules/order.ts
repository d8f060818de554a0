import type { PlannableJob } from '../../domain/job.ts';
import type { EpochMs } from '../../domain/units.ts';

/**
 * Who chooses first: what runs keeps what it holds, then the job whose deadline is near. Between the others namespaces take
 * turns by their weights, as in weighted fair queueing: the job of the namespace that has been given least device time for its
 * weight comes next, within a namespace the one that has the least time to spare, then the older one. The key breaks ties, so
 * that the same snapshot gives the same plan.
 */
export function inOrderOfNeed(jobs: readonly PlannableJob[], now: EpochMs): readonly PlannableJob[] {
  const running = jobs.filter(({ phase }) => phase === 'Running').toSorted(byTimeToSpare);
  const waiting = jobs.filter(({ phase }) => phase !== 'Running').toSorted(byTimeToSpare);
  const near = waiting.filter((job) => deadlineIsNear(job, now));
  const others = waiting.filter((job) => !deadlineIsNear(job, now));
  return [...running, ...near, ...inTurns(others, [...running, ...near])];
}

/** The least time to spare first: earliest deadline first, each job's own length taken off. */
export function byTimeToSpare(a: PlannableJob, b: PlannableJob): number {
  return latestStart(a) - latestStart(b) || a.createdAt - b.createdAt || (a.key < b.key ? -1 : 1);
}

function latestStart(job: PlannableJob): EpochMs {
  return job.deadline - job.remainingWork;
}

/** It has less time to spare than it runs. */
function deadlineIsNear(job: PlannableJob, now: EpochMs): boolean {
  return latestStart(job) - now < job.remainingWork;
}

/** @param served jobs that have chosen before: what they use counts for their namespaces */
function inTurns(jobs: readonly PlannableJob[], served: readonly PlannableJob[]): readonly PlannableJob[] {
  const used = new Map<string, number>();
  const take = (job: PlannableJob): number => {
    const namespace = namespaceOf(job);
    const before = used.get(namespace) ?? 0;
    used.set(namespace, before + deviceTime(job) / job.weight);
    return before;
  };
  for (const job of served) take(job);
  // A job's turn comes when its namespace has been given what the jobs before it use: they are in order already.
  const turns = jobs.map((job) => ({ job, turn: take(job) }));
  return turns.sort((a, b) => a.turn - b.turn || byTimeToSpare(a.job, b.job)).map(({ job }) => job);
}

/** Everything before the slash of the key. */
export function namespaceOf({ key }: PlannableJob): string {
  return key.slice(0, Math.max(0, key.indexOf('/')));
}

function deviceTime({ devices, remainingWork }: PlannableJob): number {
  return Math.max(1, devices) * remainingWork;
}
