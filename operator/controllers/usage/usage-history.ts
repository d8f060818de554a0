import type { DeviceUsage, MeasuredUsage } from '../../domain/usage/device-usage.ts';
import { gridBefore, gridEnd, type UsageGrid } from '../../domain/usage/usage-grid.ts';
import type { DurationMs, EpochMs } from '../../domain/units.ts';
import type { UsageAnswer } from '../../ports/metrics-source.ts';

export interface UsageHistoryOptions {
  readonly step: DurationMs;
  /** How far back, now: policies may come to want more. */
  readonly lookBack: () => DurationMs;
}

/** What is scraped late changes a column that was asked for right after its end: so many are asked for again. */
const ASKED_AGAIN = 2;

/**
 * What was measured over the time that assessments look back on. It asks only for what it does not have: everything at the
 * start, a few columns from then on, and after an outage all that was missed. Nothing of it outlives the process: the source
 * has it all.
 */
export class UsageHistory {
  readonly #options: UsageHistoryOptions;
  #kept: MeasuredUsage | undefined;
  /** All columns in between have been answered. */
  #answered: { readonly from: EpochMs; readonly until: EpochMs } | undefined;

  constructor(options: UsageHistoryOptions) {
    this.#options = options;
  }

  /** The columns to ask for: all of them, too, where more is looked back on than before, or the clock was set back. */
  wanted(now: EpochMs): UsageGrid {
    const all = this.#gridAt(now);
    const { step } = all;
    if (this.#answered === undefined || this.#answered.from > all.startsAt) return all;
    const from = Math.max(all.startsAt, this.#answered.until - ASKED_AGAIN * step);
    const startsAt = from < gridEnd(all) ? from : all.startsAt;
    return { startsAt, step, columns: Math.round((gridEnd(all) - startsAt) / step) };
  }

  #gridAt(now: EpochMs): UsageGrid {
    const { lookBack, step } = this.#options;
    return gridBefore(now, { step, lookBack: lookBack() });
  }

  /** Takes an answer to what was wanted at `now`, and gives all that is known then. A figure that failed is asked for again. */
  add(answer: UsageAnswer, now: EpochMs): MeasuredUsage {
    const grid = this.#gridAt(now);
    const hasFailed = answer.gaps.some(({ figure, error }) => figure !== 'HostPower' && error.code !== 'NoData');
    if (!hasFailed) {
      const from = Math.min(answer.grid.startsAt, this.#answered?.from ?? Infinity);
      this.#answered = { from, until: gridEnd(answer.grid) };
    }
    const devices = new Map<string, { of: DeviceUsage; active: number[]; power: number[] }>();
    for (const part of [this.#kept, answer]) {
      for (const device of part?.devices ?? []) {
        const key = deviceKey(device);
        const row = devices.get(key) ?? { of: device, active: unknown(grid), power: unknown(grid) };
        devices.set(key, row);
        lay(device.active, part?.grid ?? grid, { on: grid, row: row.active });
        lay(device.power, part?.grid ?? grid, { on: grid, row: row.power });
      }
    }
    const { nodes, pods } = answer;
    this.#kept = {
      grid,
      nodes,
      pods,
      devices: [...devices.values()]
        .filter(({ active, power }) => active.some(Number.isFinite) || power.some(Number.isFinite))
        .map(({ of, active, power }) => ({ ...of, active, power })),
    };
    return this.#kept;
  }
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

function deviceKey({ gpu, instance, node, pod }: DeviceUsage): string {
  return [gpu, instance?.id, node, pod?.namespace, pod?.name].join(' ');
}
