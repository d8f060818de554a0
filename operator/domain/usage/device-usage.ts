import type { Watts } from '../units.ts';
import type { UsageGrid } from './usage-grid.ts';

/** By name, as metrics have it. */
export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** A part of a GPU that was cut with MIG. */
export interface GpuInstance {
  readonly id: string;
  /** E.g. `1g.10gb`; empty where it is not told. */
  readonly profile: string;
}

/**
 * What one GPU, or one MIG instance of it, did while one pod or nobody held it. Figures are by column of the grid that was
 * asked for; NaN is unknown, never 0.
 */
export interface DeviceUsage {
  /** UUID of the GPU, which MIG instances of one GPU have in common. */
  readonly gpu: string;
  readonly instance: GpuInstance | undefined;
  /** `undefined` where the source does not tell. */
  readonly node: string | undefined;
  /** Who holds it, as the source says: it may be a pod that holds no device at all, such as the exporter itself. */
  readonly pod: PodName | undefined;
  /** Mean share of the time of the column in which it worked, 0 to 1. */
  readonly active: readonly number[];
  /** Mean power in the column, watts, of the whole GPU also where this is an instance of it. */
  readonly power: readonly number[];
}

export const USAGE_FIGURES = ['Activity', 'Power', 'HostPower'] as const;
/** `HostPower`: of processors and memory, beside the GPUs. */
export type UsageFigure = (typeof USAGE_FIGURES)[number];

export interface PodOnNode extends PodName {
  /** `undefined` where the source does not tell. */
  readonly node: string | undefined;
}

/** Everything that was measured over a grid. */
export interface MeasuredUsage {
  readonly grid: UsageGrid;
  readonly devices: readonly DeviceUsage[];
  /** Power of processors and memory that each pod causes, whether it holds devices or not, without that of idle ones; mean of the last column that is known. */
  readonly pods: readonly (PodOnNode & { readonly power: Watts })[];
  /** The same of whole nodes, idle power included. */
  readonly nodes: readonly { readonly node: string; readonly power: Watts }[];
}
