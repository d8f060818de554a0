import { SlowdownHistory, type SiteRun } from '../../../accounting/slowdown/slowdown-history.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { isSamePlace, type Place } from '../../../domain/place.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { completedWork, endedIdle, runTime, type ProgressBasis } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';
import { progressOf } from '../plannable/to-plannable.ts';

/**
 * Of the time that a job ran, what may have gone into restarts for it to tell how long the work takes: what a restart takes is
 * the user's estimate.
 */
const MOST_IN_RESTARTS = 0.1;

/** What a job did, all of it at one place. */
export interface WorkAtOnePlace extends Place {
  /** As time on an accelerator of speed 1 with its data at hand. */
  readonly work: DurationMs;
  /** The same with what was planned for reading its data left in it. */
  readonly workWithReading: DurationMs;
  readonly ran: DurationMs;
}

/** What finished jobs tell about sites. */
export function slowdownHistoryOf(records: readonly JobRecord[]): SlowdownHistory {
  return new SlowdownHistory(records.flatMap((record) => siteRun(record) ?? []));
}

/**
 * `undefined` for a job that tells nothing: it failed, and may have been cut short; it ran at several places, and nobody knows how
 * much it did at each; or restarts took too much of its time.
 */
export function siteRun(record: JobRecord): SiteRun | undefined {
  const { attempts, createdAt, identity, spec, status } = record;
  if (!spec.ok || !conditionIsTrue(status.conditions, 'Complete')) return undefined;
  const done = workAtOnePlace(progressOf(record, spec.value), attempts.at(-1)?.endedAt ?? createdAt);
  if (done === undefined || timeInRestarts(record, done) > MOST_IN_RESTARTS * done.ran) return undefined;
  const { site, product, work } = done;
  return { identity, site, product, work };
}

/** `undefined` where it has not run, has run at several places or was paused idle, or attempts are no longer listed. */
export function workAtOnePlace(basis: ProgressBasis, until: EpochMs): WorkAtOnePlace | undefined {
  const { attempts, runningSince, unlistedWork } = basis;
  const timeOf = (attempt: (typeof attempts)[number]): DurationMs => runTime(attempt, runningSince, until);
  const runs = attempts.filter((attempt) => timeOf(attempt) > 0);
  const [first] = runs;
  const isListed = unlistedWork === 0 && (attempts[0]?.number ?? 1) === 1;
  if (first === undefined || !isListed || attempts.some(endedIdle)) return undefined;
  if (runs.some((run) => !isSamePlace(run, first))) return undefined;
  const unslowed = attempts.map(({ slowdown: _, ...attempt }) => attempt);
  return {
    site: first.site,
    product: first.product,
    work: completedWork(basis, until),
    workWithReading: completedWork({ ...basis, attempts: unslowed }, until),
    ran: runs.reduce((sum, attempt) => sum + timeOf(attempt), 0),
  };
}

function timeInRestarts({ spec }: JobRecord, { product, ran, workWithReading }: WorkAtOnePlace): DurationMs {
  const accelerators = spec.ok ? spec.value.accelerators : [];
  const speed = accelerators.find((choice) => choice.product === product)?.speed ?? 1;
  return ran - workWithReading / speed;
}
