import type { KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';

export const RESOURCE_SLICES: ResourceType = {
  group: 'resource.k8s.io',
  version: 'v1',
  plural: 'resourceslices',
  kind: 'ResourceSlice',
  namespaced: false,
};

/** Drivers of dynamic resource allocation whose devices are accelerators; others offer processors, network cards and so on. */
const ACCELERATOR_DRIVERS: readonly string[] = ['gpu.nvidia.com', 'gpu.amd.com', 'gpu.intel.com'];

/** resource.k8s.io/v1 ResourceSlice, the fields that are read. */
export interface RawResourceSlice extends KubernetesObject {
  readonly spec?: {
    readonly driver?: string;
    readonly nodeName?: string;
    readonly devices?: readonly unknown[];
  };
}

/** Accelerators that a node offers through dynamic resource allocation. They are seen, and not counted yet. */
export interface SliceFacts {
  readonly name: string;
  readonly node: string;
  readonly driver: string;
  readonly devices: number;
}

/** The projection of the cache of ResourceSlices; `undefined` for what is no accelerator of a node. */
export function projectSlice(
  slice: RawResourceSlice,
  drivers: readonly string[] = ACCELERATOR_DRIVERS,
): SliceFacts | undefined {
  const { driver, nodeName, devices = [] } = slice.spec ?? {};
  if (driver === undefined || nodeName === undefined || nodeName === '' || devices.length === 0) return undefined;
  return drivers.includes(driver)
    ? { name: slice.metadata.name, node: nodeName, driver, devices: devices.length }
    : undefined;
}
