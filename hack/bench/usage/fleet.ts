import type { NodeFacts } from '../../../operator/controllers/inventory/node-facts.ts';
import type { PodFacts } from '../../../operator/controllers/inventory/pod-facts.ts';
import { HOUR_MS, MINUTE_MS, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';

const PRODUCT = 'NVIDIA-H100-80GB-HBM3';
const RESOURCE = 'nvidia.com/gpu';
export const NAMESPACE = 'research';
export const REGION = 'eu-central-1';
export const GPUS_A_WORKLOAD = 2;
const GPUS_A_NODE = 8;

/** One GPU, the pod that holds it, and what it does all the time. */
export interface FleetGpu {
  readonly uuid: string;
  readonly node: string;
  /** On its node. */
  readonly index: number;
  readonly pod: string;
  /** When the pod got it. Before that, other pods held it one after the other, each as long as {@link SHORT_MS}. */
  readonly heldSince: EpochMs;
  /** Share of time active. */
  readonly active: number;
  readonly watts: number;
}

export interface Fleet {
  readonly gpus: readonly FleetGpu[];
  readonly pods: readonly PodFacts[];
  readonly nodes: readonly NodeFacts[];
}

/** Of ten workloads one runs so short jobs, one after the other. */
export const SHORT_MS: DurationMs = 30 * MINUTE_MS;
const SHORT_ONE_IN = 10;

/** Of five workloads one is idle, one works little, one uses one of its two GPUs, and two work as they should. */
const ACTIVITIES: readonly (readonly [number, number])[] = [
  [0, 0],
  [0.15, 0.2],
  [0.9, 0],
  [0.85, 0.9],
  [0.95, 0.95],
];

/** Workloads of one pod with two GPUs each, every GPU held; most have been there for a day. */
export function fleetOf(workloads: number, now: EpochMs): Fleet {
  const isShort = (workload: number): boolean => workload % SHORT_ONE_IN === SHORT_ONE_IN - 1;
  const heldSince = (workload: number): EpochMs => now - (isShort(workload) ? SHORT_MS / 2 : 24 * HOUR_MS);
  const count = workloads * GPUS_A_WORKLOAD;
  const nodeOf = (gpu: number): string => `gpu-node-${String(Math.floor(gpu / GPUS_A_NODE))}`;
  return {
    gpus: Array.from({ length: count }, (_, gpu) => {
      const workload = Math.floor(gpu / GPUS_A_WORKLOAD);
      const active = ACTIVITIES[workload % ACTIVITIES.length]?.[gpu % GPUS_A_WORKLOAD] ?? 0;
      const uuid = `GPU-${String(gpu).padStart(8, '0')}-0000-4000-8000-000000000000`;
      const place = { node: nodeOf(gpu), index: gpu % GPUS_A_NODE, pod: podOf(workload) };
      return { uuid, ...place, heldSince: heldSince(workload), active, watts: 80 + 520 * active };
    }),
    pods: Array.from({ length: workloads }, (_, workload) => ({
      metadata: { name: podOf(workload), namespace: NAMESPACE, uid: `uid-of-pod-${String(workload)}` },
      workloadUid: '',
      running: true,
      startedAt: heldSince(workload),
      node: nodeOf(workload * GPUS_A_WORKLOAD),
      holds: [{ resource: RESOURCE, devices: GPUS_A_WORKLOAD }],
      user: {
        controller: {
          ...{ apiVersion: 'kubeflow.org/v1', kind: 'PyTorchJob' },
          ...{ name: `training-${String(workload)}`, uid: `uid-of-training-${String(workload)}` },
        },
        heldSince: heldSince(workload),
      },
    })),
    nodes: Array.from({ length: Math.ceil(count / GPUS_A_NODE) }, (_, node) => ({
      name: `gpu-node-${String(node)}`,
      region: REGION,
      acceptsWork: true,
      accelerators: [{ resource: RESOURCE, product: PRODUCT, allocatable: GPUS_A_NODE }],
    })),
  };
}

function podOf(workload: number): string {
  return `training-${String(workload)}-master-0`;
}
