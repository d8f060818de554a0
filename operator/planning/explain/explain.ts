import type { ComparisonReason, PlanReason } from '../../api/v1alpha1/reasons.ts';
import type { Alternative, Decision, ExpectedCost, Leg, Option } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import { observedAt } from '../../domain/length/observed-slowdown.ts';
import type { Baseline } from '../baseline/baseline.ts';
import { differenceOf } from '../../domain/intensity.ts';
import { isSameSeat, startOf, staysOf, type Candidate, type Stay } from '../candidate.ts';
import type { Choice } from '../choose.ts';
import { notComparable } from './comparability.ts';
import { comparison } from './comparison.ts';
import { wordsForLate } from './infeasible.ts';
import { distanceInWords } from '../data/words.ts';
import { isWorthTelling, observedInWords } from '../data/observed-words.ts';
import { ignoresCarbon } from '../pricing/score.ts';
import type { Seating } from '../seats.ts';
import type { PlannerTuning } from '../snapshot.ts';
import { expectedLength } from '../unknown-length/planned-work.ts';
import { lengthInWords } from '../unknown-length/words.ts';

interface Words {
  readonly reason: PlanReason;
  readonly message: string;
}

interface Explained {
  readonly job: PlannableJob;
  readonly choice: Choice;
  readonly seating: Seating;
  readonly baseline: Baseline;
  readonly tuning: PlannerTuning;
}

/** The decision with its words: why this option, what else there was, and which rule took the rest out. */
export function explained({ job, choice, seating, baseline, tuning }: Explained): Decision {
  const { chosen } = choice;
  const outlook = chosen?.seat.site.outlooks[job.signal];
  const { reason, message } = wordsFor(job, choice, seating, baseline);
  return {
    job: job.key,
    revision: job.revision,
    chosen: chosen === undefined ? undefined : optionOf(chosen),
    baseline: baseline.expected,
    alternatives: alternativesTo(choice, seating, tuning.maxAlternatives),
    reason,
    message: withLength(withSlowdowns(message, chosen), job),
    deadlineAtRisk: choice.deadlineAtRisk,
    kept: choice.kept,
    ...(job.lengthBelief !== undefined && { length: expectedLength(job, job.lengthBelief) }),
    signal: job.signal,
    rung: outlook?.rung ?? 'None',
    source: outlook?.series.source,
    notComparable: notComparable(chosen, seating, baseline),
  };
}

function optionOf({ seat, windows, moves, expected }: Candidate): Option {
  return { ...legOf({ seat, windows }), moves: moves.map(legOf), expected };
}

function legOf({ seat, windows }: Stay): Leg {
  const { slowdown } = seat.data;
  return { site: seat.site.name, product: seat.pool?.product, windows, ...(slowdown > 0 && { slowdown }) };
}

/** With what the distance to its data costs there, where that is any time, and what jobs like it took there. */
function withSlowdowns(message: string, candidate: Candidate | undefined): string {
  if (candidate === undefined) return message;
  const { data, job, pool, site } = candidate.seat;
  const observed = observedAt(job.observedSlowdowns, site.name, pool?.product);
  const measured = observed !== undefined && isWorthTelling(observed) ? observedInWords(observed) : undefined;
  const parts = [message, distanceInWords(data), measured];
  return parts.filter((part) => part !== undefined).join('; ');
}

function withLength(message: string, job: PlannableJob): string {
  return job.lengthBelief === undefined
    ? message
    : `${message}; ${lengthInWords(expectedLength(job, job.lengthBelief))}`;
}

function wordsFor(job: PlannableJob, choice: Choice, seating: Seating, baseline: Baseline): Words {
  const { chosen } = choice;
  if (chosen === undefined) return wordsForNothing(job, seating);
  if (choice.deadlineAtRisk) {
    return { reason: 'DeadlineAtRisk', message: wordsForLate(job, chosen, seating) };
  }
  if (choice.blind && job.phase !== 'Running') {
    return {
      reason: 'DataMissing',
      message: `no carbon data for the time of the run; the policy says ${job.withoutData}`,
    };
  }
  if (chosen.pauses > 0) {
    return {
      reason: ignoresCarbon(chosen.seat.weights) ? 'PausesForCheaperPower' : 'PausesForCleanerPower',
      message: `runs in pieces${alongTheWay(chosen)}: ${gainOver(baseline.expected, chosen.expected)}`,
    };
  }
  if (job.phase === 'Running')
    return { reason: 'RunsOn', message: `runs on; ${gainOver(baseline.expected, chosen.expected)}` };
  const waits = startOf(chosen.windows) > chosen.seat.now;
  const moves = baseline.home !== undefined && chosen.seat.site.name !== baseline.home;
  if (!waits && !moves)
    return { reason: 'RunsNow', message: 'nothing before the deadline is better by enough to wait or to move' };
  const gain = gainOver(baseline.expected, chosen.expected);
  if (choice.awaitsRoom) {
    return { reason: 'AwaitsCapacity', message: `waits until ${chosen.seat.site.name} has room; ${gain}` };
  }
  if (waits && moves) return { reason: 'BetterSiteAndWindow', message: gain };
  return { reason: waits ? 'BetterWindow' : 'BetterSite', message: gain };
}

