import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import { SECOND_MS, type EpochMs } from '../../../domain/units.ts';
import { openRunningSince, specOf, type JobView } from '../job-view.ts';
import { progressOf } from '../plannable/to-plannable.ts';
import { workAtOnePlace, type WorkAtOnePlace } from './site-runs.ts';

/** What the job has done so far; `undefined` as for {@link workAtOnePlace}. */
export function ownWork(view: JobView, spec: CarbonAwareJobSpecParsed): WorkAtOnePlace | undefined {
  const { attempts, now, record } = view;
  return workAtOnePlace({ ...progressOf(record, spec), attempts, runningSince: openRunningSince(view) }, now);
}

/**
 * When a job that runs will have taken longer than its `maxSlowdownPercent` allows, without doubt, if it isn't over by then.
 * `undefined` where it has already, where it has no limit, and where too little is known of jobs like it. Too early, where it is
 * still about a restart: then it is asked again.
 */
export function tooSlowAt(view: JobView): EpochMs | undefined {
  const spec = specOf(view);
  if (spec?.maxSlowdownShare === undefined || openRunningSince(view) === undefined) return undefined;
  const done = ownWork(view, spec);
  if (done === undefined) return undefined;
  const { product, site } = done;
  const run = { identity: view.record.identity, site, product };
  const allowed = view.slowdowns().workWithin(spec.maxSlowdownShare, run, view.home);
  const speed = spec.accelerators.find((choice) => choice.product === product)?.speed ?? 1;
  const left = (allowed - done.workWithReading) / speed;
  // Later than to the millisecond: right then it would have taken as long as it may.
  return left >= 0 && Number.isFinite(left) ? view.now + Math.ceil(left) + SECOND_MS : undefined;
}
