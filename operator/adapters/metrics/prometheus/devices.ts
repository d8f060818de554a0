import type { DeviceUsage } from '../../../domain/usage/device-usage.ts';
import type { Row } from './columns.ts';
import type { DeviceName } from './labels.ts';

type Rows = ReadonlyMap<string, Row<DeviceName>>;

/** What each device did while one pod or nobody held it, out of what is known of its activity and of its power; in order of key. */
export function devicesOf(activity: Rows, power: Rows, columns: number): readonly DeviceUsage[] {
  const ofGpu = rowsByGpu(power);
  const keys = new Set([...activity.keys(), ...power.keys()]);
  return [...keys].sort().flatMap((key) => {
    const [active, own] = [activity.get(key), power.get(key)];
    const of = active?.of ?? own?.of;
    if (of === undefined) return [];
    const drawn = own?.values ?? unknown(columns);
    return {
      ...of,
      node: of.node ?? own?.of.node ?? ofGpu.get(of.gpu)?.find((row) => row.of.node !== undefined)?.of.node,
      active: active?.values ?? unknown(columns),
      power: active === undefined ? drawn : withThatOfGpu(drawn, active.values, ofGpu.get(of.gpu) ?? []),
    };
  });
}

/**
 * Power is that of the whole GPU, whoever a series says has it: in a column in which a device was held and its own power is not
 * known, that of another series of the GPU counts. Kepler knows GPUs, and neither their instances nor their pods.
 */
function withThatOfGpu(
  own: readonly number[],
  active: readonly number[],
  rows: readonly Row<DeviceName>[],
): readonly number[] {
  return own.map((watts, column) => {
    if (!Number.isNaN(watts) || Number.isNaN(active[column])) return watts;
    let highest = NaN;
    for (const { values } of rows) {
      const other = values[column] ?? NaN;
      if (!(highest >= other) && !Number.isNaN(other)) highest = other;
    }
    return highest;
  });
}

function rowsByGpu(rows: Rows): ReadonlyMap<string, readonly Row<DeviceName>[]> {
  const byGpu = new Map<string, Row<DeviceName>[]>();
  for (const row of rows.values()) {
    const known = byGpu.get(row.of.gpu);
    if (known === undefined) byGpu.set(row.of.gpu, [row]);
    else known.push(row);
  }
  return byGpu;
}

function unknown(columns: number): number[] {
  return new Array<number>(columns).fill(NaN);
}
