import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import { heldUntilNext, usualSpacing } from '../../../../operator/domain/samples.ts';
import { gramsPerKilowattHour, HOUR_MS, type DurationMs, type EpochMs } from '../../../../operator/domain/units.ts';
import { DataError, numbersOf, timesOf, type Table } from './folder.ts';

/** Rows of which some have no figure, at times that may leave some out. */
interface Column {
  readonly times: Float64Array;
  readonly figures: Float64Array;
}

/** One column of a table as a series; each row holds until the next, and an empty field is a gap. */
export function seriesOf(
  table: Table,
  { time, figure, zone }: { readonly time: string; readonly figure: string; readonly zone: string },
): IntensitySeries {
  return seriesFrom({ times: timesOf(table, time), figures: numbersOf(table, figure) }, zone, table.path);
}

/** Every column but that of the time, by its name. */
export function seriesByZone(table: Table, time: string): ReadonlyMap<string, IntensitySeries> {
  const times = timesOf(table, time);
  const zones = table.columns.filter((column) => column !== time && column !== '');
  if (zones.length === 0) throw new DataError(`${table.path} has no column beside "${time}": it needs one a zone`);
  return new Map(zones.map((zone) => [zone, seriesFrom({ times, figures: numbersOf(table, zone) }, zone, table.path)]));
}

function seriesFrom({ times, figures }: Column, zone: string, path: string): IntensitySeries {
  const spacing = usualSpacing([...times]);
  if (spacing === undefined)
    throw new DataError(`${path} has one row only: it needs two at least, to know how long they hold`);
  const rows = [...times].map((startsAt, k) => ({
    startsAt,
    gramsPerKilowattHour: gramsPerKilowattHour(figures[k] ?? NaN),
    estimated: false,
  }));
  // An empty field ends what the row before it said.
  const samples = heldUntilNext(rows, spacing).filter(({ gramsPerKilowattHour: figure }) => !Number.isNaN(figure));
  return {
    zone,
    signal: 'Average',
    scope: 'Lifecycle',
    perspective: 'History',
    synthetic: false,
    source: path,
    issuedAt: times[0] ?? 0,
    samples,
  };
}

/** The slots that cases of hourly data are planned in: what the data resolves, an hour at most. */
export function slotFor(series: Iterable<IntensitySeries>): DurationMs {
  let slot = HOUR_MS;
  for (const { samples } of series) {
    const [first] = samples;
    const spacing = usualSpacing(samples.map(({ startsAt }) => startsAt)) ?? HOUR_MS;
    // An hour must be a whole number of slots, and rows must begin with one.
    if (HOUR_MS % spacing === 0 && (first?.startsAt ?? 0) % spacing === 0) slot = Math.min(slot, spacing);
  }
  return slot;
}

/** Figures of consecutive slots, NaN where a slot is not wholly known. */
export interface Slots {
  readonly startsAt: EpochMs;
  readonly slot: DurationMs;
  /** Mean over each slot, g/kWh. */
  readonly figures: Float64Array;
}

/** Lays a series on slots that begin at multiples of their length, over all of its time. */
export function slotsOf({ samples }: IntensitySeries, slot: DurationMs): Slots {
  const startsAt = Math.floor((samples[0]?.startsAt ?? 0) / slot) * slot;
  const count = Math.max(0, Math.ceil(((samples.at(-1)?.endsAt ?? startsAt) - startsAt) / slot));
  const figures = new Float64Array(count);
  const covered = new Float64Array(count);
  for (const sample of samples) {
    for (let from = sample.startsAt; from < sample.endsAt;) {
      const k = Math.floor((from - startsAt) / slot);
      const until = Math.min(sample.endsAt, startsAt + (k + 1) * slot);
      figures[k] = (figures[k] ?? 0) + sample.gramsPerKilowattHour * (until - from);
      covered[k] = (covered[k] ?? 0) + until - from;
      from = until;
    }
  }
  return { startsAt, slot, figures: figures.map((sum, k) => ((covered[k] ?? 0) >= slot ? sum / slot : NaN)) };
}

/** A series of one figure a slot: that of the row which holds when the slot begins. */
export function sampledEvery(slot: DurationMs, series: IntensitySeries): IntensitySeries {
  const first = Math.ceil((series.samples[0]?.startsAt ?? 0) / slot) * slot;
  const samples: IntensitySeries['samples'][number][] = [];
  let k = 0;
  for (let startsAt = first; startsAt < (series.samples.at(-1)?.endsAt ?? first); startsAt += slot) {
    while ((series.samples[k]?.endsAt ?? Infinity) <= startsAt) k += 1;
    const row = series.samples[k];
    if (row !== undefined && row.startsAt <= startsAt) samples.push({ ...row, startsAt, endsAt: startsAt + slot });
  }
  return { ...series, samples };
}

/** Sums of figures over slots, so that any stretch is known by two look-ups; NaN as soon as one of its slots is unknown. */
export class SlotSums {
  readonly slots: Slots;
  readonly #sums: Float64Array;
  readonly #unknown: Int32Array;

  constructor(slots: Slots) {
    this.slots = slots;
    const { figures } = slots;
    this.#sums = new Float64Array(figures.length + 1);
    this.#unknown = new Int32Array(figures.length + 1);
    figures.forEach((figure, k) => {
      this.#sums[k + 1] = (this.#sums[k] ?? 0) + (Number.isNaN(figure) ? 0 : figure);
      this.#unknown[k + 1] = (this.#unknown[k] ?? 0) + Number(Number.isNaN(figure));
    });
  }

  /** Position of the slot that begins at an instant. */
  at(instant: EpochMs): number {
    return Math.round((instant - this.slots.startsAt) / this.slots.slot);
  }

  /** Of the slots [from, to), in g/kWh x slots. */
  sum(from: number, to: number): number {
    if (from < 0 || to > this.slots.figures.length) return NaN;
    return this.#unknown[from] === this.#unknown[to] ? (this.#sums[to] ?? NaN) - (this.#sums[from] ?? NaN) : NaN;
  }
}
