import { parseQuantity } from '../../../domain/quantity.ts';
import { watts, type Watts } from '../../../domain/units.ts';
import { fieldsAt, itemsOf, textOf, wholeNumberOf, type Fields } from './unstructured.ts';

/** An extended resource that stands for accelerators, and the node label that tells their product. */
export interface AcceleratorResource {
  readonly resource: string;
  readonly productLabel: string;
}

/** As the vendors' device plugins and node labellers have them. */
export const ACCELERATOR_RESOURCES: readonly AcceleratorResource[] = [
  { resource: 'nvidia.com/gpu', productLabel: 'nvidia.com/gpu.product' },
  { resource: 'amd.com/gpu', productLabel: 'amd.com/gpu.product-name' },
  { resource: 'gpu.intel.com/xe', productLabel: 'gpu.intel.com/product' },
];

/** What all pods of a template hold together while it runs. */
export interface Demand {
  /** The first of the resources where it asks for none. */
  readonly resource: string;
  readonly devices: number;
  /** Power beside the accelerators, before PUE: 0 where there are some, their power includes the host's share. */
  readonly otherPower: Watts;
}

/**
 * Power of one vCPU of a cloud server at half load: 0.74 W idle + 0.5 x (3.5 W full - 0.74 W), the averages over AWS's
 * processors of Cloud Carbon Footprint's coefficients (methodology, "Compute").
 */
const WATTS_PER_CPU = 2.12;

export function demandOf(template: unknown, resources: readonly AcceleratorResource[] = ACCELERATOR_RESOURCES): Demand {
  const pods = podsAtOnce(template);
  const podSpec = fieldsAt(template, 'spec', 'template', 'spec');
  const none = resources[0]?.resource ?? '';
  for (const { resource } of resources) {
    const devices = Math.ceil(pods * heldByPod(podSpec, resource, 0));
    if (devices > 0) return { resource, devices, otherPower: watts(0) };
  }
  return { resource: none, devices: 0, otherPower: watts(pods * heldByPod(podSpec, 'cpu', 1) * WATTS_PER_CPU) };
}

/** A Job runs `parallelism` pods at once, and no more than are left of `completions`. */
function podsAtOnce(template: unknown): number {
  const spec = fieldsAt(template, 'spec');
  const parallelism = wholeNumberOf(spec['parallelism']) ?? 1;
  const completions = wholeNumberOf(spec['completions']) ?? Infinity;
  return Math.max(0, Math.min(parallelism, completions));
}

/**
 * The sum of the containers and of the init containers that go on beside them, or what one init container needs before
 * them, whichever is more: as the scheduler counts it.
 */
function heldByPod(podSpec: Fields, resource: string, perContainerDefault: number): number {
  const containers = itemsOf(podSpec['containers']);
  const initial = itemsOf(podSpec['initContainers']);
  const sidecars = initial.filter(({ restartPolicy }) => restartPolicy === 'Always');
  const amount = (container: Fields): number => requested(container, resource);
  const running = containers.reduce((sum, container) => sum + (amount(container) || perContainerDefault), 0);
  const beside = sidecars.reduce((sum, sidecar) => sum + amount(sidecar), 0);
  const before = initial.filter((container) => !sidecars.includes(container)).map(amount);
  return Math.max(running + beside, ...before);
}

function requested(container: Fields, resource: string): number {
  const { requests, limits } = fieldsAt(container, 'resources');
  const amount = fieldsAt({ requests }, 'requests')[resource] ?? fieldsAt({ limits }, 'limits')[resource];
  const parsed = parseQuantity(typeof amount === 'number' ? String(amount) : (textOf(amount) ?? '0'));
  return parsed.ok ? Math.max(0, parsed.value) : 0;
}

/** The label by which nodes tell the product of a resource. */
export function productLabelOf(
  resource: string,
  resources: readonly AcceleratorResource[] = ACCELERATOR_RESOURCES,
): string {
  return resources.find((known) => known.resource === resource)?.productLabel ?? `${resource}.product`;
}
