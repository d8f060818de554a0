import { USAGE_FIGURES, type DeviceUsage, type MeasuredUsage, type PodName } from '../../domain/usage/device-usage.ts';
import { gridBefore, gridEnd, type UsageGrid } from '../../domain/usage/usage-grid.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { UsageAnswer } from '../../ports/metrics-source.ts';
import type { SourceErrorCode } from '../../ports/source-error.ts';

export interface UsageHistoryOptions {
  readonly step: DurationMs;
  /** How far back, now: policies may come to want more. */
  readonly lookBack: () => DurationMs;
  /** Whether a pod holds devices now. */
  readonly holds: (pod: PodName) => boolean;
}

interface Answered {
  readonly from: EpochMs;
  readonly until: EpochMs;
  /** End of the last column in which devices were told of, by answers that were taken for such; -Infinity: in none. */
  readonly toldUntil: EpochMs;
}

/** What is scraped late changes a column that was asked for right after its end: so many are asked for again. */
const ASKED_AGAIN = 2;
/** Columns of one question. The newest are asked for first; what a slow source has answered is not asked for again. */
const MOST_AT_ONCE = 120;
/** A device that a pod has let go of is told of under its name for so many columns. */
const NAMED_COLUMNS = 5;
/**
 * So often what was answered in part, or with nothing, is asked for again: a question that always fails, or a warning that comes
 * with every answer, must not hold up the others, and an exporter that is gone must not make each question as long as hours.
 */
const MOST_TRIES = 5;
/** Faults that may be over at the next question: what they left open is asked for again. */
const PASSING: readonly SourceErrorCode[] = [
  'Unauthorised',
  'NotEntitled',
  'QuotaExceeded',
  'BudgetSpent',
  'Unavailable',
  'CircuitOpen',
];

/** Power of hosts is of now alone. */
const OF_DEVICES = USAGE_FIGURES.filter((figure) => figure !== 'HostPower');

/**
 * What was measured over the time that assessments look back on. It asks only for what it does not have: everything at the
 * start, a few columns from then on, and after an outage all that was missed. Nothing of it outlives the process: the source
 * has it all.
 */
export class UsageHistory {
  readonly #options: UsageHistoryOptions;
  #kept: MeasuredUsage | undefined;
  /** All columns in between have been answered. */
  #answered: Answered | undefined;
  /** Answers in a row that were no more than a part of one. */
  readonly #parts = { newest: 0, older: 0 };
  /** Columns from here on were taken for answered though none but parts of answers came. */
  #inPartFrom: EpochMs | undefined;

  constructor(options: UsageHistoryOptions) {
    this.#options = options;
  }

  /** The columns to ask for next, the newest first; `undefined` where all have been answered. */
  wanted(now: EpochMs): UsageGrid | undefined {
    const all = this.#gridAt(now);
    const { startsAt, step } = all;
    const end = gridEnd(all);
    // Where the clock was set back nothing of what was answered counts.
    if (this.#answered === undefined || this.#answered.until > end) return between(all.startsAt, end, step);
    const { from, until } = this.#answered;
    if (until < end) return between(Math.max(startsAt, this.#againFrom(this.#answered)), end, step);
    return from > startsAt ? between(startsAt, from, step) : undefined;
  }

  /** Takes an answer to what was wanted at `now`; whether that is answered by it, or will be asked for again. */
  add(answer: UsageAnswer, now: EpochMs): boolean {
    const all = this.#gridAt(now);
    const isNewest = gridEnd(answer.grid) === gridEnd(all);
    const part = isNewest ? 'newest' : 'older';
    this.#parts[part] = answer.isWhole ? 0 : this.#parts[part] + 1;
    const isTried = this.#parts.newest > MOST_TRIES || this.#parts[part] > MOST_TRIES;
    const isAnswered = !hasFailed(answer) && (answer.isWhole || isTried);
    if (isAnswered) this.#answered = isNewest ? this.#answeredUpTo(answer) : this.#answeredBackTo(answer.grid);
    const hosts = isNewest || this.#kept === undefined ? answer : this.#kept;
    this.#kept = { ...this.#laid([this.#kept, answer], all), nodes: hosts.nodes, pods: hosts.pods };
    return isAnswered;
  }

  /** Columns of which nothing was told are asked for so often, for they may come later still. */
  #againFrom({ toldUntil, until }: Answered): EpochMs {
    const { step } = this.#options;
    return Math.max(until - MOST_TRIES * step, Math.min(until - ASKED_AGAIN * step, toldUntil));
  }

  /** What was answered before goes on with it, unless there is a gap, or the clock was set back. */
  #answeredUpTo(answer: UsageAnswer): Answered {
    const { startsAt } = answer.grid;
    const [end, toldUntil] = [gridEnd(answer.grid), toldUntilIn(answer)];
    const before = this.#answered;
    const openFrom = this.#openFrom(answer, toldUntil);
    if (before === undefined || startsAt > before.until || before.until > end)
      return { from: startsAt, until: end, toldUntil };
    const from = Math.min(before.from, startsAt);
    // What is asked for once more counts as not told until it is: the next question may fail.
    if (openFrom < startsAt) return { from, until: openFrom, toldUntil: Math.min(before.toldUntil, openFrom) };
    return { from, until: end, toldUntil: Math.max(before.toldUntil, toldUntil) };
  }

  /**
   * From where on all is to be asked for once more, for it may be there by now: where devices are told of after columns in
   * which none were, or by the whole after parts. Infinity: from nowhere on.
   */
  #openFrom({ isWhole }: UsageAnswer, toldUntil: EpochMs): EpochMs {
    const before = this.#answered?.toldUntil ?? -Infinity;
    if (!isWhole) this.#inPartFrom ??= before;
    if (toldUntil <= before) return Infinity;
    if (!isWhole) return before;
    const inPartFrom = this.#inPartFrom ?? Infinity;
    this.#inPartFrom = undefined;
    return Math.min(before, inPartFrom);
  }

