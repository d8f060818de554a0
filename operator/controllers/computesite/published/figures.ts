import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { Interval } from '../../../domain/interval.ts';
import { formatSignedDecimal } from '../../../domain/quantity.ts';
import { integralOf, usualLength } from '../../../domain/samples.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../../domain/units.ts';

/** A figure that holds for a stretch of time. */
export type Figure = Interval & { readonly value: number };

/** Figures in slots of one length, as a status has them. */
export interface PublishedFigures {
  /** RFC 3339. */
  readonly start: string;
  /** Such as `1h`. */
  readonly slot: string;
  /** One a slot, with a space between two; `-` where nothing is known. */
  readonly text: string;
}

/** Longer series, in slots of five minutes say, are published in means of several slots. */
const MOST_SLOTS = 480;
/** What is over is published so far back: people look at what a running job has used so far. */
const PAST_MS: DurationMs = 24 * HOUR_MS;
/** `maxLength` in the CRD. */
const LONGEST_TEXT = 8_192;
/** A stretch of less than this without a figure is rounding, not a gap. */
const ROUNDING_MS: DurationMs = 0.5;
const UNKNOWN = '-';

/** How samples are written. */
interface Writing<T> {
  /** Decimal places, at most. */
  readonly digits: number;
  readonly figureOf: (sample: T) => number;
}

/** What was written last of some samples: a site is looked at far more often than something else is known about it. */
const LAST = new WeakMap<readonly Interval[], { first: number; digits: number; published: PublishedFigures }>();

/**
 * Samples as a status has them: from a day back to their end, in slots as long as they usually are.
 * @param samples in order of time, not overlapping
 * @returns `undefined` where there are none
 */
export function publishedFigures<T extends Interval>(
  samples: readonly T[],
  now: EpochMs,
  writing: Writing<T>,
): PublishedFigures | undefined {
  // From a whole sample on: a start that moves with the clock would be a write at every look.
  const first = samples.findIndex(({ endsAt }) => endsAt > now - PAST_MS);
  if (first < 0) return undefined;
  const { digits } = writing;
  const last = LAST.get(samples);
  if (last?.first === first && last.digits === digits) return last.published;
  const published = written(samples, first, writing);
  LAST.set(samples, { first, digits, published });
  return published;
}

function written<T extends Interval>(
  samples: readonly T[],
  first: number,
  { digits, figureOf }: Writing<T>,
): PublishedFigures {
  const from = samples[first]?.startsAt ?? NaN;
  const until = samples.at(-1)?.endsAt ?? NaN;
  const slot = slotFor(samples.slice(first), until - from);
  const texts = Array.from({ length: Math.max(1, Math.floor((until - from) / slot + 1e-9)) }, (_, k) => {
    const interval = { startsAt: from + k * slot, endsAt: from + (k + 1) * slot };
    const { integral, covered } = integralOf(samples, interval, figureOf);
    return slot - covered < ROUNDING_MS ? formatSignedDecimal(integral / covered, digits) : UNKNOWN;
  });
  return { start: exactTime(from), slot: formatDuration(slot), text: withinLimit(texts) };
}

/** Whole milliseconds, as lengths of time are written. */
function slotFor(samples: readonly Interval[], span: DurationMs): DurationMs {
  const usual = Math.max(1, Math.round(usualLength(samples) ?? span));
  return usual * Math.max(1, Math.ceil(span / usual / MOST_SLOTS));
}

/** With milliseconds where there are any: squeezed days, as demos have them, begin at any moment. */
function exactTime(instant: EpochMs): string {
  return new Date(Math.round(instant)).toISOString().replace('.000Z', 'Z');
}

function withinLimit(texts: readonly string[]): string {
  const text = texts.join(' ');
  return text.length <= LONGEST_TEXT ? text : text.slice(0, text.lastIndexOf(' ', LONGEST_TEXT));
}

/** Reads them back. What can't be read is a problem of its field, and no figure. */
export function readFigures({
  start,
  slot,
  text,
}: Readonly<Record<keyof PublishedFigures, FieldReader>>): readonly Figure[] {
  const startsAt = start.required('write when the first slot starts').time();
  const length = slot.required('write the length of a slot, like 1h').durationAboveZero();
  const figures = text.required('write a figure for each slot').text();
  if (startsAt === undefined || length === undefined || figures === undefined) return [];
  return figures
    .trim()
    .split(/\s+/)
    .flatMap((figure, k): readonly Figure[] => {
      if (figure === UNKNOWN) return [];
      const value = Number(figure);
      if (figure === '' || !Number.isFinite(value)) {
        text.refuse(`has "${figure}" in place ${String(k + 1)}; write a number there, or - where it is unknown`);
        return [];
      }
      return [{ startsAt: startsAt + k * length, endsAt: startsAt + (k + 1) * length, value }];
    });
}
