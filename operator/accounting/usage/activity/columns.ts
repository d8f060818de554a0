import type { UsageGrid } from '../../../domain/usage/usage-grid.ts';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';

/**
 * So many columns may be missing before anything is unknown: one scrape that failed or came late tells nothing. Work that is
 * shorter than that and falls into such a gap is not seen.
 */
const BRIDGED_COLUMNS = 2;

/** Columns of a grid as they are seen at one moment. */
export interface Columns {
  readonly grid: UsageGrid;
  readonly now: EpochMs;
}

/** What one device did while somebody held it. */
export interface Track extends Columns {
  /** By column; NaN is unknown. */
  readonly active: readonly number[];
  /** The first column that counts. */
  readonly from: number;
}

/** The first column that lies wholly after an instant. */
export function columnAfter({ startsAt, step }: UsageGrid, instant: EpochMs): number {
  return Math.max(0, Math.ceil((instant - startsAt) / step));
}

/** The last column whose value is known; `undefined` where that is so long ago that the value tells nothing of now. */
export function lastKnown(values: readonly number[], columns: Columns, from = 0): number | undefined {
  const least = Math.max(from, newest(columns) - BRIDGED_COLUMNS);
  for (let k = Math.min(values.length, columns.grid.columns) - 1; k >= least; k--) {
    if (Number.isFinite(values[k])) return k;
  }
  return undefined;
}

/** Whether any of these rows tells anything of now. */
export function isKnownNow(rows: readonly (readonly number[])[], columns: Columns, from = 0): boolean {
  return rows.some((values) => lastKnown(values, columns, from) !== undefined);
}

/** Share of time active in the last column that is known. */
export function activeNow(track: Track): number | undefined {
  const last = lastKnown(track.active, track, track.from);
  return last === undefined ? undefined : track.active[last];
}

/** A stretch in which a device did not work, up to the last column that is known; of no length where it works in that one. */
export interface Quiet {
  readonly since: EpochMs;
  readonly until: EpochMs;
}

/** `undefined` where it is not known what the device does. A stretch does not go over a gap that is more than one missed scrape. */
export function quietBelow(track: Track, below: number): Quiet | undefined {
  const last = lastKnown(track.active, track, track.from);
  if (last === undefined) return undefined;
  const { startsAt, step } = track.grid;
  let first = last + 1;
  for (let k = last; k >= track.from && first - k <= BRIDGED_COLUMNS + 1; k--) {
    const value = track.active[k] ?? NaN;
    if (value >= below) break;
    if (value < below) first = k;
  }
  return { since: startsAt + first * step, until: startsAt + (last + 1) * step };
}

/** What the mean share of time active over a while up to now may have been. */
export interface MeanBounds {
  /** Where everything that is unknown was idle. */
  readonly least: number;
  /** Where everything that is unknown was work. */
  readonly most: number;
}

/** Whatever is unknown, or was before somebody held the device, counts for the one and against the other. */
export function meanOver(track: Track, time: DurationMs): MeanBounds {
  const count = columnsIn(track, time);
  const first = newest(track) - count + 1;
  let sum = 0;
  let known = 0;
  for (let k = Math.max(first, track.from); k < track.grid.columns; k++) {
    const value = track.active[k] ?? NaN;
    if (!Number.isFinite(value)) continue;
    sum += value;
    known += 1;
  }
  return { least: sum / count, most: (sum + (count - known)) / count };
}

/** The end of the last column in which the device worked at least so much, however long ago that is known of; `undefined`: none. */
export function workedUntil({ active, from, grid }: Track, least: number): EpochMs | undefined {
  for (let k = Math.min(active.length, grid.columns) - 1; k >= from; k--) {
    if ((active[k] ?? NaN) >= least) return grid.startsAt + (k + 1) * grid.step;
  }
  return undefined;
}

/** Whether the device was held, and looked back on, for so long. */
export function reachesBack(track: Track, time: DurationMs): boolean {
  return newest(track) - columnsIn(track, time) + 1 >= track.from;
}

function columnsIn({ grid }: Columns, time: DurationMs): number {
  return Math.max(1, Math.ceil(time / grid.step));
}

/** The last column that is over, also where nobody has told of it yet. */
function newest({ grid: { startsAt, step, columns }, now }: Columns): number {
  return Math.max(columns - 1, Math.floor((now - startsAt) / step) - 1);
}
