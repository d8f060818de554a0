import type { IntensitySample, IntensitySeries, Rung, Signal } from '../../domain/intensity.ts';
import { cutTo, overlaid } from '../../domain/samples.ts';
import type { Outlook } from '../../domain/site.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';

/** What jobs that run have used is priced by it; the few that run longer are priced by what their plan promised. */
export const KEPT_PAST_MS: DurationMs = 72 * HOUR_MS;
/** In slots of a second, as tests have them, the past would grow without end. */
const MOST_KEPT = 2_000;

/**
 * The answer with a past before it: what it has measured itself, else `earlier`, figures of the same kind from before, else what
 * it estimates. A forecast begins with the hour that is under way, and another rung knows another past; what a job used an
 * hour ago changes with neither.
 */
export function withPast<S extends Signal>(
  answer: IntensitySeries<S>,
  earlier: readonly IntensitySample[],
  now: EpochMs,
): IntensitySeries<S> {
  if (earlier.length === 0) return answer;
  const past = { startsAt: now - KEPT_PAST_MS, endsAt: now };
  const known = cutTo(answer.samples, past);
  const measured = known.filter(({ estimated }) => !estimated);
  const kept = overlaid(overlaid(measured, earlier, past), known, past);
  const ahead = cutTo(answer.samples, { startsAt: now, endsAt: Infinity });
  return { ...answer, samples: joined([...kept.slice(-MOST_KEPT), ...ahead]) };
}

/** What an outlook knew, for one on this rung: what stands on another says so. */
export function knownBefore({ series, rung: before }: Outlook, rung: Rung): readonly IntensitySample[] {
  return series.samples.map(({ rung: own = before, ...sample }) => (own === rung ? sample : { ...sample, rung: own }));
}

/** Neighbours that say the same are one sample: else every refresh would cut the hour that is under way once more. */
function joined(samples: readonly IntensitySample[]): readonly IntensitySample[] {
  const result: IntensitySample[] = [];
  for (const sample of samples) {
    const last = result.at(-1);
    const goesOn =
      last?.endsAt === sample.startsAt &&
      last.gramsPerKilowattHour === sample.gramsPerKilowattHour &&
      last.estimated === sample.estimated &&
      last.rung === sample.rung;
    if (last !== undefined && goesOn) result[result.length - 1] = { ...last, endsAt: sample.endsAt };
    else result.push(sample);
  }
  return result;
}
