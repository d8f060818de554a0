import { BUSY, HALF_USED, IDLE, phaseAt, TRAINING, type Behaviour } from '../../../hack/stand-ins/gpus/behaviour.ts';
import type { Line } from '../../../hack/stand-ins/gpus/exposition.ts';
import { linesOfGpu, type Gpu } from '../../../hack/stand-ins/gpus/gpu.ts';
import { linesOfHost } from '../../../hack/stand-ins/gpus/host.ts';
import type { UsageGrid } from '../../../operator/domain/usage/usage-grid.ts';
import { MINUTE_MS, SECOND_MS, type EpochMs } from '../../../operator/domain/units.ts';
import { openMetrics, type WrittenSeries } from '../../builders/open-metrics.ts';
import { keyOf, type DeviceKey } from './contract.ts';

/** Half an hour of a cluster whose GPUs do all that GPUs and their exporters do. */
export const GRID: UsageGrid = { startsAt: Date.parse('2026-03-02T12:00:00Z'), step: MINUTE_MS, columns: 30 };
const SCRAPED_EVERY_MS = 15 * SECOND_MS;
/** Scrapes are not at the full minute. */
const FIRST_SCRAPE_MS = 7 * SECOND_MS;
/** The history begins earlier, so that a rate has something to look back on. */
const BEFORE_MS = 10 * MINUTE_MS;
const PROFILED = 'DCGM_FI_PROF_GR_ENGINE_ACTIVE';
const GAUGE = 'DCGM_FI_DEV_POWER_USAGE';
const COUNTER = 'DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION';

interface Watched extends Gpu {
  /** Column from which on, and until which, it is told of; default: all. */
  readonly from?: number;
  readonly until?: number;
  /** What Prometheus adds to its series; default {@link TARGET}. */
  readonly target?: Readonly<Record<string, string>>;
}

const TARGET = { job: 'dcgm', instance: '10.0.0.1:9400', namespace: 'gpu-operator', pod: 'dcgm-exporter-x7x2p' };
const EXPORTER = { namespace: TARGET.namespace, name: TARGET.pod };
const pod = (name: string) => [{ namespace: 'research', name }];

const gpu = (uuid: string, behaviour: Behaviour, more: Partial<Watched> = {}): Watched => ({
  ...{ uuid, behaviour, node: 'node-1' },
  ...more,
});

const GPUS: readonly Watched[] = [
  gpu('idle', IDLE, { pods: pod('notebook') }),
  gpu('busy', BUSY, { pods: pod('inference') }),
  gpu('half', HALF_USED, { pods: pod('half') }),
  gpu('training', TRAINING, { pods: pod('train') }),
  gpu('free', IDLE),
  ...Array.from({ length: 8 }, (_, index) =>
    gpu(`of-eight-${index}`, index === 0 ? BUSY : IDLE, { node: 'node-2', index, pods: pod('oversized') }),
  ),
  gpu('cut', BUSY, { instance: { id: '1', profile: '3g.40gb' }, pods: pod('mig-busy') }),
  gpu('cut', IDLE, { instance: { id: '2', profile: '1g.10gb' }, pods: pod('mig-idle') }),
  gpu('shared', HALF_USED, { pods: [...pod('share-a'), ...pod('share-b')] }),
  gpu('without-profiling', HALF_USED, { lacks: [PROFILED], pods: pod('old') }),
  gpu('counter-alone', BUSY, { lacks: [GAUGE], pods: pod('counted'), counterResetsEvery: 11 * MINUTE_MS }),
  gpu('nan', BUSY, { tells: 'NaN', pods: pod('nan') }),
  gpu('blank', BUSY, { tells: 'Blank', pods: pod('blank') }),
  gpu('by-kepler', BUSY, { lacks: [GAUGE, COUNTER], pods: pod('kepler-power') }),
  gpu('gone', BUSY, { until: 20, pods: pod('gone') }),
  gpu('handed-over', BUSY, { until: 15, pods: pod('first') }),
  gpu('handed-over', IDLE, { from: 15, pods: pod('second') }),
  // The exporter was replaced, and tells of the GPU once more under another instance.
  gpu('told-twice', HALF_USED, { pods: pod('twice') }),
  gpu('told-twice', HALF_USED, {
    pods: pod('twice'),
    target: { ...TARGET, instance: '10.0.0.9:9400', pod: 'dcgm-exporter-qqqqq' },
  }),
  gpu('above-one', [{ for: MINUTE_MS, active: 1.002, watts: 690 }], { pods: pod('hot') }),
];

