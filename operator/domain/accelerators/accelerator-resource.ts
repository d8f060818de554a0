/** An extended resource that stands for accelerators, and the node label that tells their product. */
export interface AcceleratorResource {
  /** As pods ask for it, e.g. `nvidia.com/gpu`. */
  readonly resource: string;
  /** E.g. `nvidia.com/gpu.product`. Nodes that offer the resource without it can't be placed on by product. */
  readonly productLabel: string;
}

/** As the vendors' device plugins and node labellers have them. */
export const ACCELERATOR_RESOURCES: readonly AcceleratorResource[] = [
  { resource: 'nvidia.com/gpu', productLabel: 'nvidia.com/gpu.product' },
  { resource: 'amd.com/gpu', productLabel: 'amd.com/gpu.product-name' },
  { resource: 'gpu.intel.com/xe', productLabel: 'gpu.intel.com/product' },
];
