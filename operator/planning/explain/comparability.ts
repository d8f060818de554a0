import { isAlike, type Emissions } from '../../domain/intensity.ts';
import type { Baseline } from '../baseline/baseline.ts';
import type { Candidate } from '../candidate.ts';
import { figuresOf } from './comparison.ts';
import type { Seating } from '../seats.ts';

/**
 * What of a job's comparison fell out because its grams count something else than those of the plan, in words: other
 * sites, the start at once at home, or what the job has used so far. `undefined` where nothing did.
 */
export function notComparable(
  chosen: Candidate | undefined,
  { refused }: Seating,
  { expected: baseline }: Baseline,
): string | undefined {
  const parts = refused
    .filter(({ reason }) => reason === 'SignalNotComparable')
    .map(({ site, message }) => `${site} is left out: ${message}`);
  const spent = chosen?.seat.job.spent.carbon;
  if (spent !== undefined && spent !== 0) parts.push(...against(chosen, spent, 'what it has used so far is known'));
  if (baseline?.carbon !== undefined) {
    parts.push(...against(chosen, baseline.carbon, `a start at once at ${baseline.site} is known`));
  }
  return parts.length === 0 ? undefined : parts.join('; ');
}

function against(chosen: Candidate | undefined, { kind }: Emissions, subject: string): readonly string[] {
  const ofPlan = chosen?.seat.intensity?.kind;
  if (chosen === undefined || ofPlan === undefined || isAlike(kind, ofPlan)) return [];
  return [`${subject} in ${figuresOf(kind, ofPlan)} figures, the plan is made with ${figuresOf(ofPlan, kind)} ones`];
}
