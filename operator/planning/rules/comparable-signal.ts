import { isAlike, type IntensityKind, type Signal } from '../../domain/intensity.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import type { Refusal } from './rule.ts';

/**
 * What the grams of a job's plan count: what the home site's figures do, or else the first one's that it may run at.
 * Life-cycle grams and stack grams are different quantities; a plan never weighs one against the other. Where no site
 * that it may run at has figures like those of home, the sites are compared with one another, and none with home.
 */
export function kindOfComparison(
  { signal }: PlannableJob,
  open: readonly Site[],
  home: Site | undefined,
): IntensityKind | undefined {
  const ofHome = home === undefined ? undefined : kindAt(home, signal);
  let first: IntensityKind | undefined;
  let onPaper: IntensityKind | undefined;
  for (const site of open) {
    const kind = kindAt(site, signal);
    if (kind === undefined) continue;
    if (!site.schedulable) {
      onPaper ??= kind;
      continue;
    }
    if (ofHome !== undefined && isAlike(kind, ofHome)) return ofHome;
    first ??= kind;
  }
  return first ?? ofHome ?? onPaper;
}

export function signalIsComparable(
  { signal }: PlannableJob,
  site: Site,
  kind: IntensityKind | undefined,
): Refusal | undefined {
  const there = kindAt(site, signal);
  if (there === undefined) {
    return { reason: 'DataMissing', message: `no ${signal.toLowerCase()} carbon intensity of zone ${site.zone}` };
  }
  return kind === undefined || isAlike(there, kind)
    ? undefined
    : {
        reason: 'SignalNotComparable',
        message: `zone ${site.zone} has ${there.scope} figures, the plan compares ${kind.scope}`,
      };
}

/** What the figures of a site's zone count; `undefined` where there are none. */
export function kindAt(site: Site, signal: Signal): IntensityKind | undefined {
  return site.outlooks[signal]?.series;
}
