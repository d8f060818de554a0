import { HOUR_MS, MINUTE_MS, SECOND_MS, type DurationMs } from '../../domain/units.ts';
import type { Ground } from './ground.ts';
import { leastInPieces } from './pieces.ts';

/** Entries of the tables that one job may have: some ten milliseconds of work. */
const MOST_STATES = 500_000;
/** What a slot may be where the data themselves would make it too short. */
const COARSER: readonly DurationMs[] = [
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 4, 8, 12, 24].map((hours) => hours * HOUR_MS),
];

/** What a job in pieces needs, as lengths of time at the places' one speed. */
export interface Pieces {
  readonly work: DurationMs;
  /** What a resume repeats, and what it repeats beside that at another site. */
  readonly restart: DurationMs;
  readonly move: DurationMs;
}

/**
 * The least grams of a job in pieces that pays for its restarts, by {@link leastInPieces} on a grid of slots. Where arrival,
 * lengths and steps are whole slots, some best plan is one of whole slots too (its beginnings and ends are the corners of a
 * linear programme with whole numbers), so that this is exact. Where they are not, everything is rounded to the job's favour:
 * lengths down, its time up, a slot at the least that any of it costs. `Infinity` where the work can't be done.
 */
export function leastOnGrid({ edges, places }: Ground, pieces: Pieces): number {
  const [from, until] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const sites = [...new Set(places.map(({ site }) => site))];
  const slot = slotFor(edges, pieces, sites.length);
  const first = Math.floor(from / slot);
  const slots = Math.ceil(until / slot) - first;
  // From one accelerator of a site to another is no move: it is free here.
  const costs = sites.map((site) => {
    const row = new Float64Array(slots).fill(Infinity);
    for (const place of places) if (place.site === site) lower(row, { edges, rates: place.rates, slot, first });
    return row.map((rate) => (rate === Infinity ? NaN : rate * (slot / HOUR_MS)));
  });
  const [work = 0, restart = 0, move = 0] = [pieces.work, pieces.restart, pieces.move].map((length) =>
    Math.floor((length + ROUNDING_MS) / slot),
  );
  return work === 0 ? 0 : leastInPieces({ costs, work, restart, move });
}

/** Lengths are quotients by speeds. */
const ROUNDING_MS = 1e-3;

interface Row {
  readonly edges: Float64Array;
  readonly rates: Float64Array;
  readonly slot: DurationMs;
  readonly first: number;
}

/** Lowers each slot to the least rate that holds in it. */
function lower(row: Float64Array, { edges, rates, slot, first }: Row): void {
  rates.forEach((rate, k) => {
    const [startsAt, endsAt] = [edges[k] ?? 0, edges[k + 1] ?? 0];
    for (let at = Math.floor(startsAt / slot) - first; (at + first) * slot < endsAt; at++) {
      if (rate < (row[at] ?? 0)) row[at] = rate;
    }
  });
}

/** The longest that divides everything, or the shortest of some that the tables can take. */
function slotFor(edges: Float64Array, pieces: Pieces, sites: number): DurationMs {
  const statesAt = (slot: DurationMs): number =>
    (((edges.at(-1) ?? 0) - (edges[0] ?? 0)) / slot + 2) * (pieces.work / slot + 1) * sites;
  const lengths = [pieces.work, pieces.restart, pieces.move, ...edges];
  const common = lengths.reduce(commonDivisor, 0);
  const exact = common >= SECOND_MS ? [common] : [];
  return [...exact, ...COARSER].find((slot) => statesAt(slot) <= MOST_STATES) ?? pieces.work;
}

/** Euclid's; of what is no whole number NaN. */
function commonDivisor(a: DurationMs, b: DurationMs): DurationMs {
  let [one, other] = [a, b];
  while (other !== 0 && Number.isInteger(one) && Number.isInteger(other)) [one, other] = [other, one % other];
  return other === 0 ? one : NaN;
}
