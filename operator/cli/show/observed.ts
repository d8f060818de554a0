import type { PlannableJob } from '../../domain/job.ts';
import type { Place } from '../../domain/place.ts';
import { isWorthTelling, longerInWords, runsInWords } from '../../planning/data/observed-words.ts';

/** More stand in the data. */
const MOST_SHOWN = 4;

type PlaceOf = (place: Place) => string;

/**
 * What jobs like one took elsewhere, those that differ most first, in one line: `20 % longer at lulea (12 runs), against
 * frankfurt (30 runs)`. `undefined` where nothing is known, or nothing differs.
 */
export function observedShown(
  { observedSlowdowns = [] }: Pick<PlannableJob, 'observedSlowdowns'>,
  placeOf: PlaceOf,
): string | undefined {
  const differing = observedSlowdowns.filter(isWorthTelling).toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share));
  const [first] = differing;
  if (first === undefined) return undefined;
  const places = differing
    .slice(0, MOST_SHOWN)
    .map(({ share, runs, ...place }) => `${longerInWords(share)} at ${placeOf(place)} (${runsInWords(runs)})`);
  const more = differing.length > MOST_SHOWN ? ` and ${String(differing.length - MOST_SHOWN)} more` : '';
  const { comparedWith } = first;
  return `jobs like it took ${places.join(', ')}${more}, against ${placeOf(comparedWith)} (${runsInWords(comparedWith.runs)})`;
}
