import { findCondition } from '../../../api/v1alpha1/conditions.ts';
import type { CarbonAwareJobSpecParsed } from '../../../api/v1alpha1/parse/carbon-aware-job.ts';
import { bothSlowdowns, observedAt } from '../../../domain/length/observed-slowdown.ts';
import type { Place } from '../../../domain/place.ts';
import { longerInWords, observedInWords, placeInWords, runsInWords } from '../../../planning/data/observed-words.ts';
import type { Attempt } from '../attempts/attempts.ts';
import { ranUntil, specOf, type JobView } from '../job-view.ts';
import { ownWork } from '../slowdown/own-work.ts';
import type { Statement } from './findings.ts';

/** What shows it, and what it was compared with. */
interface Found {
  readonly words: string;
  readonly comparedWith: Place;
}

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
  const place = { site: last.site, product: last.product };
  const end = `; ${allowed}: allow more, or ${remedyAt(place, found.comparedWith, limited)}`;
  const here = placeInWords(place, place.product !== found.comparedWith.product);
  const message = asBefore(view, here, end) ?? `${found.words}${end}`;
  return { status: 'True', reason: 'SlowerThanAllowed', message };
}

/** On another accelerator than the one that it is compared with it is that which is slow, and the rest of the site may be as quick as any. */
function remedyAt({ site, product }: Place, comparedWith: Place, { accelerators }: Limited): string {
  if (product === undefined || product === comparedWith.product) {
    return `name ${site} in spec.placement.sites.deny of jobs to come`;
  }
  if (accelerators.some((choice) => choice.product === product)) {
    return `correct the speed of ${product} in spec.accelerators of jobs to come, or leave it out there`;
  }
  // Where none is named any may be used: to name that one alone would leave out all others.
  return `name the accelerators to use in spec.accelerators of jobs to come, without ${product} or with its speed`;
}

/** Figures move with every job that finishes, and with time: the words are those of when it began, until place or limit are others. */
function asBefore({ record }: JobView, here: string, end: string): string | undefined {
  const before = findCondition(record.status.conditions, 'SlowerThanAllowed');
  const isSame = before?.message.includes(` at ${here} `) === true && before.message.endsWith(end);
  return isSame && before.status === 'True' ? before.message : undefined;
}

function hasRun(attempt: Attempt, view: JobView): boolean {
  if (attempt.endedAt === undefined) return ranUntil(view, view.now) > 0;
  return (attempt.ran ?? attempt.endedAt - attempt.startedAt) > 0;
}

/** What was planned for its data and what was measured of others count together, as the plan has it. */
function byOthers({ home, record, slowdowns }: JobView, last: Attempt, spec: Limited): Found | undefined {
  const observed = observedAt(slowdowns().observed(record.identity, home), last.site, last.product);
  if (observed === undefined || observed.certainShare <= 0) return undefined;
  const both = bothSlowdowns(last.slowdown ?? 0, observed.certainShare);
  if (both <= spec.maxSlowdownShare) return undefined;
  const reading = last.slowdown === undefined ? '' : `, beside ${longerInWords(last.slowdown)} for reading its data`;
  return { words: `${observedInWords(observed)}${reading}`, comparedWith: observed.comparedWith };
}

/** Its own time, of which what it was planned to take for reading its data is a part. */
function byItself(view: JobView, spec: Limited): Found | undefined {
  const { home, record, slowdowns } = view;
  const done = ownWork(view, spec);
  if (done === undefined) return undefined;
  const { product, site, workWithReading } = done;
  const run = { identity: record.identity, site, product, work: workWithReading };
  const against = slowdowns().againstOthers(run, home);
  if (against === undefined || against.certainShare <= spec.maxSlowdownShare) return undefined;
  const { comparedWith, share } = against;
  const isProductTold = product !== comparedWith.product;
  const here = placeInWords(run, isProductTold);
  const there = `${placeInWords(comparedWith, isProductTold)} (${runsInWords(comparedWith.runs)})`;
  return {
    words: `measured: it has taken ${longerInWords(share)} at ${here} than jobs like it at ${there}`,
    comparedWith,
  };
}
