import type { IntensitySeries } from '../../domain/intensity.ts';
import type { Outlook } from '../../domain/site.ts';
import type { EpochMs } from '../../domain/units.ts';

/**
 * Whether two outlooks say the same about the time from `now` on. When they were issued, and how far back they go, is no
 * difference: a source that is asked again and has nothing new to say must not set off a new plan.
 */
export function sameContent(a: Outlook | undefined, b: Outlook | undefined, now: EpochMs): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.rung === b.rung && sameLabels(a.series, b.series) && sameSamples(a.series, b.series, now);
}

function sameLabels(a: IntensitySeries, b: IntensitySeries): boolean {
  return a.source === b.source && a.scope === b.scope && a.signal === b.signal && a.synthetic === b.synthetic;
}

function sameSamples(a: IntensitySeries, b: IntensitySeries, now: EpochMs): boolean {
  let i = a.samples.findIndex(({ endsAt }) => endsAt > now);
  let j = b.samples.findIndex(({ endsAt }) => endsAt > now);
  if (i < 0 || j < 0) return i === j;
  if (a.samples.length - i !== b.samples.length - j) return false;
  for (; i < a.samples.length; i++, j++) {
    const [one, other] = [a.samples[i], b.samples[j]];
    if (one === undefined || other === undefined) return one === other;
    const startsAlike = Math.max(one.startsAt, now) === Math.max(other.startsAt, now);
    if (!startsAlike || one.endsAt !== other.endsAt || one.estimated !== other.estimated) return false;
    if (one.gramsPerKilowattHour !== other.gramsPerKilowattHour) return false;
  }
  return true;
}
