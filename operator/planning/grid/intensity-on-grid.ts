import { kindOf, type IntensityKind, type Rung } from '../../domain/intensity.ts';
import type { ExpectedError, Outlook } from '../../domain/site.ts';
import type { EpochMs } from '../../domain/units.ts';
import { integralTo, layOnGrid, type RunningIntegral } from './running-integral.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from './time-grid.ts';

/**
 * Intensity of one zone on the grid, its integral in g/kWh x h. Slots with an unknown stretch are marked, so that a gap
 * makes a window unknown instead of clean.
 */
export interface IntensityOnGrid extends RunningIntegral {
  /** What its grams count. */
  readonly kind: IntensityKind;
  /** What they rest on. */
  readonly rung: Rung;
  /** How far off they are expected to be, in order of lead; empty: not at all. */
  readonly expectedError: readonly ExpectedError[];
  /** For each slot, the first slot at or after it that is not wholly known; `slots` where none. */
  readonly nextUnknown: Int32Array;
}

/** A stretch of less than this without a sample is rounding, not a gap. */
const ROUNDING_MS = 0.5;

export function intensityOnGrid({ series, rung, expectedError = [] }: Outlook, grid: TimeGrid): IntensityOnGrid {
  const integral = new Float64Array(grid.slots + 1);
  const known = new Uint8Array(grid.slots);
  layOnGrid(
    series.samples,
    grid,
    ({ gramsPerKilowattHour }) => gramsPerKilowattHour,
    (slot, { figureHours, coveredMs }) => {
      integral[slot + 1] = (integral[slot] ?? 0) + figureHours;
      known[slot] = edge(grid, slot + 1) - edge(grid, slot) - coveredMs < ROUNDING_MS ? 1 : 0;
    },
  );
  return { kind: kindOf(series), rung, expectedError, grid, integral, nextUnknown: nextUnknownSlots(known) };
}

function nextUnknownSlots(known: Uint8Array): Int32Array {
  const next = new Int32Array(known.length);
  let unknown = known.length;
  for (let slot = known.length - 1; slot >= 0; slot--) {
    if (known[slot] === 0) unknown = slot;
    next[slot] = unknown;
  }
  return next;
}

/** Integral of the intensity over [startsAt, endsAt) in g/kWh x h; NaN where any part of it is unknown or off the grid. */
export function gramHoursOver(intensity: IntensityOnGrid, startsAt: EpochMs, endsAt: EpochMs): number {
  const { grid } = intensity;
  if (endsAt <= startsAt) return 0;
  if (startsAt < edge(grid, 0) || endsAt > edge(grid, grid.slots)) return NaN;
  if ((intensity.nextUnknown[slotAt(grid, startsAt)] ?? 0) < slotFrom(grid, endsAt)) return NaN;
  return integralTo(intensity, endsAt) - integralTo(intensity, startsAt);
}
