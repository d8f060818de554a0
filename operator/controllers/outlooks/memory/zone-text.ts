import type { HourlyFigures, HourOfTime } from '../../../accounting/forecast-skill/hourly-figures.ts';
import {
  LEADS,
  type DayScore,
  type ErrorSums,
  type Lead,
  type Verification,
} from '../../../accounting/forecast-skill/verification.ts';
import type { ZoneMemory } from './carbon-memory.ts';
import { isFigure, keyIn, must, rounded, textOfKey, type KeyText } from './kept-values.ts';

/** In a line of figures: twice as many as are remembered of one. */
const MOST_HOURS = 768;
/** Days and leads: twice as many as are remembered. */
const MOST_SCORES = 140;

/** Figures by hour, from the first known hour on; `null` is unknown. */
type HourText = readonly [from: HourOfTime, ...figures: (number | null)[]];
type ErrorText = readonly [
  count: number,
  absolute: number,
  share: number,
  shareCount: number,
  signed: number,
  squared?: number,
];

export interface ZoneText {
  readonly key: KeyText;
  readonly trusted: boolean;
  readonly came: HourText;
  readonly predicted: readonly (readonly [Lead, ...HourText])[];
  readonly scores: readonly (readonly [day: number, lead: Lead, forecast: ErrorText, persistence: ErrorText])[];
}

export function textOfZone(zone: ZoneMemory): ZoneText {
  const { came, predicted, scores } = zone.verification;
  return {
    key: textOfKey(zone),
    trusted: zone.trusted,
    came: textOfHours(came),
    predicted: [...predicted].map(([lead, hours]) => [lead, ...textOfHours(hours)] as const),
    scores: [...scores].flatMap(([day, ofDay]) =>
      [...ofDay].map(
        ([lead, { forecast, persistence }]) => [day, lead, textOfErrors(forecast), textOfErrors(persistence)] as const,
      ),
    ),
  };
}

/** Throws where it is not as it is written above. */
export function zoneIn({ key, trusted, came, predicted, scores }: ZoneText): ZoneMemory {
  must(typeof trusted === 'boolean' && predicted.length <= LEADS.length && scores.length <= MOST_SCORES);
  const verification: Verification = {
    came: hoursIn(came),
    predicted: new Map(predicted.map(([lead, from, ...figures]) => [leadIn(lead), hoursIn([from, ...figures])])),
    scores: scoresIn(scores),
  };
  return { ...keyIn(key), trusted, verification };
}

function leadIn(lead: Lead): Lead {
  must(LEADS.includes(lead));
  return lead;
}

function scoresIn(scores: ZoneText['scores']): Verification['scores'] {
  const byDay = new Map<number, ReadonlyMap<Lead, DayScore>>();
  for (const [day, lead, forecast, persistence] of scores) {
    const score = { forecast: errorsIn(forecast), persistence: errorsIn(persistence) };
    must(Number.isSafeInteger(day) && score.forecast.count === score.persistence.count);
    byDay.set(day, new Map(byDay.get(day)).set(leadIn(lead), score));
  }
  return byDay;
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
  must(Number.isSafeInteger(from) && figures.length <= MOST_HOURS);
  const hours = new Map<HourOfTime, number>();
  for (const [k, figure] of figures.entries()) {
    must(figure === null || isFigure(figure));
    if (figure !== null) hours.set(from + k, figure);
  }
  return hours;
}

function textOfErrors({ count, absolute, share, shareCount, signed, squared }: ErrorSums): ErrorText {
  return [count, rounded(absolute), Math.round(share * 1e4) / 1e4, shareCount, rounded(signed), rounded(squared)];
}

/** Operators before this one kept no squares: the least that they can have been. */
function errorsIn([count, absolute, share, shareCount, signed, squares]: ErrorText): ErrorSums {
  const squared = squares ?? absolute ** 2 / Math.max(1, count);
  must([count, absolute, share, shareCount, squared].every(isFigure) && Number.isFinite(signed));
  must(Number.isSafeInteger(count) && Number.isSafeInteger(shareCount) && shareCount <= count);
  return { count, absolute, share, shareCount, signed, squared };
}
