import { legsOf, type Decision, type ExpectedCost, type Leg, type Plan } from '../../domain/decision.ts';
import { differenceOf, type Emissions } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';

/** What the last plan said, for the reconcilers to carry out. */
export interface Decisions {
  /** By job key; `undefined` where no plan has seen that revision of the job yet. */
  get(job: string, revision: string): Decision | undefined;
}

/**
 * Jobs whose first plan is not in their status yet hold to what was published: no one changes their mind between a
 * decision and the write that tells it.
 */
export function withPromises(snapshot: PlanningSnapshot, published: Plan | undefined): PlanningSnapshot {
  const jobs = snapshot.jobs.map((job) => {
    const decision = published?.decisions.get(job.key);
    if (job.current !== undefined || job.phase !== 'Waiting' || decision?.revision !== job.revision) return job;
    if (decision.chosen === undefined) return job;
    const { site, product, windows, moves } = decision.chosen;
    return { ...job, current: { site, product, windows, moves }, baseline: job.baseline ?? decision.baseline };
  });
  return { ...snapshot, jobs };
}

/** The saving moved by less than this share of the baseline: not worth a write. */
const MATERIAL_SHARE = 0.05;

/** The jobs for which the new plan says something that someone should act on or read. */
export function changedJobs(previous: Plan | undefined, next: Plan): readonly string[] {
  const changed: string[] = [];
  for (const [job, decision] of next.decisions) {
    const before = previous?.decisions.get(job);
    if (before === undefined || differsMaterially(before, decision, next.slot)) changed.push(job);
  }
  return changed;
}

/** Another revision is planned, the site moved, a start or an end moved by more than a slot, the saving by 5 %, or the words changed. */
function differsMaterially(before: Decision, after: Decision, slot: DurationMs): boolean {
  if (before.revision !== after.revision) return true;
  if (before.reason !== after.reason || before.deadlineAtRisk !== after.deadlineAtRisk) return true;
  if (before.rung !== after.rung || before.source !== after.source) return true;
  if (before.notComparable !== after.notComparable) return true;
  if (before.chosen === undefined || after.chosen === undefined) {
    return before.chosen !== after.chosen || before.message !== after.message;
  }
  return (
    legsMoved(legsOf(before.chosen), legsOf(after.chosen), slot) ||
    carbonMoved(before.chosen.expected.carbon, after.chosen.expected.carbon, after.baseline) ||
    carbonMoved(before.baseline?.carbon, after.baseline?.carbon, after.baseline)
  );
}

function legsMoved(before: readonly Leg[], after: readonly Leg[], slot: DurationMs): boolean {
  if (before.length !== after.length) return true;
  return before.some(({ site, product, windows }, i) => {
    const other = after[i];
    if (other === undefined) return true;
    return site !== other.site || product !== other.product || windowsMoved(windows, other.windows, slot);
  });
}

function windowsMoved(before: readonly Interval[], after: readonly Interval[], slot: DurationMs): boolean {
  if (before.length !== after.length) return true;
  return before.some((window, i) => {
    const other = after[i];
    if (other === undefined) return true;
    return Math.abs(window.startsAt - other.startsAt) > slot || Math.abs(window.endsAt - other.endsAt) > slot;
  });
}

function carbonMoved(
  before: Emissions | undefined,
  after: Emissions | undefined,
  baseline: ExpectedCost | undefined,
): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const difference = differenceOf(after, before);
  if (difference === undefined) return true;
  const scale = Math.max(baseline?.carbon?.grams ?? 0, before.grams, 1e-9);
  return Math.abs(difference) > MATERIAL_SHARE * scale;
}
