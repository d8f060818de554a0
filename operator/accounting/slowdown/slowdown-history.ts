import { compareText } from '../../domain/compare-text.ts';
import type { ObservedSlowdown, RunPlace } from '../../domain/length/observed-slowdown.ts';
import { isSamePlace } from '../../domain/place.ts';
import type { DurationMs } from '../../domain/units.ts';
import type { WorkloadIdentity } from '../length-history/length-history.ts';
import {
  logLengths,
  longerBy,
  longestRunWithin,
  runLongerBy,
  spreadOfRuns,
  type LogLengths,
  type Shares,
} from './log-difference.ts';

/** A job that came to its end, all of it at one place. */
export interface SiteRun extends RunPlace {
  readonly identity: WorkloadIdentity;
  /** As time on an accelerator of speed 1 with its data at hand; pauses and overheads left out. */
  readonly work: DurationMs;
}

/** What a run that is under way, or over, took longer than jobs like it at the place that all are compared with. */
export interface RunAgainstOthers extends Shares {
  readonly comparedWith: RunPlace & { readonly runs: number };
}

/** Fewer runs at a place say nothing. */
const LEAST_RUNS = 3;

type KindOf = (identity: WorkloadIdentity) => string | undefined;

const TEMPLATE: KindOf = ({ namespace, template }) => `Template/${namespace}/${template}`;
const LABEL: KindOf = ({ namespace, workload }) =>
  workload === undefined ? undefined : `Workload/${namespace}/${workload}`;

/**
 * What tells jobs that are alike, the nearest first. One owner is not among it, as it is for lengths: a workflow has its steps
 * run at different sites, and what differs between steps would be taken for what differs between sites.
 */
const KINDS: readonly KindOf[] = [TEMPLATE, LABEL];

interface PlaceRuns extends RunPlace {
  readonly logs: number[];
}

interface KnownPlace extends RunPlace {
  readonly lengths: LogLengths;
}

/** Places with enough runs of one kind of job, and how much those differ at one place. */
interface Known {
  readonly places: readonly KnownPlace[];
  readonly spread: number;
}

const UNKNOWN: Known = { places: [], spread: NaN };

/** How long jobs of a kind took at each site and accelerator, and how these differ. */
export class SlowdownHistory {
  readonly #kinds = new Map<string, Map<string, PlaceRuns>>();
  /** What has been worked out: it is asked for each job of a plan. */
  readonly #known = new Map<string, Known>();
  readonly #observed = new Map<string, readonly ObservedSlowdown[]>();

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
    for (const kindOf of KINDS) {
      const observed = this.#observedOf(kindOf(identity), home);
      if (observed.length > 0) return observed;
    }
    return [];
  }

  /** The same of all jobs of its label together, whatever their templates; without a label, of those of its template. */
  observedOfWorkload(identity: WorkloadIdentity, home: string | undefined): readonly ObservedSlowdown[] {
    return this.#observedOf(LABEL(identity) ?? TEMPLATE(identity), home);
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
    const reference = told && referenceAmong(told.places, home);
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

  #observedOf(kind: string | undefined, home: string | undefined): readonly ObservedSlowdown[] {
    if (kind === undefined || !this.#kinds.has(kind)) return [];
    const key = JSON.stringify([kind, home]);
    const before = this.#observed.get(key);
    if (before !== undefined) return before;
    const { places, spread } = this.#knownOf(kind);
    const reference = referenceAmong(places, home);
    const observed = reference === undefined ? [] : places.flatMap((place) => against(reference, place, spread));
    this.#observed.set(key, observed);
    return observed;
  }

  #knownOf(kind: string | undefined): Known {
    const runs = kind === undefined ? undefined : this.#kinds.get(kind);
    // Kinds that nobody has seen are not remembered: there may be ever more of them.
    if (kind === undefined || runs === undefined) return UNKNOWN;
    const before = this.#known.get(kind);
    if (before !== undefined) return before;
    const enough = [...runs.values()].filter(({ logs }) => logs.length >= LEAST_RUNS);
    const places = enough
      .map(({ site, product, logs }) => ({ site, product, lengths: logLengths(logs) }))
      .sort((a, b) => compareText(nameOf(a), nameOf(b)));
    const known = { places, spread: spreadOfRuns(enough.map(({ logs }) => logs)) };
    this.#known.set(kind, known);
    return known;
  }
}

/** Of nobody. */
export const NOTHING_OBSERVED = new SlowdownHistory([]);

/** Where home has none, or nobody has named it: where most ran, of several the quickest, then the first by name. */
function referenceAmong(places: readonly KnownPlace[], home: string | undefined): KnownPlace | undefined {
  const atHome = places.filter(({ site }) => site === home);
  const [reference] = (atHome.length > 0 ? atHome : places).toSorted(
    (a, b) => b.lengths.count - a.lengths.count || a.lengths.median - b.lengths.median,
  );
  return reference;
}

function against(reference: KnownPlace, place: KnownPlace, spread: number): readonly ObservedSlowdown[] {
  if (place === reference) return [];
  const shares = longerBy(place.lengths, reference.lengths, spread);
  return [{ ...runsAt(place), ...shares, comparedWith: runsAt(reference) }];
}

function runsAt({ site, product, lengths }: KnownPlace): RunPlace & { readonly runs: number } {
  return { site, product, runs: lengths.count };
}

function nameOf({ site, product }: RunPlace): string {
  return `${site}/${product ?? ''}`;
}
