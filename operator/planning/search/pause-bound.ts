import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { IntensityOnGrid } from '../forecast.ts';
import { edge, slotFrom, type TimeGrid } from '../grid.ts';

export interface BoundSearch {
  readonly grid: TimeGrid;
  readonly intensity: IntensityOnGrid;
  /** For each slot, the first full slot at or after it; absent where none is full. */
  readonly nextFull: Int32Array | undefined;
  readonly notAfter: EpochMs;
  readonly work: DurationMs;
}

/**
 * What the work would have in the cleanest slots that are free, if it could be cut at will, in g/kWh x h. No windows have
 * less, so that most searches for them need not be made. `Infinity` where there are too few such slots.
 */
export function leastGramHours(search: BoundSearch): number {
  const { grid, work } = search;
  const wholeSlots = Math.floor(work / grid.slot);
  const rest = work / grid.slot - wholeSlots;
  const cleanest = gramHoursOfFreeSlots(search).sort();
  if (cleanest.length < work / grid.slot) return Infinity;
  let sum = rest * (cleanest[wholeSlots] ?? 0);
  for (let k = 0; k < wholeSlots; k++) sum += cleanest[k] ?? 0;
  return sum;
}

/** The first slot and the last are counted as whole ones at their own mean: that can only make the bound lower. */
function gramHoursOfFreeSlots({ grid, intensity, nextFull, notAfter }: BoundSearch): Float64Array {
  const end = slotFrom(grid, notAfter);
  const gramHours = new Float64Array(end);
  let count = 0;
  for (let slot = 0; slot < end; slot++) {
    const isFree = nextFull === undefined || (nextFull[slot] ?? 0) > slot;
    if (!isFree || (intensity.nextUnknown[slot] ?? 0) <= slot) continue;
    const inSlot = (intensity.integral[slot + 1] ?? 0) - (intensity.integral[slot] ?? 0);
    gramHours[count++] = slot === 0 ? (inSlot * grid.slot) / (edge(grid, 1) - edge(grid, 0)) : inSlot;
  }
  return gramHours.subarray(0, count);
}
