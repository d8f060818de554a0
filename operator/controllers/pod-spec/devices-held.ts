import { parseQuantity } from '../../domain/quantity.ts';

/** core/v1 Container, the fields that are read. */
export interface RawContainer {
  readonly restartPolicy?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

/** core/v1 PodSpec, the fields that are read. */
export interface RawPodSpec {
  readonly nodeName?: string;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: object;
  readonly containers?: readonly RawContainer[];
  readonly initContainers?: readonly RawContainer[];
}

/**
 * Devices of one extended resource that a pod holds from its binding to its end, as the scheduler counts them: its containers
 * and sidecars together, or what an init container needs beside the sidecars that were started before it, whichever is more
 * (k8s.io/component-helpers/resource, `PodRequests`).
 */
export function devicesHeld(pod: RawPodSpec, resource: string): number {
  let sidecars = 0;
  let mostAtStart = 0;
  for (const container of pod.initContainers ?? []) {
    const needs = requested(container, resource);
    if (container.restartPolicy === 'Always') sidecars += needs;
    mostAtStart = Math.max(mostAtStart, container.restartPolicy === 'Always' ? sidecars : sidecars + needs);
  }
  const running = (pod.containers ?? []).reduce((sum, container) => sum + requested(container, resource), sidecars);
  return Math.max(running, mostAtStart);
}

/** Requests and limits of an extended resource are equal; the API server fills in the request where only a limit is given. */
function requested({ resources }: RawContainer, resource: string): number {
  const parsed = parseQuantity(resources?.requests?.[resource] ?? resources?.limits?.[resource] ?? '0');
  return parsed.ok ? Math.max(0, Math.ceil(parsed.value)) : 0;
}
