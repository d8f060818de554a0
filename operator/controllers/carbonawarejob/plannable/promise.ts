import type {
  CarbonAwareJobStatusPlan,
  CarbonAwareJobStatusPlanBaseline,
  CarbonAwareJobStatusPlanMove,
} from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { conditionIsTrue } from '../../../api/v1alpha1/conditions.ts';
import { parseTime } from '../../../api/v1alpha1/timestamps.ts';
import { legsAhead, legsOf, type BaselineCost, type Leg } from '../../../domain/decision.ts';
import type { Emissions } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import type { JobPhase, Placement } from '../../../domain/job.ts';
import type { MeanIntensity } from '../../../domain/mean-intensity.ts';
import { isSamePlace } from '../../../domain/place.ts';
import { grams, gramsPerKilowattHour, kilowattHours, watts, type EpochMs } from '../../../domain/units.ts';
import { openAttempt, type Attempt } from '../attempts/attempts.ts';
import { lastRun } from '../attempts/progress.ts';
import type { JobRecord } from '../job-record.ts';

/**
 * What the status has promised, as the next plan must know it: it outlives a restart of the operator. A job that has run is
 * where it ran last, since from there it resumes or moves; what is promised elsewhere follows as moves.
 */
export function promisedPlacement(record: JobRecord, phase: JobPhase, now: EpochMs): Placement | undefined {
  const { conditions, plan } = record.status;
  const open = openAttempt(record.attempts);
  if (phase === 'Running' && open !== undefined) return placementOfRunning(open, legsTold(plan));
  const next = conditionIsTrue(conditions, 'Planned') ? placementAhead(plan, now) : undefined;
  const last = phase === 'Paused' ? lastRun(record.attempts) : undefined;
  if (last === undefined || (next !== undefined && isSamePlace(next, last))) return next;
  const { site, product } = last;
  if (next === undefined) return { site, product, windows: [], moves: [] };
  return { site, product, windows: [windowThatIsOver(last, now)], moves: legsOf(next) };
}

/**
 * What is still ahead of what a plan tells, for a job that is nowhere yet. A place with a window ahead is told with all of its
 * windows: the plan knows which of them were missed.
 */
export function placementAhead(told: PlacesTold | undefined, now: EpochMs): Placement | undefined {
  const [next, ...moves] = legsLeft(legsTold(told), now);
  return next && { ...next, moves };
}

/** The first plan's baseline. */
export function promisedBaseline({ status, createdAt }: JobRecord): BaselineCost | undefined {
  return baselineTold(status.plan?.baseline, createdAt);
}

/** @param createdAt of the job */
export function baselineTold(
  baseline: CarbonAwareJobStatusPlanBaseline = {},
  createdAt: EpochMs,
): BaselineCost | undefined {
  const { accelerator, acceleratorWatts, site, energyKWh, cost, currency, finish } = baseline;
  const finishesAt = timeOf(finish);
  if (site === undefined || energyKWh === undefined || finishesAt === undefined) return undefined;
  return {
    site,
    ...(accelerator !== undefined &&
      acceleratorWatts !== undefined && { accelerator: { product: accelerator, busy: watts(acceleratorWatts) } }),
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

type PlacesTold = Pick<CarbonAwareJobStatusPlan, 'site' | 'accelerator' | 'windows' | 'moves'>;

function legsTold({ site, accelerator, windows = [], moves = [] }: PlacesTold = {}): readonly Leg[] {
  if (site === undefined) return [];
  return [{ site, accelerator, windows }, ...moves]
    .map(({ site, accelerator, windows }) => ({ site, product: accelerator, windows: windowsOf(windows) }))
    .filter(({ windows }) => windows.length > 0);
}

function windowsOf(told: CarbonAwareJobStatusPlanMove['windows']): readonly Interval[] {
  return told.flatMap(({ start, end }) => {
    const startsAt = timeOf(start);
    const endsAt = timeOf(end);
    return startsAt === undefined || endsAt === undefined ? [] : [{ startsAt, endsAt }];
  });
}

/** Where all windows were missed, the last one still says where it was to run. */
function legsLeft(legs: readonly Leg[], now: EpochMs): readonly Leg[] {
  const ahead = legsAhead(legs, now);
  return ahead.length > 0 ? ahead : legs.slice(-1);
}

/** The first window is the one that runs, from its real start on. */
function placementOfRunning(open: Attempt, promised: readonly Leg[]): Placement {
  const { site, product, startedAt } = open;
  const ahead = legsAhead(promised, startedAt);
  const [leg, ...moves] = ahead;
  if (leg === undefined || !isSamePlace(leg, open)) {
    return { site, product, windows: [{ startsAt: startedAt, endsAt: startedAt }], moves: ahead };
  }
  const [current, ...later] = leg.windows.filter(({ endsAt }) => endsAt > startedAt);
  return { site, product, windows: [{ startsAt: startedAt, endsAt: current?.endsAt ?? startedAt }, ...later], moves };
}

/** By the clock of whoever wrote its end it may not be: one that isn't would be taken up again. */
function windowThatIsOver({ startedAt, endedAt = startedAt }: Attempt, now: EpochMs): Interval {
  return { startsAt: Math.min(startedAt, now), endsAt: Math.min(endedAt, now) };
}

function timeOf(text: string | undefined): EpochMs | undefined {
  return text === undefined ? undefined : parseTime(text);
}
