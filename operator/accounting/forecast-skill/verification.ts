import type { EpochMs } from '../../domain/units.ts';
import { hourOf, type HourlyFigures, type HourOfTime } from './hourly-figures.ts';
import { MAX_DAYS_BACK, persistenceFrom } from './persistence.ts';

/** Lead times that forecasts are scored at, in hours: from the hour in which one was made to the hour that it speaks of. */
export const LEADS = [1, 6, 24, 48, 72] as const;
export type Lead = (typeof LEADS)[number];

/** Errors of predictions, g/kWh, as sums: they add up over days. */
export interface ErrorSums {
  readonly count: number;
  /** Of |predicted - came|. */
  readonly absolute: number;
  /** Of |predicted - came| / came, over the `shareCount` hours in which anything was emitted worth dividing by. */
  readonly share: number;
  readonly shareCount: number;
  /** Of predicted - came: above zero, it was cleaner than predicted. */
  readonly signed: number;
  /** Of (predicted - came)². */
  readonly squared: number;
}

/** Of one day and lead: the forecast's errors, and those of persistence for the very same hours. */
export interface DayScore {
  readonly forecast: ErrorSums;
  readonly persistence: ErrorSums;
}

/** What is kept to verify the forecasts of one source for one zone and signal. */
export interface Verification {
  /** Measured. */
  readonly came: HourlyFigures;
  /** By lead, what was predicted for hours that have not come yet, as the first forecast of its hour said it. */
  readonly predicted: ReadonlyMap<Lead, HourlyFigures>;
  /** By day (whole days since 1970) and lead. */
  readonly scores: ReadonlyMap<number, ReadonlyMap<Lead, DayScore>>;
}

export const NOTHING_VERIFIED: Verification = { came: new Map(), predicted: new Map(), scores: new Map() };

/** So long predictions wait for the truth: providers correct measurements for a day or two, then it comes no more. */
const WAIT_HOURS = 48;
const SCORED_DAYS = 7;
const LONGEST_LEAD = Math.max(...LEADS);
/** So long what came is kept: persistence reaches back a week, and is scored by what it could say at the longest lead. */
const CAME_HOURS = MAX_DAYS_BACK * 24 + LONGEST_LEAD + 24;
/** Below this the share of an error says nothing. */
const LEAST_DIVISOR = 1;

const NO_ERRORS: ErrorSums = { count: 0, absolute: 0, share: 0, shareCount: 0, signed: 0, squared: 0 };

/**
 * Takes in a forecast made at `now`. Of several made in one hour the first one is held to its word; of an hour that is
 * known there is nothing to predict any more.
 */
export function withForecast(before: Verification, forecast: HourlyFigures, now: EpochMs): Verification {
  const kept = withoutTheOld(before, now);
  const predicted = new Map(kept.predicted);
  for (const lead of LEADS) {
    const hour = hourOf(now) + lead;
    const figure = forecast.get(hour);
    const known = predicted.get(lead) ?? new Map<HourOfTime, number>();
    if (figure === undefined || known.has(hour) || kept.came.has(hour)) continue;
    predicted.set(lead, new Map(known).set(hour, figure));
  }
  return { ...kept, predicted };
}

/** Takes in what came. Every prediction whose hour is now known is scored once. */
export function withTruth(before: Verification, truth: HourlyFigures, now: EpochMs): Verification {
  const current = hourOf(now);
  const kept = withoutTheOld(before, now);
  const came = new Map(kept.came);
  for (const [hour, figure] of truth) if (hour < current && hour > current - CAME_HOURS) came.set(hour, figure);
  const scores = new Map(kept.scores);
  const predicted = new Map<Lead, HourlyFigures>();
  for (const [lead, hours] of kept.predicted) {
    const waiting = new Map<HourOfTime, number>();
    for (const [hour, figure] of hours) {
      const measured = came.get(hour);
      if (measured === undefined) waiting.set(hour, figure);
      else score({ scores, came }, { lead, hour, figure, measured });
    }
    if (waiting.size > 0) predicted.set(lead, waiting);
  }
  return { came, predicted, scores };
}

/**
 * Without what is too old to matter, so that neither a source that never tells what came makes it grow, nor one that has
 * stopped telling is judged by it for ever; and without what only a clock that was far ahead can have left.
 */
export function withoutTheOld({ came, predicted, scores }: Verification, now: EpochMs): Verification {
  const current = hourOf(now);
  const today = Math.floor(current / 24);
  const isAwaited = (hour: HourOfTime): boolean => hour > current - WAIT_HOURS && hour <= current + LONGEST_LEAD;
  const waiting = [...predicted].map(([lead, hours]) => [lead, entriesWhere(hours, isAwaited)] as const);
  return {
    came: entriesWhere(came, (hour) => Math.abs(hour - current) < CAME_HOURS),
    predicted: new Map(waiting.filter(([, hours]) => hours.size > 0)),
    scores: entriesWhere(scores, (day) => Math.abs(day - today) < SCORED_DAYS),
  };
}

function entriesWhere<V>(map: ReadonlyMap<number, V>, isKept: (key: number) => boolean): ReadonlyMap<number, V> {
  return new Map([...map].filter(([key]) => isKept(key)));
}

interface Settled {
  readonly lead: Lead;
  readonly hour: HourOfTime;
  readonly figure: number;
  readonly measured: number;
}

/** Both or none: an hour for which persistence had nothing to say can't tell which of the two is better. */
function score(
  { scores, came }: { scores: Map<number, ReadonlyMap<Lead, DayScore>>; came: HourlyFigures },
  { lead, hour, figure, measured }: Settled,
): void {
  const persisted = persistenceFrom(came, hour - lead)(hour);
  if (persisted === undefined) return;
  const day = Math.floor(hour / 24);
  const ofDay = scores.get(day);
  const before = ofDay?.get(lead) ?? { forecast: NO_ERRORS, persistence: NO_ERRORS };
  const after = {
    forecast: withError(before.forecast, figure, measured),
    persistence: withError(before.persistence, persisted, measured),
  };
  scores.set(day, new Map(ofDay).set(lead, after));
}

function withError(sums: ErrorSums, predicted: number, measured: number): ErrorSums {
  const error = predicted - measured;
  const counts = measured >= LEAST_DIVISOR;
  return {
    count: sums.count + 1,
    absolute: sums.absolute + Math.abs(error),
    share: sums.share + (counts ? Math.abs(error) / measured : 0),
    shareCount: sums.shareCount + (counts ? 1 : 0),
    signed: sums.signed + error,
    squared: sums.squared + error ** 2,
  };
}

export function addErrors(a: ErrorSums, b: ErrorSums): ErrorSums {
  return {
    count: a.count + b.count,
    absolute: a.absolute + b.absolute,
    share: a.share + b.share,
    shareCount: a.shareCount + b.shareCount,
    signed: a.signed + b.signed,
    squared: a.squared + b.squared,
  };
}

/** Over all days that are kept. */
export function totalAt(verification: Verification, lead: Lead): DayScore {
  let total: DayScore = { forecast: NO_ERRORS, persistence: NO_ERRORS };
  for (const ofDay of verification.scores.values()) {
    const day = ofDay.get(lead);
    if (day === undefined) continue;
    total = {
      forecast: addErrors(total.forecast, day.forecast),
      persistence: addErrors(total.persistence, day.persistence),
    };
  }
  return total;
}
