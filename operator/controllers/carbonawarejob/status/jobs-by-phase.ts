import type { JobRecord } from '../job-record.ts';
import { PHASES, type Phase } from './running.ts';

/** How many jobs are in each phase, 0 as well; one whose status has none yet is Pending, and a word of a later version is itself. */
export function jobsByPhase(jobs: readonly Pick<JobRecord, 'status'>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>(PHASES.map((phase) => [phase, 0]));
  const none: Phase = 'Pending';
  for (const { status } of jobs) {
    const phase = status.phase ?? none;
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  return counts;
}
