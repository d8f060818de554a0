import { grams, type EpochMs, type Grams, type GramsPerKilowattHour } from './units.ts';

/** Average and marginal intensity answer different questions and are never compared with one another. */
export type Signal = 'Average' | 'Marginal';

/** What the grams count: the whole life cycle of the power plants, their stacks alone, or their operation with fuel supply. */
export type EmissionScope = 'Lifecycle' | 'Direct' | 'Operational';

/** What a figure counts. Figures of unlike kinds are different quantities: they are never added and never compared. */
export interface IntensityKind<S extends Signal = Signal, C extends EmissionScope = EmissionScope> {
  readonly signal: S;
  readonly scope: C;
}

/** One stretch of time with one intensity. */
export interface IntensitySample {
  readonly startsAt: EpochMs;
  readonly endsAt: EpochMs;
  readonly gramsPerKilowattHour: GramsPerKilowattHour;
  /** True where the provider computed the figure without a measurement for that stretch. */
  readonly estimated: boolean;
  /** Where on the ladder it stands; absent: where its outlook does. What was kept of the past may be of another rung. */
  readonly rung?: Rung;
}

/**
 * Intensity of one grid zone over time, with everything that decides what it may be compared with.
 * Samples are in order of time, don't overlap, and may leave gaps: a gap is unknown, never zero.
 */
export interface IntensitySeries<
  S extends Signal = Signal,
  C extends EmissionScope = EmissionScope,
> extends IntensityKind<S, C> {
  readonly zone: string;
  readonly perspective: 'Forecast' | 'History';
  /** True where no provider forecast this day: a typical day, a constant, a file made by hand. */
  readonly synthetic: boolean;
  /** Name of the adapter that answered, e.g. `typical-day`. */
  readonly source: string;
  readonly issuedAt: EpochMs;
  readonly samples: readonly IntensitySample[];
}

/** Where on the ladder the data for a decision came from, best first. */
export const RUNGS = ['LiveForecast', 'CachedForecast', 'Persistence', 'TypicalDay', 'None'] as const;
export type Rung = (typeof RUNGS)[number];

/**
 * What grams rest on: the lowest rung of their parts, unless some of them are of a typical day and some are not. The level
 * of a typical day is that of another year, so that such a sum can be compared with nothing.
 */
export type Footing = Rung | 'PartlyTypicalDay';

/**
 * Grams together with what they count and what they rest on. A bare subtraction of two does not compile: they are added and compared by
 * {@link sumOf} and {@link differenceOf}, which refuse unlike kinds.
 */
export interface Emissions<S extends Signal = Signal, C extends EmissionScope = EmissionScope> {
  readonly grams: Grams;
  readonly kind: IntensityKind<S, C>;
  readonly rung: Footing;
}

export function kindOf<S extends Signal, C extends EmissionScope>({
  signal,
  scope,
}: IntensityKind<S, C>): IntensityKind<S, C> {
  return { signal, scope };
}

export function isAlike(a: IntensityKind, b: IntensityKind): boolean {
  return a.signal === b.signal && a.scope === b.scope;
}

/** Both rest on a typical day, or neither does: then their levels are those of the same days. */
export function standAlike(a: Footing, b: Footing): boolean {
  return levelOf(a) === levelOf(b);
}

/** What two parts rest on together. */
export function together(a: Footing, b: Footing): Footing {
  if (!standAlike(a, b)) return 'PartlyTypicalDay';
  return DEPTHS.indexOf(a) < DEPTHS.indexOf(b) ? b : a;
}

const DEPTHS: readonly Footing[] = RUNGS;

function levelOf(footing: Footing): 'OfThisDay' | 'TypicalDay' | 'PartlyTypicalDay' {
  return footing === 'TypicalDay' || footing === 'PartlyTypicalDay' ? footing : 'OfThisDay';
}

/** `undefined` where they are of unlike kinds. Kinds that the compiler can tell apart are a type error. */
export function sumOf<S extends Signal, C extends EmissionScope>(
  a: Emissions<S, C>,
  b: Emissions<NoInfer<S>, NoInfer<C>>,
): Emissions<S, C> | undefined {
  if (!isAlike(a.kind, b.kind)) return undefined;
  return { grams: grams(a.grams + b.grams), kind: a.kind, rung: together(a.rung, b.rung) };
}

/**
 * Grams that `a` has beyond `b`; `undefined` where they are of unlike kinds, which is a type error where the compiler can
 * tell, and where one rests on a typical day and the other does not: the difference would be one of years.
 */
export function differenceOf<S extends Signal, C extends EmissionScope>(
  a: Emissions<S, C>,
  b: Emissions<NoInfer<S>, NoInfer<C>>,
): Grams | undefined {
  return isAlike(a.kind, b.kind) && standAlike(a.rung, b.rung) ? grams(a.grams - b.grams) : undefined;
}