  #answeredBackTo(grid: UsageGrid): Answered {
    if (this.#inPartFrom !== undefined) this.#inPartFrom = Math.min(this.#inPartFrom, grid.startsAt);
    const { toldUntil, until } = this.#answered ?? { until: gridEnd(grid), toldUntil: -Infinity };
    return { from: grid.startsAt, until, toldUntil };
  }

  /** All that is known at `now`; `undefined` before the first answer. */
  at(now: EpochMs): MeasuredUsage | undefined {
    return this.#kept === undefined ? undefined : { ...this.#kept, ...this.#laid([this.#kept], this.#gridAt(now)) };
  }

  #gridAt(now: EpochMs): UsageGrid {
    const { lookBack, step } = this.#options;
    return gridBefore(now, { step, lookBack: lookBack() });
  }

  /** Devices that nobody has told of over the whole grid are left out. */
  #laid(parts: readonly (MeasuredUsage | undefined)[], grid: UsageGrid): Pick<MeasuredUsage, 'grid' | 'devices'> {
    const rows = new Map<string, { of: DeviceUsage; active: number[]; power: number[] }>();
    for (const part of parts) {
      if (part === undefined) continue;
      for (const device of part.devices) {
        const of = this.#isNamed(device, part.grid, grid) ? device : { ...device, pod: undefined };
        const row = rows.get(deviceKey(of)) ?? { of, active: unknown(grid), power: unknown(grid) };
        // Exporters may come to call a node otherwise.
        rows.set(deviceKey(of), { ...row, of });
        lay(device.active, part.grid, { on: grid, row: row.active });
        lay(device.power, part.grid, { on: grid, row: row.power });
      }
    }
    const devices = [...rows.values()].filter(
      ({ active, power }) => active.some(Number.isFinite) || power.some(Number.isFinite),
    );
    return { grid, devices: devices.map(({ of, active, power }) => ({ ...of, active, power })) };
  }

  /**
   * What a device did for pods that are gone is told of it without their names: what it draws is learnt from that, and there are
   * no more rows than devices and pods.
   */
  #isNamed({ active, pod, power }: DeviceUsage, { startsAt, step }: UsageGrid, grid: UsageGrid): boolean {
    if (pod === undefined || this.#options.holds(pod)) return true;
    const last = Math.max(active.findLastIndex(Number.isFinite), power.findLastIndex(Number.isFinite));
    return startsAt + (last + 1) * step > gridEnd(grid) - NAMED_COLUMNS * grid.step;
  }
}

/** End of the last column in which a device is known to have done anything, or nothing; -Infinity where there is none. */
function toldUntilIn({ devices, grid }: MeasuredUsage): EpochMs {
  let last = -1;
  for (const { active } of devices) last = Math.max(last, active.findLastIndex(Number.isFinite));
  return last < 0 ? -Infinity : grid.startsAt + (last + 1) * grid.step;
}

/** Of these columns the newest, as many as are asked for at once. */
function between(startsAt: EpochMs, end: EpochMs, step: DurationMs): UsageGrid {
  const columns = Math.min(MOST_AT_ONCE, Math.round((end - startsAt) / step));
  return { startsAt: end - columns * step, step, columns };
}

/** A figure of devices is to be asked for again, or none of them at all was answered. */
function hasFailed({ gaps }: Pick<UsageAnswer, 'gaps'>): boolean {
  const codes = OF_DEVICES.map((figure) => gaps.find((gap) => gap.figure === figure)?.error.code);
  return (
    codes.every((code) => code !== undefined && code !== 'NoData') ||
    codes.some((code) => code !== undefined && PASSING.includes(code))
  );
}

/** A figure that is known stays so where a later answer lacks it. */
function lay(
  values: readonly number[],
  grid: UsageGrid,
  { on, row }: { readonly on: UsageGrid; readonly row: number[] },
): void {
  const shift = Math.round((grid.startsAt - on.startsAt) / on.step);
  for (let k = Math.max(0, -shift); k < values.length && k + shift < row.length; k++) {
    const value = values[k] ?? NaN;
    if (Number.isFinite(value)) row[k + shift] = value;
  }
}

function unknown({ columns }: UsageGrid): number[] {
  return Array.from({ length: columns }, () => NaN);
}

function deviceKey({ gpu, instance, pod }: DeviceUsage): string {
  return [gpu, instance?.id, pod?.namespace, pod?.name].join(' ');
}
