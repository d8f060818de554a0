import type { IntensitySample, IntensitySeries } from '../../domain/intensity.ts';
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

/** How either is cut into samples is no difference: the one that was kept has neighbours of like figures joined. */
function sameSamples(a: IntensitySeries, b: IntensitySeries, now: EpochMs): boolean {
  let i = a.samples.findIndex(({ endsAt }) => endsAt > now);
  let j = b.samples.findIndex(({ endsAt }) => endsAt > now);
  if (i < 0 || j < 0) return i === j;
  for (let from = now; ;) {
    const [one, other] = [a.samples[i], b.samples[j]];
    if (one === undefined || other === undefined) return one === other;
    if (Math.max(one.startsAt, from) !== Math.max(other.startsAt, from) || !saysTheSame(one, other)) return false;
    from = Math.min(one.endsAt, other.endsAt);
    if (one.endsAt === from) i += 1;
    if (other.endsAt === from) j += 1;
  }
}

function saysTheSame(one: IntensitySample, other: IntensitySample): boolean {
  const isSameFigure = one.gramsPerKilowattHour === other.gramsPerKilowattHour;
  return isSameFigure && one.estimated === other.estimated && one.rung === other.rung;
}
