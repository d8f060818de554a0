import { compareText } from '../../domain/compare-text.ts';
import type { NodeAccelerators, NodeFacts } from './node-facts.ts';
import { OTHERS } from './node-holdings.ts';
import { PartlyUsedNodes } from './partly-used-nodes.ts';
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

interface PoolTally {
  readonly product: string;
  readonly resource: string;
  /** Nodes that have it, and those of them that accept work. */
  nodes: number;
  readonly nodesAcceptingWork: Set<string>;
  capacity: number;
  held: number;
  readonly heldByJob: Map<string, number>;
  readonly partlyUsed: PartlyUsedNodes;
}

interface OmissionTally {
  readonly cause: Omission['cause'];
  readonly what: string;
  devices: number;
  readonly nodes: Set<string>;
}

/** A node comes, or goes: whole numbers add up to the same in any order. */
type Sign = 1 | -1;

/**
 * The sum over the nodes of a region, kept up node by node: a node whose situation changes is taken away as it was and added
 * as it is, so that a change costs the same however large the region is.
 */
export class RegionSum {
  #nodes = 0;
  #nodesAcceptingWork = 0;
  readonly #pools = new Map<string, PoolTally>();
  readonly #omissions = new Map<string, OmissionTally>();
  #result: RegionInventory | undefined;

  get isEmpty(): boolean {
    return this.#nodes === 0;
  }

  add(situation: NodeSituation): void {
    this.#change(situation, 1);
  }

  /** The situation must be the one that was added. */
  remove(situation: NodeSituation): void {
    this.#change(situation, -1);
  }

  /** As it is now; the same object until a node changes. */
  result(): RegionInventory {
    this.#result ??= this.#read();
    return this.#result;
  }

  /** See {@link PartlyUsedNodes.fullest}; of nodes that accept work. */
  partlyUsed(product: string, devicesAPod: number, most: number): readonly string[] {
    const pools = [...this.#pools.values()].filter((pool) => pool.product === product);
    const [pool] = pools.sort((a, b) => compareText(a.resource, b.resource));
    return pool?.partlyUsed.fullest(devicesAPod, most) ?? [];
  }

  #change(situation: NodeSituation, sign: Sign): void {
    const { node, slices } = situation;
    this.#result = undefined;
    this.#nodes += sign;
    if (node.acceptsWork) this.#nodesAcceptingWork += sign;
    for (const accelerators of node.accelerators) this.#changeAccelerators(situation, accelerators, sign);
    // A node with a device plugin may show the same devices as slices as well: then they are counted already.
    if (node.accelerators.length > 0) return;
    for (const { driver, devices } of slices)
      this.#changeOmission('OnlyResourceSlices', driver, { node, devices }, sign);
  }

  #changeAccelerators(situation: NodeSituation, accelerators: NodeAccelerators, sign: Sign): void {
    const { node, heldOf } = situation;
    const { resource, product, allocatable } = accelerators;
    if (product === undefined) {
      this.#changeOmission('NoProductLabel', resource, { node, devices: allocatable }, sign);
      return;
    }
    const key = `${product}\n${resource}`;
    const pool = this.#pools.get(key) ?? newPool(product, resource);
    pool.nodes += sign;
    if (node.acceptsWork) changePool(pool, { node, allocatable, holders: heldOf(resource) }, sign);
    if (pool.nodes > 0) this.#pools.set(key, pool);
    else this.#pools.delete(key);
  }

  #changeOmission(
    cause: Omission['cause'],
    what: string,
    { node, devices }: { readonly node: NodeFacts; readonly devices: number },
    sign: Sign,
  ): void {
    if (!node.acceptsWork) return;
    const key = `${cause} ${what}`;
    const omission = this.#omissions.get(key) ?? { cause, what, devices: 0, nodes: new Set() };
    omission.devices += sign * devices;
    changeSet(omission.nodes, node.name, sign);
    if (omission.nodes.size > 0) this.#omissions.set(key, omission);
    else this.#omissions.delete(key);
  }

  #read(): RegionInventory {
    const byProduct = new Map<string, PoolTally>();
    const omissions = [...this.#omissions.values()];
    // A site has one pool a product. Where a product comes as two resources, whole and in parts, the first by name counts.
    for (const pool of [...this.#pools.values()].sort((a, b) => compareText(a.resource, b.resource))) {
      if (!byProduct.has(pool.product)) byProduct.set(pool.product, pool);
      else if (pool.nodesAcceptingWork.size > 0) omissions.push(omissionOf(pool));
    }
    return {
      nodes: this.#nodes,
      nodesAcceptingWork: this.#nodesAcceptingWork,
      pools: [...byProduct.values()].sort((a, b) => compareText(a.product, b.product)).map(poolOf),
      omissions: omissions
        .sort((a, b) => compareText(`${a.cause} ${a.what}`, `${b.cause} ${b.what}`))
        .map((omission) => ({ ...omission, nodes: [...omission.nodes].sort(compareText) })),
    };
  }
}

function newPool(product: string, resource: string): PoolTally {
  return {
    ...{ product, resource, nodes: 0, nodesAcceptingWork: new Set(), capacity: 0, held: 0, heldByJob: new Map() },
    partlyUsed: new PartlyUsedNodes(),
  };
}

interface Share {
  readonly node: NodeFacts;
  readonly allocatable: number;
  readonly holders: ReadonlyMap<string, number>;
}

function changePool(pool: PoolTally, { node, allocatable, holders }: Share, sign: Sign): void {
  let held = 0;
  for (const [holder, devices] of holders) {
    held += devices;
    if (holder === OTHERS) continue;
    const ofJob = (pool.heldByJob.get(holder) ?? 0) + sign * devices;
    if (ofJob > 0) pool.heldByJob.set(holder, ofJob);
    else pool.heldByJob.delete(holder);
  }
  changeSet(pool.nodesAcceptingWork, node.name, sign);
  pool.capacity += sign * allocatable;
  // Where a device has failed under a pod, pods hold more than the node has.
  pool.held += sign * Math.min(held, allocatable);
  if (held === 0 || held >= allocatable) return;
  if (sign > 0) pool.partlyUsed.add(node.name, allocatable - held);
  else pool.partlyUsed.remove(node.name, allocatable - held);
}

function changeSet(names: Set<string>, name: string, sign: Sign): void {
  if (sign > 0) names.add(name);
  else names.delete(name);
}

function poolOf({ product, resource, capacity, held, heldByJob }: PoolTally): RegionPool {
  return { product, resource, capacity, held, heldByJob: new Map(heldByJob) };
}

function omissionOf({ resource, capacity, nodesAcceptingWork }: PoolTally): OmissionTally {
  return { cause: 'ProductOfOtherResource', what: resource, devices: capacity, nodes: nodesAcceptingWork };
}
