import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { atHour, hours, MIDNIGHT, series } from '../../../test/builders/planning.ts';
import { HOUR_MS } from '../../domain/units.ts';
import { intensityOnGrid } from '../grid/intensity-on-grid.ts';
import { timeGrid } from '../grid/time-grid.ts';
import { cheapestItinerary, type Piece } from './pausable.ts';
import type { ItinerarySearch } from './steps.ts';

/** A row of hourly figures for each place. */
type Figures = readonly (readonly number[])[];

function searchOver(figures: Figures, overrides: Partial<ItinerarySearch> = {}): ItinerarySearch {
  const length = figures[0]?.length ?? 0;
  const grid = timeGrid(MIDNIGHT, atHour(length), HOUR_MS);
  return {
    grid,
    places: figures.map((row) => ({
      intensity: intensityOnGrid({ series: series(row), rung: 'LiveForecast' }, grid),
      prices: undefined,
      nextFull: undefined,
      rates: { perGramHour: 1, perPriceHour: 0, perHour: 0, perDelayMs: 0 },
      arrivalCost: 0,
    })),
    at: undefined,
    moveOverhead: 0,
    notBefore: MIDNIGHT,
    notAfter: atHour(length),
    mostStates: 500_000,
    work: hours(3),
    minimumRun: 0,
    restartOverhead: 0,
    piecesLeft: 20,
    hasRun: false,
    runningSince: undefined,
    ...overrides,
  };
}

/** Runs [from, to) at a place, in hours. */
interface Run {
  readonly place: number;
  readonly from: number;
  readonly to: number;
}

/** What runs cost together; infinite where they break a rule. */
function costOf(runs: readonly Run[], figures: Figures, search: ItinerarySearch): number {
  let cost = 0;
  let work = 0;
  let lastPlace = search.at;
  for (const [i, { place, from, to }] of runs.entries()) {
    const isFirst = i === 0 && !search.hasRun;
    const moves = !isFirst && place !== lastPlace;
    const overhead = isFirst ? 0 : (search.restartOverhead + (moves ? search.moveOverhead : 0)) / HOUR_MS;
    const isLast = i === runs.length - 1;
    if (to - from <= overhead || (!isLast && to - from < search.minimumRun / HOUR_MS)) return Infinity;
    for (let hour = from; hour < to; hour++) cost += figures[place]?.[hour] ?? NaN;
    if (moves) cost += search.places[place]?.arrivalCost ?? 0;
    work += to - from - overhead;
    lastPlace = place;
  }
  return work === search.work / HOUR_MS && runs.length <= search.piecesLeft ? cost : Infinity;
}

/** Every way to spend every hour: idle, or at one of the places. */
function bruteForce(figures: Figures, search: ItinerarySearch): number {
  const length = figures[0]?.length ?? 0;
  let best = Infinity;
  const spend = (hour: number, runs: readonly Run[]): void => {
    if (hour === length) {
      if (runs.length > 0) best = Math.min(best, costOf(runs, figures, search));
      return;
    }
    spend(hour + 1, runs);
    for (const [place] of figures.entries()) {
      const last = runs.at(-1);
      if (last?.place === place && last.to === hour) spend(hour + 1, runs.with(-1, { ...last, to: hour + 1 }));
      else spend(hour + 1, [...runs, { place, from: hour, to: hour + 1 }]);
    }
  };
  spend(0, []);
  return best;
}

function runsOf(pieces: readonly Piece[]): readonly Run[] {
  return pieces.map(({ place, window }) => ({
    place,
    from: (window.startsAt - MIDNIGHT) / HOUR_MS,
    to: (window.endsAt - MIDNIGHT) / HOUR_MS,
  }));
}

const someFigures = fc
  .record({ length: fc.integer({ min: 4, max: 7 }), places: fc.integer({ min: 2, max: 3 }) })
  .chain(({ length, places }) => {
    const row = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: length, maxLength: length });
    return fc.array(row, { minLength: places, maxLength: places });
  });

const someRules = fc.record({
  work: fc.integer({ min: 1, max: 4 }).map(hours),
  minimumRun: fc.integer({ min: 0, max: 2 }).map(hours),
  restartOverhead: fc.integer({ min: 0, max: 1 }).map(hours),
  moveOverhead: fc.integer({ min: 0, max: 2 }).map(hours),
  piecesLeft: fc.integer({ min: 1, max: 5 }),
  hasRun: fc.boolean(),
});

describe('the cheapest itinerary', () => {
  test('is as cheap as the best of all ways to spend the hours', () => {
    fc.assert(
      fc.property(someFigures, someRules, fc.integer({ min: 0, max: 9 }), (figures, rules, arrivalCost) => {
        const search = searchOver(figures, { ...rules, at: rules.hasRun ? 0 : undefined });
        const asked = { ...search, places: search.places.map((place) => ({ ...place, arrivalCost })) };
        const pieces = cheapestItinerary(asked);
        const cost = pieces === undefined ? Infinity : costOf(runsOf(pieces), figures, asked);
        expect(cost).toBe(bruteForce(figures, asked));
      }),
      { numRuns: 400 },
    );
  });

  test('moves on where that is worth what the move costs, and stays where it is not', () => {
    const figures = [
      [10, 10, 50, 50, 50, 50],
      [50, 50, 40, 10, 10, 10],
    ];
    const moved = cheapestItinerary(searchOver(figures, { work: hours(4) }));
    expect(runsOf(moved ?? [])).toEqual([
      { place: 0, from: 0, to: 2 },
      { place: 1, from: 3, to: 5 },
    ]);
    const stays = cheapestItinerary(searchOver(figures, { work: hours(4), moveOverhead: hours(2) }));
    expect(runsOf(stays ?? [])).toEqual([{ place: 1, from: 2, to: 6 }]);
  });

  test('goes on where the job runs until that has lasted as long as it must', () => {
    const figures = [
      [90, 90, 90, 90, 90],
      [1, 1, 1, 1, 1],
    ];
    const running = { hasRun: true, at: 0, runningSince: atHour(-1), minimumRun: hours(3) };
    expect(runsOf(cheapestItinerary(searchOver(figures, { ...running, work: hours(4) })) ?? [])).toEqual([
      { place: 0, from: 0, to: 2 },
      { place: 1, from: 2, to: 4 },
    ]);
  });
});
