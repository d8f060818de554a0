import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { formatDuration } from '../../../operator/domain/duration.ts';
import type { Interval } from '../../../operator/domain/interval.ts';
import { SECOND_MS, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';
import { ElectricityMapsStandIn } from '../../stand-ins/electricity-maps.ts';
import type { StandIn } from '../../stand-ins/stand-in.ts';
import { UkCarbonIntensityStandIn } from '../../stand-ins/uk-carbon-intensity.ts';
import { ROW_MS, rowsOfDay, ZONES, type IntensityRow } from '../day/intensity-rows.ts';
import { writeWhole } from '../processes/workshop.ts';
import type { CarbonFeed, CarbonSourceName, FeedSettings } from './carbon-feed.ts';

export type ProviderName = Exclude<CarbonSourceName, 'file'>;

export interface ProviderFeedOptions {
  readonly source: ProviderName;
  /** For the key. */
  readonly directory: string;
  /** Real time that an hour of the day takes. */
  readonly hour: DurationMs;
  readonly now: () => EpochMs;
  /** It will be away for a while: the operator must go down the ladder and come back within a demo. */
  readonly isToFail: boolean;
}

/** How long its last forecast stands for it where it is to fail; a rung further down follows. */
const CACHED_FOR_MS: DurationMs = 8 * SECOND_MS;
/** An operator that has given it up asks again as often as this, at least. */
const LONGEST_PAUSE_MS: DurationMs = 2 * SECOND_MS;

const AS_IT_FAILS = {
  cachedFor: formatDuration(CACHED_FOR_MS),
  circuitBreaker: { firstPause: formatDuration(SECOND_MS), longestPause: formatDuration(LONGEST_PAUSE_MS) },
};

/** A provider's API on this machine, which speaks of the day of the demo: a row that is an hour there is a second here. */
export class ProviderFeed implements CarbonFeed {
  readonly source: ProviderName;
  readonly settings: FeedSettings;
  readonly #standIn: StandIn;
  readonly #figures: PublishedFigures;

  private constructor({ source, isToFail }: ProviderFeedOptions, served: Served, figures: PublishedFigures) {
    const { standIn, kind, reached, asked } = served;
    const { cachedFor, circuitBreaker } = AS_IT_FAILS;
    this.source = source;
    this.settings = {
      carbon: { sources: [{ [kind]: asked }, { typicalDay: {} }], ...(isToFail && { cachedFor }) },
      providers: { [kind]: reached, ...(isToFail && { circuitBreaker }) },
    };
    this.#standIn = standIn;
    this.#figures = figures;
  }

  static async open(options: ProviderFeedOptions): Promise<ProviderFeed> {
    const figures = new PublishedFigures();
    const serve = { 'electricity-maps': electricityMaps, 'uk-carbon-intensity': ukCarbonIntensity };
    return new ProviderFeed(options, await serve[options.source](figures, options), figures);
  }

  /** For the journal. */
  get introduction(): string {
    return `${this.source} is played on ${this.#standIn.url}; a row of it is a second`;
  }

  publish(rows: readonly IntensityRow[]): Promise<void> {
    this.#figures.take(rows);
    return Promise.resolve();
  }

  /** As if it were killed: connections break, and nobody listens any more. */
  async breakDown(): Promise<void> {
    await this.#standIn.stop();
  }

  /** It is back where it was. */
  async comeBack(): Promise<void> {
    await this.#standIn.start();
  }

  async close(): Promise<void> {
    await this.#standIn.stop();
  }
}

/** The very rows that grams are counted by, as the API can be asked for them. */
class PublishedFigures {
  #figures: ReadonlyMap<string, number> = new Map();
  #covered: Interval = { startsAt: Infinity, endsAt: -Infinity };

  get covered(): Interval {
    return this.#covered;
  }

  take(rows: readonly IntensityRow[]): void {
    this.#figures = new Map(rows.map((row) => [`${row.zone} ${row.startsAt}`, row.gramsPerKilowattHour]));
    const startsAt = Math.min(...rows.map((row) => row.startsAt));
    this.#covered = { startsAt, endsAt: Math.max(...rows.map((row) => row.endsAt)) };
  }

  at(zone: string, instant: EpochMs): number | undefined {
    return this.#figures.get(`${zone} ${instant}`);
  }
}

interface Served {
  readonly standIn: StandIn;
  /** As the configuration calls it. */
  readonly kind: string;
  /** What `providers` says of it. */
  readonly reached: object;
  /** What `carbon.sources` says of it. */
  readonly asked: object;
}

async function electricityMaps(figures: PublishedFigures, options: ProviderFeedOptions): Promise<Served> {
  const key = randomUUID();
  const keyFile = join(options.directory, 'electricity-maps.key');
  await writeWhole(keyFile, key);
  const standIn = await new ElectricityMapsStandIn({
    key,
    zones: ZONES,
    figures: (zone, at) => figures.at(zone, at),
    now: options.now,
    rowMs: ROW_MS,
    rowsAhead: rowsOfDay(options.hour),
  }).start();
  return { standIn, kind: 'electricityMaps', reached: { baseUrl: `${standIn.url}/v4`, keyFile }, asked: {} };
}

/** It knows Great Britain only: the zones of the demo stand for four of its regions. */
async function ukCarbonIntensity(figures: PublishedFigures, { now }: ProviderFeedOptions): Promise<Served> {
  const regions = Object.fromEntries(ZONES.map((zone, index) => [zone, index + 1]));
  const zones = new Map(Object.entries(regions).map(([zone, id]) => [`GB-${id}`, zone]));
  const standIn = await new UkCarbonIntensityStandIn({
    figures: (region, at) => figures.at(zones.get(region) ?? region, at),
    now,
    rowMs: ROW_MS,
    covers: () => figures.covered,
  }).start();
  return { standIn, kind: 'ukCarbonIntensity', reached: { baseUrl: standIn.url }, asked: { regions } };
}
