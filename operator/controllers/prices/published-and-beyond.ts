import type { PriceSample } from '../../domain/electricity-price.ts';
import type { Interval } from '../../domain/interval.ts';
import { gapsIn, sampleAt } from '../../domain/samples.ts';
import { HOUR_MS, type DurationMs, type EpochMs } from '../../domain/units.ts';

const DAY_MS: DurationMs = 24 * HOUR_MS;
/** The same time of day a week ago is the last that stands for a price. */
const MAX_DAYS_BACK = 7;
const STEP_MS: DurationMs = HOUR_MS / 4;

/**
 * Prices over the whole interval: the published ones, and where none is, that of the same time of the last day that has one,
 * marked as estimated. Auctions publish a day ahead, plans reach further. What is known of no day stays a gap.
 */
export function publishedAndBeyond(published: readonly PriceSample[], interval: Interval): readonly PriceSample[] {
  const samples: PriceSample[] = [];
  for (const gap of gapsIn(published, interval)) samples.push(...estimatesFor(gap, published));
  const within = published.filter(({ startsAt, endsAt }) => startsAt < interval.endsAt && endsAt > interval.startsAt);
  return [...within, ...samples].sort((a, b) => a.startsAt - b.startsAt);
}

/** In quarters of an hour, the shortest that is traded; neighbours of one price are one sample. */
function estimatesFor(gap: Interval, published: readonly PriceSample[]): readonly PriceSample[] {
  const estimates: PriceSample[] = [];
  for (let startsAt = gap.startsAt; startsAt < gap.endsAt;) {
    const endsAt = Math.min(gap.endsAt, (Math.floor(startsAt / STEP_MS) + 1) * STEP_MS);
    const perKilowattHour = earlierPrice(startsAt, published);
    const last = estimates.at(-1);
    if (perKilowattHour !== undefined && last?.endsAt === startsAt && last.perKilowattHour === perKilowattHour) {
      estimates[estimates.length - 1] = { ...last, endsAt };
    } else if (perKilowattHour !== undefined) {
      estimates.push({ startsAt, endsAt, perKilowattHour, estimated: true });
    }
    startsAt = endsAt;
  }
  return estimates;
}

function earlierPrice(at: EpochMs, published: readonly PriceSample[]): number | undefined {
  for (let days = 1; days <= MAX_DAYS_BACK; days++) {
    const earlier = sampleAt(published, at - days * DAY_MS);
    if (earlier !== undefined) return earlier.perKilowattHour;
  }
  return undefined;
}
