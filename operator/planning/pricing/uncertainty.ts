import type { ExpectedError } from '../../domain/site.ts';
import type { DurationMs } from '../../domain/units.ts';

/** At this expected error a margin counts in full: no more is known than that of a typical day in another year. */
const FULL_AT = 0.2;

/**
 * How much of a margin between two options counts, given how far off the figures are expected to be: none of it where they are
 * taken at their word, and in proportion to the error up to the whole of it. Most of what an hour's forecast is off is common to
 * the hours around it, or cancels out over a run: a margin of as much as the error itself would give away what can be known.
 * @param errors in order of lead
 * @param ahead how far ahead the latest start lies
 */
export function doubtOf(errors: readonly ExpectedError[], ahead: DurationMs): number {
  return errors.length === 0 ? 0 : Math.min(1, errorAt(errors, ahead) / FULL_AT);
}

/** As a share; between two leads on the straight line, before the first and beyond the last as there. 0 where none is known. */
export function errorAt(errors: readonly ExpectedError[], ahead: DurationMs): number {
  const before = errors.findLast(({ lead }) => lead <= ahead) ?? errors[0];
  const after = errors.find(({ lead }) => lead >= ahead) ?? errors.at(-1);
  if (before === undefined || after === undefined) return 0;
  if (before.lead === after.lead) return before.share;
  return before.share + ((after.share - before.share) * (ahead - before.lead)) / (after.lead - before.lead);
}
