import type { NodeAccelerators, NodeFacts } from './node-facts.ts';
import { OTHERS } from './node-holdings.ts';
import type { SliceFacts } from './slice-facts.ts';

/** Accelerators of one product in one region, as its nodes and pods show them. */
export interface RegionPool {
  readonly product: string;
  readonly resource: string;
  /** Devices on nodes that accept work. */
  readonly capacity: number;
  /** Devices on those nodes that pods hold; never more than the capacity. */
  readonly held: number;
  /** Of those, the devices of pods of CarbonAwareJobs, by key of the job. */
  readonly heldByJob: ReadonlyMap<string, number>;
}

/** Accelerators that were seen and can't be counted, and why. */
export interface Omission {
  readonly cause: 'NoProductLabel' | 'OnlyResourceSlices' | 'ProductOfOtherResource';
  /** The resource, or the driver of the slices. */
  readonly what: string;
  readonly devices: number;
  /** Names of the nodes, sorted. */
  readonly nodes: readonly string[];
}

/** What one region has. */
export interface RegionInventory {
  readonly nodes: number;
  readonly nodesAcceptingWork: number;
  /** One a product, sorted by it; those whose nodes all accept no work are there with a capacity of 0. */
  readonly pools: readonly RegionPool[];
  readonly omissions: readonly Omission[];
}

/** One node with what stands on it. */
export interface NodeSituation {
  readonly node: NodeFacts;
  readonly heldOf: (resource: string) => ReadonlyMap<string, number>;
  readonly slices: readonly SliceFacts[];
}

interface PoolTally extends RegionPool {
  capacity: number;
  held: number;
  readonly heldByJob: Map<string, number>;
  readonly nodes: string[];
}

interface OmissionTally extends Omission {
  devices: number;
  readonly nodes: string[];
}

/** Adds up the nodes of a region. The order in which they come makes no difference. */
export function regionInventory(situations: Iterable<NodeSituation>): RegionInventory {
  const sum = new RegionSum();
  for (const situation of situations) sum.add(situation);
  return sum.result();
}

class RegionSum {
  #nodes = 0;
  #nodesAcceptingWork = 0;
  readonly #pools = new Map<string, PoolTally>();
  readonly #omissions = new Map<string, OmissionTally>();

  add(situation: NodeSituation): void {
    const { node, slices } = situation;
    this.#nodes += 1;
    if (node.acceptsWork) this.#nodesAcceptingWork += 1;
    for (const accelerators of node.accelerators) this.#addAccelerators(situation, accelerators);
    // A node with a device plugin may show the same devices as slices as well: then they are counted already.
    if (node.accelerators.length > 0 || !node.acceptsWork) return;
    for (const { driver, devices } of slices) this.#omit('OnlyResourceSlices', driver, devices, [node.name]);
  }

  result(): RegionInventory {
    const byProduct = new Map<string, PoolTally>();
    // A site has one pool a product. Where a product comes as two resources, whole and in parts, the first by name counts.
    for (const pool of [...this.#pools.values()].sort((a, b) => compareText(a.resource, b.resource))) {
      if (!byProduct.has(pool.product)) byProduct.set(pool.product, pool);
      else if (pool.nodes.length > 0) {
        this.#omit('ProductOfOtherResource', pool.resource, pool.capacity, pool.nodes);
      }
    }
    return {
      nodes: this.#nodes,
      nodesAcceptingWork: this.#nodesAcceptingWork,
      pools: [...byProduct.values()]
        .sort((a, b) => compareText(a.product, b.product))
        .map(({ nodes: _, ...pool }) => pool),
      omissions: [...this.#omissions.entries()]
        .sort(([a], [b]) => compareText(a, b))
        .map(([, omission]) => ({ ...omission, nodes: [...new Set(omission.nodes)].sort(compareText) })),
    };
  }

  #addAccelerators({ node, heldOf }: NodeSituation, { resource, product, allocatable }: NodeAccelerators): void {
    if (product === undefined) {
      if (node.acceptsWork) this.#omit('NoProductLabel', resource, allocatable, [node.name]);
      return;
    }
    const pool = this.#pool(product, resource);
    if (!node.acceptsWork) return;
    let held = 0;
    for (const [holder, devices] of heldOf(resource)) {
      held += devices;
      if (holder !== OTHERS) pool.heldByJob.set(holder, (pool.heldByJob.get(holder) ?? 0) + devices);
    }
    pool.nodes.push(node.name);
    pool.capacity += allocatable;
    // Where a device has failed under a pod, pods hold more than the node has.
    pool.held += Math.min(held, allocatable);
  }

  #pool(product: string, resource: string): PoolTally {
    const key = `${product}\n${resource}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = { product, resource, capacity: 0, held: 0, heldByJob: new Map(), nodes: [] };
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #omit(cause: Omission['cause'], what: string, devices: number, nodes: readonly string[]): void {
    const key = `${cause} ${what}`;
    const omission = this.#omissions.get(key) ?? { cause, what, devices: 0, nodes: [] };
    omission.devices += devices;
    omission.nodes.push(...nodes);
    this.#omissions.set(key, omission);
  }
}

/** The same order on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
