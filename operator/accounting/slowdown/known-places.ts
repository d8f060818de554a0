import { compareText } from '../../domain/compare-text.ts';
import type { ObservedSlowdown } from '../../domain/length/observed-slowdown.ts';
import type { Place } from '../../domain/place.ts';
import { logLengths, longerBy, spreadOfRuns, type LogLengths } from './log-difference.ts';

/** Fewer runs at a place say nothing. */
const LEAST_RUNS = 3;

/** Logarithms of lengths of jobs of one kind at one place. */
export interface PlaceRuns extends Place {
  readonly logs: number[];
}

export interface KnownPlace extends Place {
  readonly lengths: LogLengths;
}

const NOTHING: readonly ObservedSlowdown[] = [];
const NOWHERE: ReadonlySet<string> = new Set();

/** Places with enough runs of one kind of job, and how much longer these took at one than at another. */
export class KnownPlaces {
  readonly places: readonly KnownPlace[];
  /** How much runs differ at one and the same place: standard deviation of the logarithms. */
  readonly spread: number;
  /** Names of the sites that make a difference as a home: any other is as good as none. */
  readonly homes: ReadonlySet<string>;
  readonly #bySite = new Map<string, KnownPlace>();
  readonly #usual: KnownPlace | undefined;
  /** By what the others are compared with, not by a home, which is whatever text users write: there may be ever more of it. */
  readonly #observed = new Map<KnownPlace, readonly ObservedSlowdown[]>();

  /** @param runs enough of them at each place */
  constructor(runs: readonly PlaceRuns[]) {
    this.places = runs
      .map(({ site, product, logs }) => ({ site, product, lengths: logLengths(logs) }))
      .sort((a, b) => compareText(nameOf(a), nameOf(b)));
    this.spread = spreadOfRuns(runs.map(({ logs }) => logs));
    const mostRunFirst = this.places.toSorted(
      (a, b) => b.lengths.count - a.lengths.count || a.lengths.median - b.lengths.median,
    );
    [this.#usual] = mostRunFirst;
    for (const place of mostRunFirst) if (!this.#bySite.has(place.site)) this.#bySite.set(place.site, place);
    this.homes = this.places.length > 1 ? new Set(this.#bySite.keys()) : NOWHERE;
  }

  /**
   * What all are compared with. Where home has none, or nobody has named it: where most ran, of several the quickest, then the
   * first by name.
   */
  referenceFor(home: string | undefined): KnownPlace | undefined {
    return (home === undefined ? undefined : this.#bySite.get(home)) ?? this.#usual;
  }

  /** Of every place but the one that the others are compared with. */
  observedFrom(home: string | undefined): readonly ObservedSlowdown[] {
    const reference = this.referenceFor(home);
    if (reference === undefined || this.places.length < 2) return NOTHING;
    const before = this.#observed.get(reference);
    if (before !== undefined) return before;
    const observed = this.places.flatMap((place) => against(reference, place, this.spread));
    this.#observed.set(reference, observed);
    return observed;
  }
}

/** Of a kind that nobody knows anywhere. */
export const NO_PLACES = new KnownPlaces([]);

/** Those where enough of the kind ran. */
export function knownPlacesOf(runs: readonly PlaceRuns[]): KnownPlaces {
  const enough = runs.filter(({ logs }) => logs.length >= LEAST_RUNS);
  return enough.length === 0 ? NO_PLACES : new KnownPlaces(enough);
}

export function runsAt({ site, product, lengths }: KnownPlace): ObservedSlowdown['comparedWith'] {
  return { site, product, runs: lengths.count };
}

/** No other place has it. */
export function nameOf({ site, product }: Place): string {
  return `${site}/${product ?? ''}`;
}

function against(reference: KnownPlace, place: KnownPlace, spread: number): readonly ObservedSlowdown[] {
  if (place === reference) return [];
  const shares = longerBy(place.lengths, reference.lengths, spread);
  return [{ ...runsAt(place), ...shares, comparedWith: runsAt(reference) }];
}
