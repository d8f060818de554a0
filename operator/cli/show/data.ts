import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import { legsOf, type Decision, type ExpectedCost } from '../../domain/decision.ts';
import type { Interval } from '../../domain/interval.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Place } from '../../domain/place.ts';
import type { Outlook } from '../../domain/site.ts';

type Data = Readonly<Record<string, unknown>>;

/** What programs read of a cost. Figures that nobody knows are left out. */
export function costData({ carbon, currency, energy, finishesAt, money, startsAt }: ExpectedCost): Data {
  return {
    energyKWh: rounded(energy),
    ...(carbon !== undefined && {
      carbonGrams: rounded(carbon.grams),
      signal: carbon.kind.signal,
      scope: carbon.kind.scope,
      rung: carbon.rung,
    }),
    cost: rounded(money),
    currency,
    start: formatTime(startsAt),
    finish: formatTime(finishesAt),
  };
}

export function windowsData(windows: readonly Interval[]): readonly Data[] {
  return windows.map(({ startsAt, endsAt }) => ({ start: formatTime(startsAt), end: formatTime(endsAt) }));
}

export function placeData({ site, product }: Place): Data {
  return { site, ...(product !== undefined && { accelerator: product }) };
}

export function decisionData(decision: Decision): Data {
  const { alternatives, baseline, chosen, deadlineAtRisk, message, notComparable, reason, rung, source } = decision;
  return {
    job: decision.job,
    reason,
    message,
    deadlineAtRisk,
    ...(chosen !== undefined && {
      plan: {
        legs: legsOf(chosen).map(({ windows, slowdown, ...place }) => ({
          ...placeData(place),
          windows: windowsData(windows),
          ...(slowdown !== undefined && { slowdownPercent: rounded(100 * slowdown) }),
        })),
        expected: costData(chosen.expected),
      },
    }),
    ...(baseline !== undefined && { baseline: { site: baseline.site, ...costData(baseline) } }),
    ...(source !== undefined && { dataSource: source, rung }),
    ...(notComparable !== undefined && { notComparable }),
    alternatives: alternatives.map(({ expected, ...alternative }) => ({
      ...placeData(alternative),
      reason: alternative.reason,
      message: alternative.message,
      ...(expected !== undefined && { expected: costData(expected) }),
    })),
  };
}

/** What jobs like one took at places; nothing where that is not known of any. */
export function observedData({ observedSlowdowns = [] }: Pick<PlannableJob, 'observedSlowdowns'>): Data {
  if (observedSlowdowns.length === 0) return {};
  return {
    observedSlowdowns: observedSlowdowns.map(({ share, certainShare, runs, comparedWith, ...place }) => ({
      ...placeData(place),
      slowdownPercent: rounded(100 * share),
      certainSlowdownPercent: rounded(100 * certainShare),
      runs,
      comparedWith: { ...placeData(comparedWith), runs: comparedWith.runs },
    })),
  };
}

export function outlookData({ rung, series }: Outlook): Data {
  const { samples, scope, signal, source, zone } = series;
  return {
    ...{ zone, signal, scope, source, rung },
    samples: samples.map(({ gramsPerKilowattHour, ...interval }) => ({
      ...windowsData([interval])[0],
      gramsPerKWh: rounded(gramsPerKilowattHour),
    })),
  };
}

/** Six digits: what is behind them is rounding of sums. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
