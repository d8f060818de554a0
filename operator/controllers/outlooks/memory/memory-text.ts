import type { HourlyFigures, HourOfTime } from '../../../accounting/forecast-skill/hourly-figures.ts';
import {
  LEADS,
  type DayScore,
  type ErrorSums,
  type Lead,
  type Verification,
} from '../../../accounting/forecast-skill/verification.ts';
import type { EmissionScope, IntensitySample, Signal } from '../../../domain/intensity.ts';
import { gramsPerKilowattHour, type EpochMs } from '../../../domain/units.ts';
import type { RememberedForecast } from '../../../ports/carbon.ts';
import type { ZoneMemory } from './carbon-memory.ts';

/** All that outlives a restart. */
export interface KeptKnowledge {
  readonly zones: readonly ZoneMemory[];
  readonly forecasts: readonly RememberedForecast[];
}

const VERSION = 1;
/** Of each: some hundred zones with two signals. What goes beyond it is the oldest, and is learnt anew after a restart. */
const MOST_ENTRIES = 400;
/** Longer forecasts, in slots of five minutes say, are kept by the hour. */
const MOST_SAMPLES = 300;

/** Figures by hour, from the first known hour on; `null` is unknown. */
type HourText = readonly [from: HourOfTime, ...figures: (number | null)[]];
type ErrorText = readonly [count: number, absolute: number, share: number, shareCount: number, signed: number];

interface ZoneText {
  readonly key: readonly [source: string, zone: string, signal: Signal, scope: EmissionScope];
  readonly trusted: boolean;
  readonly came: HourText;
  readonly predicted: readonly (readonly [Lead, ...HourText])[];
  readonly scores: readonly (readonly [day: number, lead: Lead, forecast: ErrorText, persistence: ErrorText])[];
}

interface ForecastText {
  readonly key: readonly [source: string, zone: string, signal: Signal, scope: EmissionScope];
  readonly at: EpochMs;
  readonly issued: EpochMs;
  readonly synthetic: boolean;
  /** Start of the first sample. */
  readonly from: EpochMs;
  /** Start and length in seconds, counted from `from`; g/kWh; and whether estimated. */
  readonly samples: readonly (readonly [number, number, number, 0 | 1])[];
}

export function textOfKnowledge({ zones, forecasts }: KeptKnowledge): string {
  const newestFirst = forecasts.toSorted((a, b) => b.askedAt - a.askedAt).slice(0, MOST_ENTRIES);
  return JSON.stringify({
    version: VERSION,
    zones: zones.slice(-MOST_ENTRIES).map(textOfZone),
    forecasts: newestFirst.map(textOfForecast),
  });
}

/** Throws where the text is of another version or no JSON; an entry that can't be read is left out. */
export function knowledgeIn(text: string): KeptKnowledge {
  const kept = JSON.parse(text) as {
    version?: number;
    zones?: readonly ZoneText[];
    forecasts?: readonly ForecastText[];
  };
  if (kept.version !== VERSION)
    throw new Error(`it is of version ${String(kept.version)}, this operator reads ${String(VERSION)}`);
  return {
    zones: (kept.zones ?? []).flatMap((zone) => readable(() => zoneIn(zone))),
    forecasts: (kept.forecasts ?? []).flatMap((forecast) => readable(() => forecastIn(forecast))),
  };
}

function readable<T>(read: () => T): readonly T[] {
  try {
    return [read()];
  } catch {
    return [];
  }
}

function textOfZone({ source, zone, signal, scope, trusted, verification }: ZoneMemory): ZoneText {
  const { came, predicted, scores } = verification;
  return {
    key: [source, zone, signal, scope],
    trusted,
    came: textOfHours(came),
    predicted: [...predicted].map(([lead, hours]) => [lead, ...textOfHours(hours)] as const),
    scores: [...scores].flatMap(([day, ofDay]) =>
      [...ofDay].map(
        ([lead, { forecast, persistence }]) => [day, lead, textOfErrors(forecast), textOfErrors(persistence)] as const,
      ),
    ),
  };
}

function zoneIn({ key: [source, zone, signal, scope], trusted, came, predicted, scores }: ZoneText): ZoneMemory {
  return { source, zone, signal, scope, trusted, verification: verificationIn({ came, predicted, scores }) };
}

