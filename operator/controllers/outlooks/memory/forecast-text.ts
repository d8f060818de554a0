import { hourOf } from '../../../accounting/forecast-skill/hourly-figures.ts';
import type { IntensitySample } from '../../../domain/intensity.ts';
import { gramsPerKilowattHour, HOUR_MS, SECOND_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';
import type { RememberedForecast } from '../../../ports/carbon.ts';
import { isFigure, keyIn, must, rounded, textOfKey, type KeyText } from './kept-values.ts';

/** Longer forecasts, in slots of five minutes say, are kept by the hour. */
const MOST_SAMPLES = 120;
/** No forecast reaches further. */
const LONGEST_MS: DurationMs = 32 * 24 * HOUR_MS;

export interface ForecastText {
  readonly key: KeyText;
  readonly at: EpochMs;
  readonly issued: EpochMs;
  readonly synthetic: boolean;
  /** Start of the first sample. */
  readonly from: EpochMs;
  readonly samples: readonly SampleText[];
}

/** Seconds since the end of the sample before, and its own length in seconds; g/kWh; whether it is estimated. */
type SampleText = readonly [gap: number, length: number, grams: number, estimated: 0 | 1];

export function textOfForecast({ series, askedAt }: RememberedForecast): ForecastText {
  const { issuedAt, synthetic } = series;
  const samples = series.samples.length > MOST_SAMPLES ? byTheHour(series.samples) : series.samples;
  const from = samples[0]?.startsAt ?? askedAt;
  return {
    key: textOfKey(series),
    at: askedAt,
    issued: issuedAt,
    synthetic,
    from,
    samples: samples.slice(0, MOST_SAMPLES).map(({ startsAt, endsAt, gramsPerKilowattHour: grams, estimated }, k) => {
      const gap = startsAt - (samples[k - 1]?.endsAt ?? from);
      return [gap / SECOND_MS, (endsAt - startsAt) / SECOND_MS, rounded(grams), estimated ? 1 : 0] as const;
    }),
  };
}

/** Throws where it is not as it is written above. */
export function forecastIn({ key, at, issued, synthetic, from, samples }: ForecastText): RememberedForecast {
  must([at, issued, from].every(isFigure) && typeof synthetic === 'boolean');
  must(samples.length > 0 && samples.length <= MOST_SAMPLES);
  const { signal, ...rest } = keyIn(key);
  return {
    askedAt: at,
    series: {
      ...rest,
      signal,
      synthetic,
      perspective: 'Forecast',
      issuedAt: issued,
      samples: samplesIn(from, samples),
    },
  };
}

function samplesIn(from: EpochMs, texts: readonly SampleText[]): readonly IntensitySample[] {
  let edge = from;
  const samples = texts.map(([gap, length, grams, estimated]): IntensitySample => {
    must(isFigure(gap) && isFigure(length) && length > 0 && isFigure(grams));
    const startsAt = edge + gap * SECOND_MS;
    edge = startsAt + length * SECOND_MS;
    return { startsAt, endsAt: edge, gramsPerKilowattHour: gramsPerKilowattHour(grams), estimated: estimated === 1 };
  });
  must(edge - from <= LONGEST_MS);
  return samples;
}

/** Neighbours within an hour, without a gap between them, are taken together. */
function byTheHour(samples: readonly IntensitySample[]): readonly IntensitySample[] {
  const merged: IntensitySample[] = [];
  for (const sample of samples) {
    const last = merged.at(-1);
    const goesOn = last?.endsAt === sample.startsAt && hourOf(last.startsAt) === hourOf(sample.startsAt);
    if (goesOn) merged[merged.length - 1] = meanOf(last, sample);
    else merged.push(sample);
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
