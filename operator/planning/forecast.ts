import type { IntensitySeries } from '../domain/intensity.ts';
import { HOUR_MS, type EpochMs } from '../domain/units.ts';
import { edge, slotAt, slotFrom, type TimeGrid } from './grid.ts';

/**
 * Intensity of one zone on the grid, as a running integral: any window is priced by two look-ups.
 * Slots with an unknown stretch are marked, so that a gap makes a window unknown instead of clean.
 */
export interface IntensityOnGrid {
  readonly grid: TimeGrid;
  /** At edge i: integral of the intensity from edge 0, in g/kWh x h. */
  readonly integral: Float64Array;
  /** For each slot, the first slot at or after it that is not wholly known; `slots` where none. */
  readonly nextUnknown: Int32Array;
}

/** A stretch of less than this without a sample is rounding, not a gap. */
const ROUNDING_MS = 0.5;

/** Lays a series on the grid; samples that straddle an edge are split by time. */
export function onGrid(series: IntensitySeries, grid: TimeGrid): IntensityOnGrid {
  const integral = new Float64Array(grid.slots + 1);
  const known = new Uint8Array(grid.slots);
  let firstSample = 0;
  for (let slot = 0; slot < grid.slots; slot++) {
    const startsAt = edge(grid, slot);
    const endsAt = edge(grid, slot + 1);
    firstSample = skipPast(series, firstSample, startsAt);
    const { gramHoursPerKilowattHour, knownMs } = within(series, firstSample, startsAt, endsAt);
    integral[slot + 1] = (integral[slot] ?? 0) + gramHoursPerKilowattHour;
    known[slot] = endsAt - startsAt - knownMs < ROUNDING_MS ? 1 : 0;
  }
  return { grid, integral, nextUnknown: nextUnknownSlots(known) };
}

function skipPast(series: IntensitySeries, from: number, instant: EpochMs): number {
  let k = from;
  while (k < series.samples.length && (series.samples[k]?.endsAt ?? Infinity) <= instant) k++;
  return k;
}

function within(series: IntensitySeries, firstSample: number, startsAt: EpochMs, endsAt: EpochMs) {
  let gramHoursPerKilowattHour = 0;
  let knownMs = 0;
  for (let k = firstSample; k < series.samples.length; k++) {
    const sample = series.samples[k];
    if (sample === undefined || sample.startsAt >= endsAt) break;
    const overlap = Math.min(sample.endsAt, endsAt) - Math.max(sample.startsAt, startsAt);
    if (overlap <= 0) continue;
    gramHoursPerKilowattHour += sample.gramsPerKilowattHour * (overlap / HOUR_MS);
    knownMs += overlap;
  }
  return { gramHoursPerKilowattHour, knownMs };
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
export function integralOver(intensity: IntensityOnGrid, startsAt: EpochMs, endsAt: EpochMs): number {
  const { grid } = intensity;
  if (endsAt <= startsAt) return 0;
  if (startsAt < edge(grid, 0) || endsAt > edge(grid, grid.slots)) return NaN;
  if ((intensity.nextUnknown[slotAt(grid, startsAt)] ?? 0) < slotFrom(grid, endsAt)) return NaN;
  return integralTo(intensity, endsAt) - integralTo(intensity, startsAt);
}

/** The running integral at any instant of the grid, between two edges: within a slot the intensity counts as even. */
export function integralTo({ grid, integral }: IntensityOnGrid, instant: EpochMs): number {
  const slot = Math.min(slotAt(grid, instant), grid.slots - 1);
  const left = integral[slot] ?? NaN;
  const right = integral[slot + 1] ?? NaN;
  return left + ((right - left) * (instant - edge(grid, slot))) / (edge(grid, slot + 1) - edge(grid, slot));
}
