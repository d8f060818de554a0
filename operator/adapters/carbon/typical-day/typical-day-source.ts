import type { IntensitySample, IntensitySeries, Signal } from '../../../domain/intensity.ts';
import type { Interval } from '../../../domain/interval.ts';
import { gramsPerKilowattHour, HOUR_MS, type EpochMs } from '../../../domain/units.ts';
import type { CarbonQuery, CarbonSource } from '../../../ports/carbon.ts';
import { SourceError } from '../../../ports/source-error.ts';
import { decodeProfile, figureAt, type Profile } from './profile.ts';
import { TYPICAL_DAYS, type TypicalDayTable } from './table.ts';

/** The longest stretch that one question is answered for; an answer may cover less than was asked. */
export const MAX_HOURS_AN_ANSWER = 400 * 24;

/**
 * The rung before none: for each grid zone the average (lifecycle) intensity of one past year by month and hour of day.
 * It needs no network and no key. It knows the season and the hour, not the weather: every sample is `estimated`,
 * the series is `synthetic`, and `issuedAt` is the end of the year that it averages, however late it is asked.
 */
export class TypicalDaySource implements CarbonSource {
  readonly name = 'typical-day';
  readonly rung = 'TypicalDay';
  readonly #table: TypicalDayTable;
  readonly #profiles = new Map<string, Profile>();

  constructor(table: TypicalDayTable = TYPICAL_DAYS) {
    this.#table = table;
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- the port is asynchronous, a table at hand is not
  async forecast<S extends Signal>(query: CarbonQuery<S>, abort: AbortSignal): Promise<IntensitySeries<S>> {
    abort.throwIfAborted();
    const profile = this.#profileOf(query.zone);
    if (query.signal !== 'Average') {
      throw new SourceError(
        'SignalUnsupported',
        `typical-day has average intensity only, not signal ${query.signal}; ask for Average or add a source of marginal intensity`,
      );
    }
    return {
      zone: query.zone,
      signal: query.signal,
      scope: 'Lifecycle',
      perspective: 'Forecast',
      synthetic: true,
      source: this.name,
      issuedAt: Date.UTC(this.#table.year + 1, 0, 1),
      samples: hourlySamples(profile, query.interval),
    };
  }

  history(): Promise<never> {
    return Promise.reject(
      new SourceError('HistoryUnsupported', 'typical-day knows no single day, only what is typical'),
    );
  }

  #profileOf(zone: string): Profile {
    const decoded = this.#profiles.get(zone);
    if (decoded !== undefined) return decoded;
    const encoded = Object.hasOwn(this.#table.zones, zone) ? this.#table.zones[zone] : undefined;
    if (encoded === undefined) throw new SourceError('ZoneUnknown', this.#unknown(zone));
    const profile = decodeProfile(encoded);
    this.#profiles.set(zone, profile);
    return profile;
  }

  #unknown(zone: string): string {
    const near = zonesLike(zone, Object.keys(this.#table.zones));
    const hint =
      near.length === 0 ? 'docs/regions.md lists those that have one' : `zones that have one: ${near.join(', ')}`;
    return `grid zone "${zone}" has no typical day; ${hint}; or add a source that knows the zone`;
  }
}

/** One sample for each hour that the interval touches, cut to the interval: a step function. */
function hourlySamples(profile: Profile, { startsAt, endsAt }: Interval): IntensitySample[] {
  if (!(startsAt < endsAt)) {
    throw new SourceError('NoData', 'the interval asked for is empty; it must end after it starts');
  }
  const firstHour = Math.floor(startsAt / HOUR_MS) * HOUR_MS;
  const until = Math.min(endsAt, firstHour + MAX_HOURS_AN_ANSWER * HOUR_MS);
  const samples: IntensitySample[] = [];
  for (let hour: EpochMs = firstHour; hour < until; hour += HOUR_MS) {
    samples.push({
      startsAt: Math.max(hour, startsAt),
      endsAt: Math.min(hour + HOUR_MS, until),
      gramsPerKilowattHour: gramsPerKilowattHour(figureAt(profile, new Date(hour))),
      estimated: true,
    });
  }
  return samples;
}

const MAX_HINTS = 6;

/** Zones that someone who wrote `zone` may have meant: the same in other letters, else of the same country. */
function zonesLike(zone: string, known: readonly string[]): string[] {
  const wanted = zone.trim().toUpperCase();
  const same = known.filter((candidate) => candidate.toUpperCase() === wanted);
  if (same.length > 0) return same;
  const country = wanted.split('-', 1)[0];
  return known.filter((candidate) => candidate.split('-', 1)[0] === country).slice(0, MAX_HINTS);
}
