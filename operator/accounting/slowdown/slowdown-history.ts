import type { ObservedSlowdown } from '../../domain/length/observed-slowdown.ts';
import { isSamePlace, type Place } from '../../domain/place.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { WorkloadIdentity } from '../length-history/length-history.ts';
import { knownPlacesOf, nameOf, NO_PLACES, runsAt, type KnownPlaces, type PlaceRuns } from './known-places.ts';
import { longestRunWithin, runLongerBy, type Shares } from './log-difference.ts';

/** A job that came to its end, all of it at one place. */
export interface SiteRun extends Place {
  readonly identity: WorkloadIdentity;
  /** As time on an accelerator of speed 1 with its data at hand; pauses and overheads left out. */
  readonly work: DurationMs;
}

/** What a run that is under way, or over, took longer than jobs like it at the place that all are compared with. */
export interface RunAgainstOthers extends Shares {
  readonly comparedWith: ObservedSlowdown['comparedWith'];
}

type KindOf = (identity: WorkloadIdentity) => string | undefined;

const TEMPLATE: KindOf = ({ namespace, template }) => `Template/${namespace}/${template}`;
const LABEL: KindOf = ({ namespace, workload }) =>
  workload === undefined ? undefined : `Workload/${namespace}/${workload}`;

/**
 * What tells jobs that are alike, the nearest first. One owner is not among it, as it is for lengths: a workflow has its steps
 * run at different sites, and what differs between steps would be taken for what differs between sites.
 */
const KINDS: readonly KindOf[] = [TEMPLATE, LABEL];

/** How long jobs of a kind took at each site and accelerator, and how these differ. */
export class SlowdownHistory {
  readonly #kinds = new Map<string, Map<string, PlaceRuns>>();
  /** What has been worked out: it is asked for each job of a plan. */
  readonly #known = new Map<string, KnownPlaces>();

  constructor(runs: Iterable<SiteRun>) {
    for (const run of runs) for (const kindOf of KINDS) this.#add(run, kindOf(run.identity));
  }

  /**
   * Of every place where enough jobs of the kind ran, but the one that the others are compared with: home, where enough of them ran
   * there, else where most of them did. One for all, so that the shares of two places can be compared as well. Empty where
   * there are fewer than two such places.
   * @param home name of the site where the job would run without this operator
   */
  observed(identity: WorkloadIdentity, home: string | undefined): readonly ObservedSlowdown[] {
    return this.knownPlaces(identity).observedFrom(home);
  }

  /** The same of all jobs of its label together, whatever their templates; without a label, of those of its template. */
  observedOfWorkload(identity: WorkloadIdentity, home: string | undefined): readonly ObservedSlowdown[] {
    return this.#knownOf(LABEL(identity) ?? TEMPLATE(identity)).observedFrom(home);
  }

  /** What {@link observed} goes by: the places of the nearest kind that is known at two or more; none where no kind is. */
  knownPlaces(identity: WorkloadIdentity): KnownPlaces {
    for (const kindOf of KINDS) {
      const known = this.#knownOf(kindOf(identity));
      if (known.places.length > 1) return known;
    }
    return NO_PLACES;
  }

  /**
   * How much longer one run took than jobs of its kind at the place that all are compared with, as for {@link observed};
   * `undefined` where it ran there itself, at home while that is elsewhere, and where too few are known.
   * @param run `work` as in {@link SiteRun}, or with what its data take left in it; so far, where it is not over
   */
  againstOthers(run: SiteRun, home?: string): RunAgainstOthers | undefined {
    const others = this.#comparedWith(run, home);
    if (others === undefined) return undefined;
    const { reference, spread } = others;
    return { ...runLongerBy(Math.log(run.work), reference.lengths, spread), comparedWith: runsAt(reference) };
  }

  /** The work after which {@link againstOthers} has a `certainShare` above the one given; `Infinity` where none does. */
  workWithin(share: number, run: Omit<SiteRun, 'work'>, home?: string): DurationMs {
    const others = this.#comparedWith(run, home);
    if (others === undefined) return Infinity;
    return Math.exp(longestRunWithin(share, others.reference.lengths, others.spread));
  }

  #comparedWith(run: Omit<SiteRun, 'work'>, home: string | undefined) {
    const kinds = KINDS.map((kindOf) => this.#knownOf(kindOf(run.identity)));
    // The kind that plans go by; where none has two places, one alone that is not the run's own.
    const told =
      kinds.find(({ places }) => places.length > 1) ??
      kinds.find(({ places: [only] }) => only !== undefined && !isSamePlace(only, run));
    const reference = told?.referenceFor(home);
    if (told === undefined || reference === undefined) return undefined;
    const isUsual = isSamePlace(reference, run) || (run.site === home && reference.site !== home);
    return isUsual ? undefined : { reference, spread: told.spread };
  }

  #add(run: SiteRun, kind: string | undefined): void {
    const { site, product, work } = run;
    if (kind === undefined || !(work > 0)) return;
    const places = this.#kinds.get(kind) ?? new Map<string, PlaceRuns>();
    this.#kinds.set(kind, places);
    const key = nameOf(run);
    const runs = places.get(key) ?? { site, product, logs: [] };
    places.set(key, runs);
    runs.logs.push(Math.log(work));
  }

  #knownOf(kind: string | undefined): KnownPlaces {
    const runs = kind === undefined ? undefined : this.#kinds.get(kind);
    // Kinds that nobody has seen are not remembered: there may be ever more of them.
    if (kind === undefined || runs === undefined) return NO_PLACES;
    const known = this.#known.get(kind) ?? knownPlacesOf([...runs.values()]);
    this.#known.set(kind, known);
    return known;
  }
}

/** Of nobody. */
export const NOTHING_OBSERVED = new SlowdownHistory([]);