function verificationIn({ came, predicted, scores }: Pick<ZoneText, 'came' | 'predicted' | 'scores'>): Verification {
  const byDay = new Map<number, ReadonlyMap<Lead, DayScore>>();
  for (const [day, lead, forecast, persistence] of scores) {
    const score = { forecast: errorsIn(forecast), persistence: errorsIn(persistence) };
    byDay.set(day, new Map(byDay.get(day)).set(lead, score));
  }
  const waiting = predicted.filter(([lead]) => LEADS.includes(lead));
  return {
    came: hoursIn(came),
    predicted: new Map(waiting.map(([lead, from, ...figures]) => [lead, hoursIn([from, ...figures])])),
    scores: byDay,
  };
}

function textOfHours(hours: HourlyFigures): HourText {
  const known = [...hours.keys()];
  if (known.length === 0) return [0];
  const [from, until] = [Math.min(...known), Math.max(...known)];
  const figures = Array.from({ length: until - from + 1 }, (_, k) => {
    const figure = hours.get(from + k);
    return figure === undefined ? null : rounded(figure);
  });
  return [from, ...figures];
}

function hoursIn([from, ...figures]: HourText): HourlyFigures {
  return new Map(figures.flatMap((figure, k) => (typeof figure === 'number' ? [[from + k, figure] as const] : [])));
}

function textOfErrors({ count, absolute, share, shareCount, signed }: ErrorSums): ErrorText {
  return [count, rounded(absolute), Math.round(share * 1e4) / 1e4, shareCount, rounded(signed)];
}

function errorsIn([count, absolute, share, shareCount, signed]: ErrorText): ErrorSums {
  return { count, absolute, share, shareCount, signed };
}

function textOfForecast({ series, askedAt }: RememberedForecast): ForecastText {
  const { source, zone, signal, scope, issuedAt, synthetic } = series;
  const from = series.samples[0]?.startsAt ?? askedAt;
  return {
    key: [source, zone, signal, scope],
    at: askedAt,
    issued: issuedAt,
    synthetic,
    from,
    samples: atMost(MOST_SAMPLES, series.samples).map(
      ({ startsAt, endsAt, gramsPerKilowattHour: grams, estimated }) =>
        [
          Math.round((startsAt - from) / 1_000),
          Math.round((endsAt - startsAt) / 1_000),
          rounded(grams),
          estimated ? 1 : 0,
        ] as const,
    ),
  };
}

function forecastIn({
  key: [source, zone, signal, scope],
  at,
  issued,
  synthetic,
  from,
  samples,
}: ForecastText): RememberedForecast {
  return {
    askedAt: at,
    series: {
      source,
      zone,
      signal,
      scope,
      synthetic,
      perspective: 'Forecast',
      issuedAt: issued,
      samples: samples.map(([start, length, grams, estimated]): IntensitySample => {
        const startsAt = from + start * 1_000;
        return {
          startsAt,
          endsAt: startsAt + length * 1_000,
          gramsPerKilowattHour: gramsPerKilowattHour(grams),
          estimated: estimated === 1,
        };
      }),
    },
  };
}

/** Neighbours without a gap between them are taken together, by time, until so many are left. */
function atMost(most: number, samples: readonly IntensitySample[]): readonly IntensitySample[] {
  const together = Math.ceil(samples.length / most);
  if (together <= 1) return samples;
  const merged: IntensitySample[] = [];
  let pending = 0;
  for (const sample of samples) {
    const last = merged.at(-1);
    if (last === undefined || pending === together || last.endsAt !== sample.startsAt) {
      merged.push(sample);
      pending = 1;
      continue;
    }
    merged[merged.length - 1] = meanOf(last, sample);
    pending += 1;
  }
  return merged;
}

function meanOf(a: IntensitySample, b: IntensitySample): IntensitySample {
  const [first, second] = [a.endsAt - a.startsAt, b.endsAt - b.startsAt];
  const mean = (a.gramsPerKilowattHour * first + b.gramsPerKilowattHour * second) / (first + second);
  return {
    startsAt: a.startsAt,
    endsAt: b.endsAt,
    gramsPerKilowattHour: gramsPerKilowattHour(mean),
    estimated: a.estimated || b.estimated,
  };
}

/** To a tenth of a gram: no figure is as exact. */
function rounded(figure: number): number {
  return Math.round(figure * 10) / 10;
}
