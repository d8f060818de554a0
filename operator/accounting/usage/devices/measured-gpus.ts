import { partsOf } from '../../../domain/accelerators/accelerator-power.ts';
import type { DeviceUsage, GpuInstance, PodName } from '../../../domain/usage/device-usage.ts';
import { columnAfter, isKnownNow, lastKnown, type Columns } from '../activity/columns.ts';
import { compareText } from '../../../domain/compare-text.ts';
import { sumOver } from '../sum-over.ts';
import type { HoldingPod } from '../usage-snapshot.ts';
import type { Fleet, NodeAccelerators } from './node-accelerators.ts';

/** What a device did while one pod or nobody held it. */
export interface Series {
  /** Whom the source names. */
  readonly named: string | undefined;
  /** The same where that pod holds devices; absent where it holds none, such as the exporter's own. */
  readonly holder: HoldingPod | undefined;
  readonly active: readonly number[];
  readonly power: readonly number[];
}

/** A GPU that is whole, or one instance of it. */
export interface MeasuredDevice {
  /** GPU and instance. */
  readonly key: string;
  readonly gpu: string;
  /** What it is a device of; `undefined` where no node of the snapshot has it. */
  readonly accelerators: NodeAccelerators | undefined;
  /** What its series call its node where no node is called so, `''` where that is nothing; `undefined` where one of them is right. */
  readonly misnamed: string | undefined;
  /** Its part of the GPU, by compute slices. */
  readonly share: number;
  /** In order of whom they name. */
  readonly series: readonly Series[];
  /** Whether anything is told of it now. What was cut otherwise, or is gone with its node, is told of in the past. */
  readonly isThere: boolean;
}

export interface MeasuredGpu {
  /** The GPU itself, or its instances, as it is cut now: the series of the whole tell nothing of those. In order of key. */
  readonly devices: readonly MeasuredDevice[];
  /** In the last column that is known, watts; NaN where none is. */
  readonly power: number;
  /** Sum of the parts that its devices are which are there. */
  readonly shares: number;
}

/** GPUs that a source of metrics tells of, in order of UUID. */
export function measuredGpus(
  usages: readonly DeviceUsage[],
  { columns, fleet, pods }: { readonly columns: Columns; readonly fleet: Fleet; readonly pods: readonly HoldingPod[] },
): readonly MeasuredGpu[] {
  const holders = new Map(pods.map((pod) => [podKey(pod), pod]));
  return [...Map.groupBy(usages, ({ gpu }) => gpu)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, ofGpu]) => measuredGpu(ofGpu, { fleet, holders, columns }));
}

function measuredGpu(ofGpu: readonly DeviceUsage[], around: Around): MeasuredGpu {
  const { columns } = around;
  const told = ofGpu.filter(({ active, power }) => isKnownNow([active, power], columns));
  const isCut = (told.length > 0 ? told : ofGpu).some(({ instance }) => instance !== undefined);
  const devices = [
    ...Map.groupBy(
      ofGpu.filter(({ instance }) => (instance !== undefined) === isCut),
      deviceKey,
    ),
  ]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, ofDevice]) => measuredDevice(key, ofDevice, around));
  const power = lastOf(
    ofGpu.map((usage) => usage.power),
    columns,
  );
  const shares = sumOver(devices, ({ isThere, share }) => (isThere ? share : 0));
  return { devices, power, shares };
}

/** The value of the last column that any of these know, the highest where several know that column; NaN where none does. */
export function lastOf(rows: readonly (readonly number[])[], columns: Columns): number {
  let found = NaN;
  let column = -1;
  for (const values of rows) {
    const last = lastKnown(values, columns);
    if (last === undefined || last < column) continue;
    const value = values[last] ?? NaN;
    found = last === column ? Math.max(found, value) : value;
    column = last;
  }
  return found;
}

export function podKey({ namespace, name }: PodName): string {
  return `${namespace}/${name}`;
}

function deviceKey({ gpu, instance }: DeviceUsage): string {
  return `${gpu}\n${instance?.id ?? ''}`;
}

