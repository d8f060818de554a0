import { hourlyFigures, hourOf, startOfHour } from '../accounting/forecast-skill/hourly-figures.ts';
import type { IntensitySample, IntensitySeries } from '../domain/intensity.ts';
import type { Interval } from '../domain/interval.ts';
import { normal, seededRandom } from '../domain/random.ts';
import type { Outlook } from '../domain/site.ts';
import { gramsPerKilowattHour, HOUR_MS, type DurationMs, type EpochMs } from '../domain/units.ts';
import type { Foresight } from './scenario.ts';

/**
 * Forecasts that are there from the beginning and never change: with what comes itself, perfect knowledge; else a series
 * of forecasts, or one with {@link withNoise}. A zone that is not among them is unknown.
 * @param told where they stand on the ladder and how far off they are expected to be, all of them alike; by default they
 * are live and taken at their word
 */
export function foreseen(
  series: ReadonlyMap<string, IntensitySeries>,
  told: Partial<Pick<Outlook, 'rung' | 'expectedError'>> = {},
): Foresight {
  return (zone, at, until) => {
    const known = series.get(zone);
    if (known === undefined) return undefined;
    const samples = touching(known.samples, { startsAt: at, endsAt: until });
    return { series: { ...known, perspective: 'Forecast', issuedAt: at, samples }, rung: 'LiveForecast', ...told };
  };
}

/** The same hour of the day before, of the last day that knows it: what everybody has. Nothing of an hour is known before it is over. */
export function sameHourBefore(came: ReadonlyMap<string, IntensitySeries>): Foresight {
  const known = new Map([...came].map(([zone, series]) => [zone, { series, figures: hourlyFigures(series.samples) }]));
  return (zone, at, until) => {
    const { series, figures } = known.get(zone) ?? {};
    if (series === undefined || figures === undefined) return undefined;
    const count = hourOf(until - 1) - hourOf(at) + 1;
    const samples = Array.from({ length: count }, (_, k) => hourOf(at) + k).flatMap((hour) => {
      const figure = figures.get(hour - DAY_HOURS * Math.ceil((hour - hourOf(at) + 1) / DAY_HOURS));
      if (figure === undefined) return [];
      const startsAt = startOfHour(hour);
      return [
        { startsAt, endsAt: startsAt + HOUR_MS, gramsPerKilowattHour: gramsPerKilowattHour(figure), estimated: true },
      ];
    });
    return { series: { ...series, perspective: 'Forecast', synthetic: true, samples }, rung: 'Persistence' };
  };
}

const DAY_HOURS = 24;

/** Nobody says anything. */
export const unforeseen: Foresight = () => undefined;

/** Forecasts reach no further than this ahead. */
export function within(horizon: DurationMs, foresight: Foresight): Foresight {
  return (zone, at, until) => {
    const outlook = foresight(zone, at, Math.min(until, at + horizon));
    if (outlook === undefined) return undefined;
    const samples = outlook.series.samples.filter(({ startsAt }) => startsAt < at + horizon);
    return { ...outlook, series: { ...outlook.series, samples } };
  };
}

/** The last forecast is of `lastAt`: since then its source is silent, and what it said then is all that is known. */
export function staleSince(lastAt: EpochMs, foresight: Foresight): Foresight {
  return (zone, at, until) => {
    if (at <= lastAt) return foresight(zone, at, until);
    const last = foresight(zone, lastAt, until);
    if (last === undefined) return undefined;
    const samples = touching(last.series.samples, { startsAt: at, endsAt: until });
    return { ...last, series: { ...last.series, samples }, rung: 'CachedForecast' };
  };
}

/** Says nothing of the stretches of time given. */
export function withGaps(gaps: readonly Interval[], series: IntensitySeries): IntensitySeries {
  const isOutside = ({ startsAt, endsAt }: Interval): boolean =>
    gaps.every((gap) => endsAt <= gap.startsAt || startsAt >= gap.endsAt);
  return { ...series, samples: series.samples.filter(isOutside) };
}

/**
 * A forecast that is off by normal noise, drawn anew for every sample: its deviation is a share of the mean of the whole
 * series, as in Wiesner et al., "Let's Wait Awhile" (Middleware '21). It may say less than nothing.
 */
export function withNoise(
  series: IntensitySeries,
  { share, seed }: { readonly share: number; readonly seed: number },
): IntensitySeries {
  const deviation = share * meanOf(series.samples);
  const random = seededRandom(seed);
  const samples = series.samples.map((sample) => ({
    ...sample,
    gramsPerKilowattHour: gramsPerKilowattHour(sample.gramsPerKilowattHour + deviation * normal(random)),
    estimated: true,
  }));
  return { ...series, samples };
}

function meanOf(samples: readonly IntensitySample[]): number {
  return samples.reduce((sum, { gramsPerKilowattHour: figure }) => sum + figure, 0) / Math.max(1, samples.length);
}

/** The samples that touch the interval, whole: the same objects, since millions of plans are made from them. */
function touching<T extends Interval>(samples: readonly T[], { startsAt, endsAt }: Interval): readonly T[] {
  return samples.slice(
    firstFrom(samples, (sample) => sample.endsAt > startsAt),
    firstFrom(samples, (sample) => sample.startsAt >= endsAt),
  );
}

/** By halving: the first for which it holds, where it holds for all after it too. */
function firstFrom<T>(samples: readonly T[], holds: (sample: T) => boolean): number {
  let from = 0;
  let until = samples.length;
  while (from < until) {
    const middle = (from + until) >>> 1;
    const sample = samples[middle];
    if (sample !== undefined && holds(sample)) until = middle;
    else from = middle + 1;
  }
  return from;
}
