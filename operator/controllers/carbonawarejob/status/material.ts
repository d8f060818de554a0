import type {
  CarbonAwareJobStatus,
  CarbonAwareJobStatusPlan,
  CarbonAwareJobStatusPlanBaseline,
} from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import type { Condition } from '../../../api/v1alpha1/conditions.ts';
import { parseTime } from '../../../api/v1alpha1/timestamps.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import { sameJson } from '../../same-json.ts';

/** How far a plan may move without anyone being told. */
export interface Tolerance {
  /** Of starts. */
  readonly slot: DurationMs;
  /** Of the finish, which moves a little with every look at a job that runs. */
  readonly finish: DurationMs;
}

/** Percentage points. */
const SAVING_TOLERANCE = 5;

/** Whether the new status says something that is worth a write. */
export function changedMaterially(
  before: CarbonAwareJobStatus,
  after: CarbonAwareJobStatus,
  tolerance: Tolerance,
): boolean {
  return (
    before.observedGeneration !== after.observedGeneration ||
    before.phase !== after.phase ||
    before.policy !== after.policy ||
    before.completedWork !== after.completedWork ||
    !sameJson(before.attempts ?? [], after.attempts ?? []) ||
    conditionsChanged(before.conditions ?? [], after.conditions ?? []) ||
    planMoved(before.plan, after.plan, tolerance)
  );
}

/** Messages may differ: they hold figures that change with every plan. */
function conditionsChanged(before: readonly Condition[], after: readonly Condition[]): boolean {
  return (
    before.length !== after.length ||
    after.some((condition) => {
      const old = before.find(({ type }) => type === condition.type);
      return (
        old?.status !== condition.status ||
        old.reason !== condition.reason ||
        old.observedGeneration !== condition.observedGeneration
      );
    })
  );
}

/** The site changed, a start moved by more than a slot, the saving by 5 points, or the finish by more than its tolerance. */
function planMoved(
  before: CarbonAwareJobStatusPlan | undefined,
  after: CarbonAwareJobStatusPlan | undefined,
  { slot, finish }: Tolerance,
): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return (
    before.site !== after.site ||
    before.accelerator !== after.accelerator ||
    deadlineMoved(before, after, finish) ||
    before.length?.learntFrom !== after.length?.learntFrom ||
    before.signal !== after.signal ||
    before.scope !== after.scope ||
    baselineChanged(before.baseline, after.baseline) ||
    startsMoved(before, after, slot) ||
    savingMoved(before.saves, after.saves) ||
    timeMoved(before.expected?.finish, after.expected?.finish, finish)
  );
}

/** That of a job whose length nobody has told moves with what others like it take. */
function deadlineMoved(
  before: CarbonAwareJobStatusPlan,
  after: CarbonAwareJobStatusPlan,
  tolerance: DurationMs,
): boolean {
  if (after.length !== undefined) return timeMoved(before.deadline, after.deadline, tolerance);
  return before.deadline !== after.deadline;
}

/** The first plan's baseline stays, but for what its grams count and rest on, and the power of today: the saving stays by that. */
function baselineChanged(
  before: CarbonAwareJobStatusPlanBaseline | undefined,
  after: CarbonAwareJobStatusPlanBaseline | undefined,
): boolean {
  return (
    (before === undefined) !== (after === undefined) ||
    before?.signal !== after?.signal ||
    before?.scope !== after?.scope ||
    before?.rung !== after?.rung ||
    (before?.carbonGrams === undefined) !== (after?.carbonGrams === undefined)
  );
}

function startsMoved(before: CarbonAwareJobStatusPlan, after: CarbonAwareJobStatusPlan, slot: DurationMs): boolean {
  const old = startsIn(before);
  const starts = startsIn(after);
  return (
    timeMoved(before.starts, after.starts, slot) ||
    old.length !== starts.length ||
    starts.some((one, i) => startMoved(old[i], one, slot))
  );
}

interface PlannedStart {
  /** Site and accelerator. */
  readonly place: string;
  readonly start: string;
}

/** Of all windows, in order, and where. */
function startsIn(plan: CarbonAwareJobStatusPlan | undefined): readonly PlannedStart[] {
  const { site = '', accelerator, windows = [], moves = [] } = plan ?? {};
  return [{ site, accelerator, windows }, ...moves].flatMap((leg) =>
    leg.windows.map(({ start }) => ({ place: `${leg.site}/${leg.accelerator ?? ''}`, start })),
  );
}

function startMoved(before: PlannedStart | undefined, after: PlannedStart, by: DurationMs): boolean {
  return before?.place !== after.place || timeMoved(before.start, after.start, by);
}

function savingMoved(before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return Math.abs(parseInt(before, 10) - parseInt(after, 10)) >= SAVING_TOLERANCE;
}

function timeMoved(before: string | undefined, after: string | undefined, by: DurationMs): boolean {
  if (before === undefined || after === undefined) return before !== after;
  return Math.abs(timeOf(before) - timeOf(after)) > by;
}

/**
 * The job is to run elsewhere or at other times: a change of mind, and not only of an estimate. A window that is over and
 * no longer told is none, and neither is a move that was planned and has come.
 */
export function mindChanged(
  before: CarbonAwareJobStatusPlan | undefined,
  after: CarbonAwareJobStatusPlan | undefined,
  slot: DurationMs,
): boolean {
  if (before === undefined || after === undefined) return before !== after;
  const old = startsIn(before);
  const starts = startsIn(after);
  const [next] = starts;
  const isIn = (list: readonly PlannedStart[], start: PlannedStart): boolean =>
    list.some((one) => !startMoved(one, start, slot));
  const isNew = starts.some((start) => !isIn(old, start));
  const isDropped = old.some((one) => !isIn(starts, one) && timeOf(one.start) > timeOf(next?.start));
  return isNew || isDropped;
}

function timeOf(text: string | undefined): EpochMs {
  return text === undefined ? 0 : (parseTime(text) ?? 0);
}
