import type { PriceSample, PriceSeries } from '../../../domain/electricity-price.ts';
import type { Interval } from '../../../domain/interval.ts';
import type { EpochMs } from '../../../domain/units.ts';
import { clockTimeAt, DAY_MS } from '../../../domain/weekly-hours/weekly-window.ts';
import type { PriceQuery, PriceSource } from '../../../ports/price.ts';
import { SourceError } from '../../../ports/source-error.ts';
import type { ClockSpan } from '../../../runtime/time-zones/wall-clock.ts';
import { priceAt, readTariff, type Tariff, type TimeOfUseTariff } from './tariff.ts';

export interface TimeOfUseOptions {
  /** By grid zone. */
  readonly zones: Readonly<Record<string, TimeOfUseTariff>>;
}

/** The longest stretch that one question is answered for; an answer may cover less than was asked. */
export const MAX_DAYS_AN_ANSWER = 400;

/**
 * Prices of a contract that have their hours: day and night, weekend, peak. They follow the clocks on the wall, so that a
 * window may have an hour more or less on the days on which clocks are changed. No network, no key, and no end.
 */
export class TimeOfUseSource implements PriceSource {
  readonly name = 'time-of-use';
  readonly #tariffs: ReadonlyMap<string, Tariff>;

  /** Throws a RangeError that names the field, its value and the remedy. */
  constructor({ zones }: TimeOfUseOptions) {
    this.#tariffs = new Map(
      Object.entries(zones).map(([zone, tariff]) => [zone, readTariff(`zones.${zone}`, tariff)] as const),
    );
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, a contract at hand is not
  async prices({ zone, interval }: PriceQuery, abort: AbortSignal): Promise<PriceSeries> {
    abort.throwIfAborted();
    const tariff = this.#tariffs.get(zone);
    if (tariff === undefined) {
      const known = [...this.#tariffs.keys()].join(', ');
      throw new SourceError('ZoneUnknown', `time-of-use has no tariff of zone ${zone}, it has those of ${known}`);
    }
    const { startsAt, endsAt } = interval;
    if (!(startsAt < endsAt)) {
      throw new SourceError('NoData', 'the interval asked for is empty; it must end after it starts');
    }
    const answered = { startsAt, endsAt: Math.min(endsAt, startsAt + MAX_DAYS_AN_ANSWER * DAY_MS) };
    const samples = samplesOf(tariff, answered);
    return { zone, currency: tariff.currency, basis: 'Tariff', source: this.name, samples };
  }
}

/** Stretches of one price, as long as they go: where they begin and end depends on the tariff, and not on the question. */
function samplesOf(tariff: Tariff, interval: Interval): PriceSample[] {
  const samples: PriceSample[] = [];
  for (const span of tariff.clock.spansOf(interval)) {
    const edges = edgesWithin(tariff, span);
    for (const [k, startsAt] of edges.entries()) {
      const endsAt = edges[k + 1] ?? span.endsAt;
      const perKilowattHour = priceUnder(tariff, span, startsAt);
      const last = samples.at(-1);
      if (last?.perKilowattHour === perKilowattHour) samples[samples.length - 1] = { ...last, endsAt };
      else samples.push({ startsAt, endsAt, perKilowattHour, estimated: false });
    }
  }
  return samples;
}

/** The beginning, and the instants after it at which clocks show a time of day at which the price may change. */
function edgesWithin({ edges }: Tariff, { startsAt, endsAt, offsetMs }: ClockSpan): EpochMs[] {
  const found = [startsAt];
  const firstMidnight = Math.floor((startsAt + offsetMs) / DAY_MS) * DAY_MS - offsetMs;
  for (let midnight = firstMidnight; midnight < endsAt; midnight += DAY_MS) {
    for (const edge of edges) {
      const instant = midnight + edge;
      if (startsAt < instant && instant < endsAt && instant !== found.at(-1)) found.push(instant);
    }
  }
  return found;
}

function priceUnder(tariff: Tariff, { offsetMs }: ClockSpan, instant: EpochMs): number {
  return priceAt(tariff, clockTimeAt(instant, offsetMs));
}