function wordsForNothing(job: PlannableJob, { seats, refused }: Seating): Words {
  if (job.phase === 'Running') {
    return { reason: 'SiteUnknown', message: `runs at ${job.current?.site ?? 'a site'} that is not in the inventory` };
  }
  if (seats.some(({ site }) => site.schedulable)) {
    return { reason: 'NoCapacity', message: 'no site has room for it within the time that can be planned' };
  }
  const why = refused.map(({ site, message }) => `${site}: ${message}`);
  return {
    reason: 'NoSite',
    message: why.length === 0 ? 'there is no ComputeSite' : `no site can carry it (${why.join('; ')})`,
  };
}

/** Where it goes on, for a job that does not stay. */
function alongTheWay(chosen: Candidate): string {
  if (chosen.moves.length === 0) return '';
  return `, at ${staysOf(chosen)
    .map(({ seat }) => seat.site.name)
    .join(', then ')}`;
}

/** Against started at once at home, in the terms that people ask for. */
function gainOver(baseline: ExpectedCost | undefined, chosen: ExpectedCost): string {
  return baseline === undefined
    ? 'the best of what is known'
    : `against starting at once at ${baseline.site}: ${comparison(chosen, baseline)}`;
}

/**
 * The same place without the wait, the best option of every other site and accelerator, then those on paper, then what the rules
 * took out; so many of them.
 */
function alternativesTo({ atOnce, chosen, field }: Choice, { refused }: Seating, most: number): readonly Alternative[] {
  const others = atOnce === undefined ? [] : [atOnce];
  const onPaper: Candidate[] = [];
  const seen = chosen === undefined ? [] : [chosen];
  for (const candidate of field) {
    if (others.length >= most) break;
    if (seen.some(({ seat }) => isSameSeat(seat, candidate.seat))) continue;
    seen.push(candidate);
    (candidate.seat.site.schedulable ? others : onPaper).push(candidate);
  }
  const told = [...others, ...onPaper].slice(0, most).map((candidate) => alternative(candidate, chosen));
  if (told.length >= most) return told;
  const elsewhere = refused.filter(({ site, product }) => product !== undefined || site !== chosen?.seat.site.name);
  return [...told, ...elsewhere.map((refusal) => ({ ...refusal, expected: undefined }))].slice(0, most);
}

function alternative(candidate: Candidate, chosen: Candidate | undefined): Alternative {
  const { seat, expected } = candidate;
  const place = { site: seat.site.name, product: seat.pool?.product, expected };
  if (!seat.site.schedulable) {
    return { ...place, reason: 'InventoryOnly', message: `${seat.site.name} is on paper only` };
  }
  if (chosen === undefined) return { ...place, reason: 'NoCapacity', message: 'has no room' };
  const message = withSlowdowns(comparison(expected, chosen.expected), candidate);
  return { ...place, reason: reasonAgainst(expected, chosen), message };
}

function reasonAgainst(other: ExpectedCost, { expected: chosen, seat }: Candidate): ComparisonReason {
  if (!ignoresCarbon(seat.weights) && chosen.carbon !== undefined) {
    if (other.carbon === undefined) return 'CarbonUnknown';
    const difference = differenceOf(other.carbon, chosen.carbon);
    // The order holds, but nobody can say by how much.
    if (difference === undefined) return 'NotBetterByEnough';
    if (difference > 0) return 'MoreCarbon';
  }
  if (other.money > chosen.money) return 'MoreMoney';
  return other.finishesAt > chosen.finishesAt ? 'FinishesLater' : 'NotBetterByEnough';
}
