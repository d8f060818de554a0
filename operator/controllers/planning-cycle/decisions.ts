import { legsOf, type Decision, type ExpectedCost, type Leg, type Plan } from '../../domain/decision.ts';
import { differenceOf, type Emissions } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import { isSamePlace } from '../../domain/place.ts';
import type { DurationMs } from '../../domain/units.ts';

/** What the last plan said, for the reconcilers to carry out. */
export interface Decisions {
  /** By job key; `undefined` where no plan has seen that revision of the job yet. */
  get(job: string, revision: string): Decision | undefined;
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
  return before.some((leg, i) => {
    const other = after[i];
    return other === undefined || !isSamePlace(leg, other) || windowsMoved(leg.windows, other.windows, slot);
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
