import type { EmissionScope } from '../../domain/intensity.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import type { Refusal } from './rule.ts';

/**
 * The scope that a job's sites are compared in: the home site's, or else the first one's.
 * Life-cycle grams and stack grams are different quantities; a plan never weighs one against the other.
 */
export function scopeOfComparison(
  job: PlannableJob,
  sites: readonly Site[],
  home: Site | undefined,
): EmissionScope | undefined {
  const first = [home, ...sites].find((site) => site?.outlooks[job.signal] !== undefined);
  return first?.outlooks[job.signal]?.series.scope;
}

export function signalIsComparable(
  job: PlannableJob,
  site: Site,
  scope: EmissionScope | undefined,
): Refusal | undefined {
  const outlook = site.outlooks[job.signal];
  if (outlook === undefined) {
    return { reason: 'DataMissing', message: `no ${job.signal.toLowerCase()} carbon intensity of zone ${site.zone}` };
  }
  return outlook.series.scope === scope
    ? undefined
    : {
        reason: 'SignalNotComparable',
        message: `zone ${site.zone} has ${outlook.series.scope} figures, the plan compares ${String(scope)}`,
      };
}
