import type { CarbonAwareJobStatus } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { Condition } from '../../../operator/api/v1alpha1/conditions.ts';
import type { DurationMs } from '../../../operator/domain/units.ts';

/** Percentage points of the saving. */
const SAVING_POINTS = 5;

/**
 * Whether a status says something new by the product's own rule: the site or a start moved by more than a slot, the saving
 * by 5 %, or a condition changed. Written anew rather than shared with the operator, which it judges.
 */
export function saysSomethingNew(before: CarbonAwareJobStatus, after: CarbonAwareJobStatus, slot: DurationMs): boolean {
  return (
    before.phase !== after.phase ||
    conditionsText(before.conditions) !== conditionsText(after.conditions) ||
    (before.attempts?.length ?? 0) !== (after.attempts?.length ?? 0) ||
    before.plan?.site !== after.plan?.site ||
    before.plan?.accelerator !== after.plan?.accelerator ||
    startsMoved(before, after, slot) ||
    Math.abs(points(before.plan?.saves) - points(after.plan?.saves)) >= SAVING_POINTS
  );
}

/** Without messages and times: those hold figures that change with every plan. */
function conditionsText(conditions: readonly Condition[] = []): string {
  return conditions
    .map(({ type, status, reason }) => `${type}=${status} ${reason}`)
    .sort()
    .join('\n');
}

function startsMoved(before: CarbonAwareJobStatus, after: CarbonAwareJobStatus, slot: DurationMs): boolean {
  const old = starts(before);
  const now = starts(after);
  return (
    old.length !== now.length ||
    now.some(({ at, place }, i) => place !== old[i]?.place || Math.abs(at - old[i].at) > slot)
  );
}

/** Of all windows, those after moves included. */
function starts({ plan }: CarbonAwareJobStatus): readonly { readonly place: string; readonly at: number }[] {
  const { site = '', accelerator, windows = [], moves = [] } = plan ?? {};
  return [{ site, accelerator, windows }, ...moves].flatMap((leg) =>
    leg.windows.map(({ start }) => ({ place: `${leg.site} ${leg.accelerator ?? ''}`, at: Date.parse(start) })),
  );
}

function points(saves: string | undefined): number {
  return saves === undefined ? 0 : parseInt(saves, 10);
}

/** One write to the status of a job, as a watch shows it. */
export interface StatusWrite {
  /** `namespace/name` */
  readonly key: string;
  /** When the watch told of it, by `performance.now()`. */
  readonly at: DurationMs;
  readonly before: CarbonAwareJobStatus;
  readonly after: CarbonAwareJobStatus;
}

export interface JudgedWrites {
  readonly writes: number;
  /** Jobs whose status was written at all. */
  readonly jobs: ReadonlySet<string>;
  /** Writes that said nothing new. */
  readonly needless: readonly StatusWrite[];
}

export function judgeWrites(writes: readonly StatusWrite[], slot: DurationMs): JudgedWrites {
  return {
    writes: writes.length,
    jobs: new Set(writes.map(({ key }) => key)),
    needless: writes.filter(({ before, after }) => !saysSomethingNew(before, after, slot)),
  };
}
