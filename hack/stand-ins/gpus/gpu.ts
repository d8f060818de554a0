import type { DurationMs } from '../../../operator/domain/units.ts';
import { energyUntil, phaseAt, type Behaviour } from './behaviour.ts';
import type { Line } from './exposition.ts';

export interface PodOnGpu {
  readonly namespace: string;
  readonly name: string;
}

/** A GPU, or one MIG instance of it. */
export interface Gpu {
  /** Of whom {@link GpuExporter.set} is told; default: its UUID, and the id of its instance behind a `/`. */
  readonly id?: string;
  readonly uuid: string;
  readonly node: string;
  /** Its number on the node; default 0. */
  readonly index?: number;
  readonly model?: string;
  readonly instance?: { readonly id: string; readonly profile: string };
  readonly behaviour: Behaviour;
  /** Whose it is; several where it is shared in time: then there is a series for each. */
  readonly pods?: readonly PodOnGpu[];
  /** Metrics that it doesn't have. */
  readonly lacks?: readonly string[];
  /** What is told instead of what it does. `Blank`: the number that DCGM writes where it knows nothing. */
  readonly tells?: 'NaN' | 'Blank';
  /** Its energy counter begins anew so often, as after a reset of the GPU. */
  readonly counterResetsEvery?: DurationMs;
}

/** How the exporter calls things; the defaults are those of 4.4 and before. */
export interface Naming {
  /** `hostname` from 4.5 on. */
  readonly hostname?: string;
  readonly uuid?: string;
  /** `pod_name` and `pod_namespace` where it is told to use old names. */
  readonly pod?: string;
  readonly namespace?: string;
  readonly container?: string;
}

export function gpuId({ id, instance, uuid }: Gpu): string {
  return id ?? (instance === undefined ? uuid : `${uuid}/${instance.id}`);
}

/** Of floating-point numbers and of whole ones, dcgm_structs.h: DCGM_FP64_BLANK, DCGM_INT32_BLANK, DCGM_INT64_BLANK. */
const BLANKS: Readonly<Record<string, string>> = {
  DCGM_FI_DEV_POWER_USAGE: '140737488355328.000000',
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: '140737488355328.000000',
  DCGM_FI_DEV_GPU_UTIL: '2147483632',
  DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: '9223372036854775794',
};

/** What the DCGM exporter writes of it. `energy` is what its counter has had before. */
export function linesOfGpu(gpu: Gpu, elapsed: DurationMs, naming: Naming = {}, energy = 0): readonly Line[] {
  const { lacks = [], pods = [], tells } = gpu;
  const values = Object.entries(valuesOf(gpu, elapsed, energy)).filter(([metric]) => !lacks.includes(metric));
  const holders = pods.length === 0 ? [undefined] : pods;
  return holders.flatMap((pod, index) => {
    const labels = labelsOf(gpu, pod, naming, pods.length > 1 ? String(index) : undefined);
    return values.map(([metric, value]) => ({
      metric,
      labels,
      value: tells === undefined ? value : tells === 'NaN' ? 'NaN' : (BLANKS[metric] ?? value),
    }));
  });
}

function valuesOf(gpu: Gpu, elapsed: DurationMs, energy: number): Readonly<Record<string, string>> {
  const { behaviour, counterResetsEvery, instance } = gpu;
  const { active, watts } = phaseAt(behaviour, elapsed);
  const sinceReset =
    counterResetsEvery === undefined
      ? energy + energyUntil(behaviour, elapsed)
      : energyUntil(behaviour, elapsed) - energyUntil(behaviour, elapsed - (elapsed % counterResetsEvery));
  return {
    DCGM_FI_DEV_POWER_USAGE: watts.toFixed(6),
    DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION: String(Math.round(sinceReset)),
    // There is none of instances.
    ...(instance === undefined && { DCGM_FI_DEV_GPU_UTIL: String(Math.round(active * 100)) }),
    DCGM_FI_PROF_GR_ENGINE_ACTIVE: active.toFixed(6),
  };
}

/** In the order of dcgm-exporter's template: what it adds to a device's own labels comes by name. */
function labelsOf(
  { index = 0, instance, model = 'NVIDIA H100 80GB HBM3', node, uuid }: Gpu,
  pod: PodOnGpu | undefined,
  naming: Naming,
  vgpu: string | undefined,
): Readonly<Record<string, string>> {
  const { container = 'container', hostname = 'Hostname', namespace = 'namespace' } = naming;
  return {
    gpu: String(index),
    [naming.uuid ?? 'UUID']: uuid,
    pci_bus_id: '00000000:18:00.0',
    device: `nvidia${String(index)}`,
    modelName: model,
    ...(instance !== undefined && { GPU_I_PROFILE: instance.profile, GPU_I_ID: instance.id }),
    [hostname]: node,
    DCGM_FI_DRIVER_VERSION: '570.124.06',
    ...(pod !== undefined && { [container]: 'main', [namespace]: pod.namespace, [naming.pod ?? 'pod']: pod.name }),
    ...(vgpu !== undefined && { vgpu }),
  };
}
