import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { Interval } from '../../../domain/interval.ts';
import { formatSignedDecimal } from '../../../domain/quantity.ts';
import { cutTo, integralOf, usualSpacing } from '../../../domain/samples.ts';
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

/**
 * Figures as a status has them: from a day back to their end, in slots as long as they usually are.
 * @param digits decimal places, at most
 * @returns `undefined` where there are none
 */
export function publishedFigures(
  figures: readonly Figure[],
  now: EpochMs,
  digits: number,
): PublishedFigures | undefined {
  // From a whole figure on: a start that moves with the clock would be a write at every look.
  const from = figures.find(({ endsAt }) => endsAt > now - PAST_MS)?.startsAt;
  const until = figures.at(-1)?.endsAt;
  if (from === undefined || until === undefined) return undefined;
  const kept = cutTo(figures, { startsAt: from, endsAt: until });
  const slot = slotFor(kept, until - from);
  const texts = Array.from({ length: Math.max(1, Math.floor((until - from) / slot + 1e-9)) }, (_, k) => {
    const interval = { startsAt: from + k * slot, endsAt: from + (k + 1) * slot };
    const { integral, covered } = integralOf(kept, interval, ({ value }) => value);
    return slot - covered < ROUNDING_MS ? formatSignedDecimal(integral / covered, digits) : UNKNOWN;
  });
  return { start: exactTime(from), slot: formatDuration(slot), text: withinLimit(texts) };
}

/** Whole milliseconds, as lengths of time are written. */
function slotFor(figures: readonly Figure[], span: DurationMs): DurationMs {
  const usual = Math.max(1, Math.round(usualSpacing(figures.map(({ startsAt }) => startsAt)) ?? span));
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
