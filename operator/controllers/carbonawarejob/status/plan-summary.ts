import type {
  CarbonAwareJobStatusAlternative,
  CarbonAwareJobStatusPlan,
  CarbonAwareJobStatusPlanBaseline,
  CarbonAwareJobStatusPlanExpected,
  CarbonAwareJobStatusPlanLength,
  CarbonAwareJobStatusPlanMove,
  CarbonAwareJobStatusPlanPromised,
} from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { shortened } from '../../../api/v1alpha1/conditions.ts';
import { formatTime } from '../../../api/v1alpha1/timestamps.ts';
import {
  legsAhead,
  legsOf,
  type Alternative,
  type BaselineCost,
  type Decision,
  type ExpectedCost,
  type Leg,
  type Option,
} from '../../../domain/decision.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { differenceOf, type Emissions, type Footing, type Rung } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { formatDecimal, formatSignedDecimal } from '../../../domain/quantity.ts';
import type { ExpectedLength } from '../../../domain/length/length-belief.ts';
import { MINUTE_MS, type EpochMs } from '../../../domain/units.ts';
import { openAttempt, type Attempt } from '../attempts/attempts.ts';

/** Of all sites together. */
const MAX_WINDOWS = 64;
const MAX_MOVES = 8;
const MAX_ALTERNATIVES = 3;
const MAX_ALTERNATIVE_MESSAGE = 512;
const MAX_PLAN_MESSAGE = 1024;
const ENERGY_DIGITS = 3;
const MONEY_DIGITS = 4;
const INTENSITY_DIGITS = 2;

/**
 * The decision as the status tells it: the site where the job runs, or runs next, and then those where it goes on. A job that
 * runs shows the window that runs from its real start on.
 */
export function planSummary(
  decision: Decision & { readonly chosen: Option },
  { attempts, now }: { readonly attempts: readonly Attempt[]; readonly now: EpochMs },
  deadline: EpochMs | undefined,
): CarbonAwareJobStatusPlan {
  const { chosen, baseline, signal } = decision;
  const places = placesShown(chosen, { attempts, now });
  const [first] = attempts;
  const starts = first === undefined ? places.windows?.[0]?.start : formatTime(first.startedAt);
  const saves = savingShown(chosen.expected, baseline);
  const promised = promiseShown(chosen.expected);
  const dataSource = dataSourceShown(decision);
  return {
    ...places,
    ...(starts !== undefined && { starts }),
    expected: costShown(chosen.expected),
    ...(baseline !== undefined && { baseline: baselineShown(baseline) }),
    ...(saves !== undefined && { saves }),
    signal,
    ...(chosen.expected.carbon !== undefined && { scope: chosen.expected.carbon.kind.scope }),
    ...(dataSource !== undefined && { dataSource }),
    ...(promised !== undefined && { promised }),
    ...(deadline !== undefined && { deadline: formatTime(deadline) }),
    ...(decision.length !== undefined && { length: lengthShown(decision.length) }),
    reason: decision.reason,
    message: shortened(decision.message, MAX_PLAN_MESSAGE),
  };
}

/** Where and when the job runs, or runs next, and where it goes on. */
export function placesShown(
  chosen: Option,
  { attempts, now }: { readonly attempts: readonly Attempt[]; readonly now: EpochMs },
): PlacesShown {
  const open = openAttempt(attempts);
  const [here = chosen, ...moves] = legsShown(chosen, open?.startedAt ?? now);
  return {
    ...moveShown({ ...here, windows: windowsShown(here.windows, open) }),
    ...(moves.length > 0 && { moves: moves.map(moveShown) }),
  };
}

export type PlacesShown = Pick<CarbonAwareJobStatusPlan, 'site' | 'accelerator' | 'windows' | 'moves'>;

export function alternativesShown(alternatives: readonly Alternative[]): readonly CarbonAwareJobStatusAlternative[] {
  return alternatives.slice(0, MAX_ALTERNATIVES).map(({ site, product, expected, reason, message }) => ({
    site,
    ...(product !== undefined && { accelerator: product }),
    ...(expected !== undefined && {
      start: formatTime(expected.startsAt),
      finish: formatTime(expected.finishesAt),
      ...(expected.carbon !== undefined && { carbonGrams: gramsShown(expected.carbon) }),
      cost: formatSignedDecimal(expected.money, MONEY_DIGITS),
    }),
    reason,
    message: shortened(message, MAX_ALTERNATIVE_MESSAGE),
  }));
}