interface Around {
  readonly fleet: Fleet;
  readonly holders: ReadonlyMap<string, HoldingPod>;
  readonly columns: Columns;
}

function measuredDevice(key: string, usages: readonly DeviceUsage[], around: Around): MeasuredDevice {
  const series = [...Map.groupBy(usages, ({ pod }) => (pod === undefined ? undefined : podKey(pod)))]
    .sort(([a = ''], [b = '']) => compareText(a, b))
    .map(([named, of]): Series => {
      const holder = named === undefined ? undefined : around.holders.get(named);
      return {
        named,
        holder,
        active: highest(of.map((each) => each.active)),
        power: highest(of.map((each) => each.power)),
      };
    });
  const { gpu } = usages[0] ?? { gpu: '' };
  const instance = usages.find((usage) => usage.instance?.profile !== '')?.instance ?? usages[0]?.instance;
  const nodeNames = usages.flatMap(({ node }) => (node === undefined ? [] : [node])).sort(compareText);
  const accelerators = placeOf(series, instance, nodeNames, around);
  const isNode = nodeNames.some((name) => around.fleet.isNode(name));
  const share = instance === undefined ? 1 : partsOf(accelerators?.product ?? '', instance.profile).share;
  const isThere = isKnownNow(
    series.flatMap(({ active, power }) => [active, power]),
    around.columns,
  );
  return { key, gpu, accelerators, misnamed: isNode ? undefined : (nodeNames[0] ?? ''), share, series, isThere };
}

/**
 * Pods are where they are; the name of a node is what somebody has labelled a series with. A pod that is somewhere else by now
 * says nothing of what it held before.
 */
function placeOf(
  series: readonly Series[],
  instance: GpuInstance | undefined,
  nodeNames: readonly string[],
  { fleet, columns }: Around,
): NodeAccelerators | undefined {
  let holder: HoldingPod | undefined;
  let latest = -1;
  for (const { active, holder: one, power } of series) {
    if (one === undefined) continue;
    const from = columnAfter(columns.grid, one.heldSince);
    const known = Math.max(lastKnown(active, columns, from) ?? -1, lastKnown(power, columns, from) ?? -1);
    if (known > latest) [holder, latest] = [one, known];
  }
  if (holder !== undefined) return fitting(placesOf(holder, fleet), instance);
  const [places = []] = nodeNames.flatMap((node) =>
    fleet.ofNode.get(node) === undefined ? [] : [fleet.ofNode.get(node)],
  );
  return fitting(places, instance);
}

/** Where a pod holds its devices, a place a resource. */
function placesOf(pod: HoldingPod, fleet: Fleet): readonly NodeAccelerators[] {
  return pod.holds.map(({ resource }) => fleet.heldBy(pod, resource));
}

/**
 * Of which resource a device is: an instance of that of its profile (`nvidia.com/mig-1g.10gb`), or of the one whose product is
 * an instance where nodes show all of them as whole GPUs.
 */
function fitting(places: readonly NodeAccelerators[], instance: GpuInstance | undefined): NodeAccelerators | undefined {
  if (instance === undefined) return places.find(({ resource }) => !resource.includes('/mig-')) ?? places[0];
  const ending = `/mig-${instance.profile.replaceAll('+', '.')}`;
  return (
    places.find(({ resource }) => resource.endsWith(ending)) ??
    places.find(({ parts }) => parts.isInstance) ??
    places[0]
  );
}

/** By column, where one device is told of twice under one name. */
export function highest(rows: readonly (readonly number[])[]): readonly number[] {
  const [first = [], ...rest] = rows;
  if (rest.length === 0) return first;
  const length = Math.max(...rows.map((values) => values.length));
  return Array.from({ length }, (_, k) => {
    const known = rows.flatMap((values) => (Number.isFinite(values[k]) ? [values[k] ?? NaN] : []));
    return known.length === 0 ? NaN : Math.max(...known);
  });
}