const HOSTS = [
  {
    node: 'node-1',
    zones: { package: 200, core: 150, dram: 40 },
    gpus: { 'by-kepler': 333 },
    pods: [
      { namespace: 'research', name: 'train', zones: { package: 50, core: 30, dram: 5 } },
      { namespace: 'research', name: 'ended', state: 'terminated' as const, zones: { package: 9 } },
    ],
  },
  {
    node: 'node-2',
    zones: { package: 200, core: 150, dram: 40, psys: 310 },
    pods: [{ namespace: 'research', name: 'oversized', zones: { package: 20, core: 15, psys: 31 } }],
  },
];
const KEPLER = { job: 'kepler', instance: '10.0.0.1:28282', namespace: 'kepler', pod: 'kepler-abcde' };

/** As Prometheus stores it that keeps its own labels (`honor_labels: false`): those of the exporter are `exported_…`. */
function stored({ labels }: Line, target: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.entries(labels).map(([name, value]) => [name in target ? `exported_${name}` : name, value]);
  return { ...target, ...Object.fromEntries(own) } as Readonly<Record<string, string>>;
}

export function historyOf(gpus: readonly Watched[] = GPUS): string {
  const series = new Map<string, WrittenSeries & { samples: [EpochMs, number][] }>();
  const add = (line: Line, target: Readonly<Record<string, string>>, at: EpochMs): void => {
    const labels = stored(line, target);
    const key = `${line.metric}${JSON.stringify(labels)}`;
    const known = series.get(key) ?? { metric: line.metric, labels, samples: [] };
    known.samples.push([at, Number(line.value)]);
    series.set(key, known);
  };
  for (const at of scrapesIn(-BEFORE_MS, GRID.columns * GRID.step)) {
    for (const one of gpus) {
      if (!isTold(one, at)) continue;
      for (const line of linesOfGpu(one, at - GRID.startsAt + BEFORE_MS)) add(line, one.target ?? TARGET, at);
    }
    for (const line of HOSTS.flatMap(linesOfHost)) add(line, KEPLER, at);
  }
  return openMetrics([...series.values()]);
}

function scrapesIn(from: number, until: number): readonly EpochMs[] {
  const count = Math.floor((until - from - FIRST_SCRAPE_MS) / SCRAPED_EVERY_MS) + 1;
  return Array.from({ length: count }, (_, k) => GRID.startsAt + from + FIRST_SCRAPE_MS + k * SCRAPED_EVERY_MS);
}

function isTold({ from = -Infinity, until = Infinity }: Watched, at: EpochMs): boolean {
  const column = Math.floor((at - GRID.startsAt) / GRID.step);
  return column >= from && column < until;
}

/** By device and holder: the mean of what was scraped in each column. What is shared or told of in vain is there as well. */
export function activeOf(gpus: readonly Watched[] = GPUS): Readonly<Record<DeviceKey, readonly number[]>> {
  const truth: Record<DeviceKey, readonly number[]> = {};
  for (const one of gpus) {
    if (one.tells === 'NaN') continue;
    const columns = Array.from({ length: GRID.columns }, (_, column) => meanIn(one, column));
    const holders = one.pods ?? [EXPORTER];
    for (const holder of holders) truth[keyOf({ gpu: one.uuid, instance: one.instance, pod: holder })] = columns;
  }
  return truth;
}

function meanIn(one: Watched, column: number): number {
  const scrapes = scrapesIn(column * GRID.step, (column + 1) * GRID.step);
  const told = scrapes.filter((at) => isTold(one, at) && one.tells === undefined);
  const shares = told.map((at) => Math.min(1, phaseAt(one.behaviour, at - GRID.startsAt + BEFORE_MS).active));
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

const held = (device: string, name: string): DeviceKey => `${device} research/${name}`;

/** In the last column. */
export const POWER: Readonly<Record<DeviceKey, number>> = {
  [held('idle', 'notebook')]: 70,
  [held('busy', 'inference')]: 650,
  [held('half', 'half')]: 380,
  [`free gpu-operator/${EXPORTER.name}`]: 70,
  [held('of-eight-0', 'oversized')]: 650,
  [held('of-eight-7', 'oversized')]: 70,
  [held('cut/2', 'mig-idle')]: 70,
  [held('shared', 'share-b')]: 380,
  [held('counter-alone', 'counted')]: 650,
  [held('blank', 'blank')]: NaN,
  [held('by-kepler', 'kepler-power')]: 333,
  [held('gone', 'gone')]: NaN,
  [held('handed-over', 'first')]: NaN,
  [held('handed-over', 'second')]: 70,
  [held('told-twice', 'twice')]: 380,
};
export const POD_POWER = { 'research/train': 55, 'research/oversized': 31 };
export const NODE_POWER = { 'node-1': 240, 'node-2': 310 };
