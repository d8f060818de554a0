import type { PodFacts } from './pod-facts.ts';

/** Devices that pods hold on one node, by resource and by who they are for; kept up pod by pod. */
export class NodeHoldings {
  readonly #byResource = new Map<string, Map<string, number>>();

  add(pod: PodFacts): void {
    this.#change(pod, 1);
  }

  remove(pod: PodFacts): void {
    this.#change(pod, -1);
  }

  get isEmpty(): boolean {
    return this.#byResource.size === 0;
  }

  /** Devices by key of the CarbonAwareJob that they are for; those of pods of no such job under {@link OTHERS}. */
  of(resource: string): ReadonlyMap<string, number> {
    return this.#byResource.get(resource) ?? NOBODY;
  }

  #change(pod: PodFacts, sign: 1 | -1): void {
    const holder = pod.job ?? OTHERS;
    for (const { resource, devices } of pod.holds) {
      const holders = this.#byResource.get(resource) ?? new Map<string, number>();
      const held = (holders.get(holder) ?? 0) + sign * devices;
      if (held > 0) holders.set(holder, held);
      else holders.delete(holder);
      if (holders.size > 0) this.#byResource.set(resource, holders);
      else this.#byResource.delete(resource);
    }
  }
}

/** No key of a job is empty. */
export const OTHERS = '';

const NOBODY: ReadonlyMap<string, number> = new Map();