/**
 * Grams that the plan saves, as a whole percentage of the baseline's; negative where it emits more. Grams that can't be
 * compared make no saving.
 */
function savingShown(expected: ExpectedCost, baseline: ExpectedCost | undefined): string | undefined {
  if (expected.carbon === undefined || baseline?.carbon === undefined) return undefined;
  const saved = differenceOf(baseline.carbon, expected.carbon);
  if (saved === undefined || !(baseline.carbon.grams > 0)) return undefined;
  const percent = Math.round((100 * saved) / baseline.carbon.grams);
  return `${Math.max(-9999, percent === 0 ? 0 : percent)}%`;
}

/** Those that are not over, or the last one; as many as are listed. */
function legsShown(chosen: Option, from: EpochMs): readonly Leg[] {
  const legs = legsOf(chosen);
  const ahead = legsAhead(legs, from);
  const shown: Leg[] = [];
  let room = MAX_WINDOWS;
  for (const leg of (ahead.length > 0 ? ahead : legs.slice(-1)).slice(0, 1 + MAX_MOVES)) {
    const windows = leg.windows.slice(0, room);
    room -= windows.length;
    if (windows.length > 0) shown.push({ ...leg, windows });
  }
  return shown;
}

function windowsShown(windows: readonly Interval[], open: Attempt | undefined): readonly Interval[] {
  const [current, ...later] = windows;
  const goesOn = open !== undefined && current !== undefined && current.endsAt > open.startedAt;
  return goesOn
    ? [{ startsAt: Math.min(open.startedAt, current.startsAt), endsAt: current.endsAt }, ...later]
    : windows;
}

function moveShown({ site, product, windows }: Leg): CarbonAwareJobStatusPlanMove {
  return { site, ...(product !== undefined && { accelerator: product }), windows: windows.map(windowShown) };
}

function windowShown({ startsAt, endsAt }: Interval): { readonly start: string; readonly end: string } {
  return { start: formatTime(startsAt), end: formatTime(endsAt) };
}

/** Beside its cost, what its grams count and rest on: it may be older than the plan. */
export function baselineShown({ site, accelerator, carbon, ...cost }: BaselineCost): CarbonAwareJobStatusPlanBaseline {
  const footing = carbon && rungShown(carbon.rung);
  return {
    site,
    ...(accelerator !== undefined && {
      accelerator: accelerator.product,
      acceleratorWatts: Math.max(1, Math.round(accelerator.busy)),
    }),
    ...costShown({ site, carbon, ...cost }),
    ...(carbon !== undefined && carbon.kind),
    ...(footing !== undefined && { rung: footing }),
  };
}

/** In whole minutes. */
function lengthShown({ work, learntFrom }: ExpectedLength): CarbonAwareJobStatusPlanLength {
  return {
    plannedFor: formatDuration(Math.ceil(work / MINUTE_MS) * MINUTE_MS),
    learntFrom: learntFrom?.kinship ?? 'Nothing',
    runs: learntFrom?.runs ?? 0,
  };
}

/** The mean over the whole job. */
function promiseShown({ carbon, energy }: ExpectedCost): CarbonAwareJobStatusPlanPromised | undefined {
  const rung = carbon && rungShown(carbon.rung);
  if (rung === undefined || carbon === undefined || !(energy > 0)) return undefined;
  return { gramsPerKWh: formatDecimal(carbon.grams / energy, INTENSITY_DIGITS), ...carbon.kind, rung };
}

/** `undefined` where it is no one rung. */
function rungShown(rung: Footing): Exclude<Rung, 'None'> | undefined {
  return rung === 'None' || rung === 'PartlyTypicalDay' ? undefined : rung;
}

function costShown({ energy, carbon, money, currency, finishesAt }: ExpectedCost): CarbonAwareJobStatusPlanExpected {
  return {
    energyKWh: formatDecimal(energy, ENERGY_DIGITS),
    ...(carbon !== undefined && { carbonGrams: gramsShown(carbon) }),
    cost: formatSignedDecimal(money, MONEY_DIGITS),
    currency,
    finish: formatTime(finishesAt),
  };
}

/** Whole grams, except where that would round a small job's figures away. */
function gramsShown({ grams }: Emissions): string {
  return formatDecimal(grams, grams < 100 ? 2 : 0);
}

function dataSourceShown({ source, rung }: Decision): string | undefined {
  return source === undefined ? undefined : shortened(`${source} (${rung})`, 128);
}
