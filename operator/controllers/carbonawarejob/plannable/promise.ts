import type { CarbonAwareJobStatusPlanBaseline } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { parseTime } from '../../../api/v1alpha1/timestamps.ts';
import type { ExpectedCost } from '../../../domain/decision.ts';
import type { Emissions } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import type { JobPhase, Placement } from '../../../domain/job.ts';
import type { MeanIntensity } from '../../../domain/mean-intensity.ts';
import { grams, gramsPerKilowattHour, kilowattHours, type EpochMs } from '../../../domain/units.ts';
import { openAttempt, type Attempt } from '../attempts/attempts.ts';
import type { JobRecord } from '../job-record.ts';

/** What the status has promised, as the next plan must know it: it outlives a restart of the operator. */
export function promisedPlacement(record: JobRecord, phase: JobPhase): Placement | undefined {
  const windows = promisedWindows(record);
  const open = openAttempt(record.attempts);
  if (phase === 'Running' && open !== undefined) {
    return { site: open.site, product: open.product, windows: windowsOf(open, windows) };
  }
  const { plan, conditions } = record.status;
  if (plan?.site === undefined || windows.length === 0 || !conditionIsTrue(conditions, 'Planned')) return undefined;
  return { site: plan.site, product: plan.accelerator, windows };
}

/** The first plan's baseline. */
export function promisedBaseline({ status, createdAt }: JobRecord): ExpectedCost | undefined {
  const { baseline = {} } = status.plan ?? {};
  const { site, energyKWh, cost, currency, finish } = baseline;
  const finishesAt = timeOf(finish);
  if (site === undefined || energyKWh === undefined || finishesAt === undefined) return undefined;
  return {
    site,
    energy: kilowattHours(Number(energyKWh)),
    carbon: emissionsTold(baseline),
    money: Number(cost ?? 0),
    currency: currency ?? '',
    startsAt: createdAt,
    finishesAt,
  };
}

/**
 * Mean intensity that the job was started with. That of the plan as it stands now would hold what was priced by the mean of
 * the plan before it, and wander off.
 */
export function promisedIntensity({ status }: JobRecord): MeanIntensity | undefined {
  const { gramsPerKWh, signal, scope, rung } = status.plan?.promised ?? {};
  if (gramsPerKWh === undefined || signal === undefined || scope === undefined || rung === undefined) return undefined;
  return { figure: gramsPerKilowattHour(Number(gramsPerKWh)), kind: { signal, scope }, rung };
}

/**
 * Grams as a status tells them. Where it does not say what they count and what they rest on, as statuses of early versions
 * don't, they are as good as unknown: a guess could be compared with what it must not be.
 */
function emissionsTold({ carbonGrams, signal, scope, rung }: CarbonAwareJobStatusPlanBaseline): Emissions | undefined {
  if (carbonGrams === undefined || signal === undefined || scope === undefined || rung === undefined) return undefined;
  return { grams: grams(Number(carbonGrams)), kind: { signal, scope }, rung };
}

function promisedWindows({ status }: JobRecord): readonly Interval[] {
  return (status.plan?.windows ?? []).flatMap(({ start, end }) => {
    const startsAt = timeOf(start);
    const endsAt = timeOf(end);
    return startsAt === undefined || endsAt === undefined ? [] : [{ startsAt, endsAt }];
  });
}

/** The first window is the one that runs, from its real start on. */
function windowsOf(open: Attempt, promised: readonly Interval[]): readonly Interval[] {
  const [current, ...later] = promised.filter(({ endsAt }) => endsAt > open.startedAt);
  return [{ startsAt: open.startedAt, endsAt: current?.endsAt ?? open.startedAt }, ...later];
}

function timeOf(text: string | undefined): EpochMs | undefined {
  return text === undefined ? undefined : parseTime(text);
}
