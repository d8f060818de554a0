import type { Line } from './exposition.ts';

/** Watts by zone of RAPL: `package`, `core`, `dram`, `psys`. */
export type Zones = Readonly<Record<string, number>>;

/** Processors and memory of a node, as Kepler tells of them from 0.10 on. */
export interface Host {
  readonly node: string;
  readonly zones: Zones;
  readonly pods?: readonly {
    readonly namespace: string;
    readonly name: string;
    readonly state?: 'running' | 'terminated';
    readonly zones: Zones;
  }[];
  /** Its GPUs, by UUID; watts. */
  readonly gpus?: Readonly<Record<string, number>>;
}

export function linesOfHost({ gpus = {}, node, pods = [], zones }: Host): readonly Line[] {
  return [
    ...Object.entries(zones).map(([zone, watts]) => ({
      metric: 'kepler_node_cpu_watts',
      labels: { zone, path: `/host/sys/class/powercap/intel-rapl/${zone}`, node_name: node },
      value: String(watts),
    })),
    ...Object.entries(gpus).map(([uuid, watts], index) => ({
      metric: 'kepler_node_gpu_watts',
      labels: { gpu: String(index), gpu_uuid: uuid, gpu_name: 'GPU', vendor: 'nvidia', node_name: node },
      value: String(watts),
    })),
    ...pods.flatMap(({ name, namespace, state = 'running', zones: its }) =>
      Object.entries(its).map(([zone, watts]) => ({
        metric: 'kepler_pod_cpu_watts',
        labels: {
          pod_id: `${namespace}-${name}`,
          pod_name: name,
          pod_namespace: namespace,
          state,
          zone,
          node_name: node,
        },
        value: String(watts),
      })),
    ),
  ];
}
