import { ACCELERATOR_RESOURCES, type AcceleratorResource } from '../../../domain/accelerators/accelerator-resource.ts';
import { parseQuantity } from '../../../domain/quantity.ts';
import { watts, type Watts } from '../../../domain/units.ts';
import { devicesHeld, type RawContainer, type RawPodSpec } from '../../pod-spec/devices-held.ts';
import { fieldsAt, fieldsOf, itemsOf, podSpecOf, wholeNumberOf, type Fields } from '../../pod-spec/unstructured.ts';

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
  const podSpec = containersOf(template);
  for (const { resource } of resources) {
    const devices = pods * devicesHeld(podSpec, resource);
    if (devices > 0) return { resource, devices, otherPower: watts(0) };
  }
  return {
    resource: resources[0]?.resource ?? '',
    devices: 0,
    otherPower: watts(pods * cpusOf(podSpec) * WATTS_PER_CPU),
  };
}

/** Devices that one pod of a template holds while it runs. */
export function devicesOfAPod(template: unknown, resource: string): number {
  return devicesHeld(containersOf(template), resource);
}

/** A Job runs `parallelism` pods at once, and no more than are left of `completions`. */
function podsAtOnce(template: unknown): number {
  const spec = fieldsAt(template, 'spec');
  const parallelism = wholeNumberOf(spec['parallelism']) ?? 1;
  const completions = wholeNumberOf(spec['completions']) ?? Infinity;
  return Math.max(0, Math.min(parallelism, completions));
}

/** What one pod holds; a template that nobody has judged yet may say anything. */
function containersOf(template: unknown): RawPodSpec {
  const { containers, initContainers } = podSpecOf(template);
  return { containers: itemsOf(containers).map(containerOf), initContainers: itemsOf(initContainers).map(containerOf) };
}

function containerOf(container: Fields): RawContainer {
  const { requests, limits } = fieldsAt(container, 'resources');
  const isSidecar = container['restartPolicy'] === 'Always';
  return {
    ...(isSidecar && { restartPolicy: 'Always' }),
    resources: { requests: amountsOf(requests), limits: amountsOf(limits) },
  };
}

/** Amounts as texts: YAML reads `nvidia.com/gpu: 1` as a number. */
function amountsOf(amounts: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fieldsOf(amounts)).map(([resource, amount]) => [resource, String(amount)]));
}

/** CPUs that a pod asks for; a container that asks for none is taken to use one. */
function cpusOf({ containers = [] }: RawPodSpec): number {
  return containers.reduce((sum, { resources }) => {
    const parsed = parseQuantity(resources?.requests?.['cpu'] ?? resources?.limits?.['cpu'] ?? '1');
    return sum + (parsed.ok ? Math.max(0, parsed.value) : 1);
  }, 0);
}

/** The label by which nodes tell the product of a resource. */
export function productLabelOf(
  resource: string,
  resources: readonly AcceleratorResource[] = ACCELERATOR_RESOURCES,
): string {
  return resources.find((known) => known.resource === resource)?.productLabel ?? `${resource}.product`;
}
