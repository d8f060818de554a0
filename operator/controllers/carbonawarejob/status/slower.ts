import { findCondition } from '../../../api/v1alpha1/conditions.ts';
import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import { bothSlowdowns, observedAt, type RunPlace } from '../../../domain/length/observed-slowdown.ts';
import { longerInWords, observedInWords, placeInWords, runsInWords } from '../../../planning/data/observed-words.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { ranUntil, specOf, type JobView } from '../job-view.ts';
import { ownWork } from '../slowdown/own-work.ts';
import type { Statement } from './findings.ts';

type Limited = CarbonAwareJobSpecParsed & { readonly maxSlowdownShare: number };

/**
 * Jobs like it took longer where it runs, or ran last, than its `maxSlowdownPercent` allows, or it has itself, without doubt.
 * `undefined` where neither shows, which says no more than that.
 */
export function slowerThanAllowed(view: JobView): Statement | undefined {
  const spec = specOf(view);
  const last = view.attempts.findLast((attempt) => hasRun(attempt, view));
  if (spec === undefined || spec.maxSlowdownShare === undefined || last === undefined) return undefined;
  const limited = { ...spec, maxSlowdownShare: spec.maxSlowdownShare };
  const found = byOthers(view, last, limited) ?? byItself(view, limited);
  if (found === undefined) return undefined;
  const allowed = `spec.placement.maxSlowdownPercent allows ${String(Math.round(limited.maxSlowdownShare * 1e4) / 100)} %`;
  const remedy = `allow more, or name ${last.site} in spec.placement.sites.deny of jobs to come`;
  const message = asBefore(view, `; ${allowed}: ${remedy}`) ?? `${found}; ${allowed}: ${remedy}`;
  return { status: 'True', reason: 'SlowerThanAllowed', message };
}

/** Figures move with every job that finishes, and with time: the words are those of when it began, until limit or site are others. */
function asBefore({ record }: JobView, end: string): string | undefined {
  const before = findCondition(record.status.conditions, 'SlowerThanAllowed');
  return before?.status === 'True' && before.message.endsWith(end) ? before.message : undefined;
}

function hasRun(attempt: Attempt, view: JobView): boolean {
  if (attempt.endedAt === undefined) return ranUntil(view, view.now) > 0;
  return (attempt.ran ?? attempt.endedAt - attempt.startedAt) > 0;
}

/** What was planned for its data and what was measured of others count together, as the plan has it. */
function byOthers({ home, record, slowdowns }: JobView, last: Attempt, spec: Limited): string | undefined {
  const observed = observedAt(slowdowns().observed(record.identity, home), last.site, last.product);
  if (observed === undefined || observed.certainShare <= 0) return undefined;
  const both = bothSlowdowns(last.slowdown ?? 0, observed.certainShare);
  if (both <= spec.maxSlowdownShare) return undefined;
  const reading = last.slowdown === undefined ? '' : `, beside ${longerInWords(last.slowdown)} for reading its data`;
  return `${observedInWords(observed)}${reading}`;
}

/** Its own time, of which what it was planned to take for reading its data is a part. */
function byItself(view: JobView, spec: Limited): string | undefined {
  const { home, record, slowdowns } = view;
  const done = ownWork(view, spec);
  if (done === undefined) return undefined;
  const { product, site, workWithReading } = done;
  const against = slowdowns().againstOthers({ identity: record.identity, site, work: workWithReading }, home);
  if (against === undefined || against.certainShare <= spec.maxSlowdownShare) return undefined;
  const { comparedWith, share } = against;
  const there: RunPlace = comparedWith;
  const isProductTold = product !== comparedWith.product;
  return `measured: it has taken ${longerInWords(share)} at ${placeInWords({ site, product }, isProductTold)} than jobs like it at ${placeInWords(there, isProductTold)} (${runsInWords(comparedWith.runs)})`;
}
