import type { Change } from '../../runtime/cache/replica.ts';
import { sameNode, type NodeFacts } from './node-facts.ts';
import { NodeHoldings } from './node-holdings.ts';
import type { PodFacts } from './pod-facts.ts';
import { RegionSum, type NodeSituation, type RegionInventory } from './region-inventory.ts';
import type { SliceFacts } from './slice-facts.ts';

/** A region whose inventory has changed. */
export type RegionListener = (region: string) => void;

/** What is known of one node: a pod may be seen before the node that it is bound to. */
interface NodeEntry {
  facts: NodeFacts | undefined;
  readonly holdings: NodeHoldings;
  readonly slices: Map<string, SliceFacts>;
}

/**
 * The accelerators of the cluster by region, kept up change by change at the cost of one node each, however many there are.
 * The changes of each kind come in order, those of different kinds in any.
 */
export class ClusterInventory {
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #regions = new Map<string, RegionSum>();
  readonly #onRegionChange: RegionListener;

  constructor(onRegionChange: RegionListener = () => undefined) {
    this.#onRegionChange = onRegionChange;
  }

  region(region: string): RegionInventory {
    return (this.#regions.get(region) ?? NOTHING).result();
  }

  /**
   * Names of nodes on which pods hold some of the devices and which have room for a pod more, the fullest first.
   * @param most of them that are wanted
   */
  partlyUsed(region: string, product: string, devicesAPod: number, most: number): readonly string[] {
    return this.#regions.get(region)?.partlyUsed(product, devicesAPod, most) ?? [];
  }

  nodeChanged(change: Change<NodeFacts>): void {
    const { previous, current } = bothSides(change);
    if (previous !== undefined && current !== undefined && sameNode(previous, current)) return;
    this.#change(change.key, (entry) => {
      entry.facts = current;
    });
  }

  podChanged(change: Change<PodFacts>): void {
    const { previous, current } = bothSides(change);
    if (previous !== undefined && current !== undefined && sameHolding(previous, current)) return;
    if (previous?.node !== undefined) this.#change(previous.node, ({ holdings }) => holdings.remove(previous));
    if (current?.node !== undefined) this.#change(current.node, ({ holdings }) => holdings.add(current));
  }

  sliceChanged(change: Change<SliceFacts>): void {
    const { previous, current } = bothSides(change);
    if (previous !== undefined) this.#change(previous.node, ({ slices }) => slices.delete(previous.name));
    if (current !== undefined) this.#change(current.node, ({ slices }) => slices.set(current.name, current));
  }

  /** Takes the node out of its region as it was, and into the one that it then has as it is. */
  #change(name: string, act: (entry: NodeEntry) => void): void {
    const entry = this.#nodes.get(name) ?? { facts: undefined, holdings: new NodeHoldings(), slices: new Map() };
    const left = this.#leave(entry);
    act(entry);
    const joined = this.#join(entry);
    const isKnown = entry.facts !== undefined || !entry.holdings.isEmpty || entry.slices.size > 0;
    if (isKnown) this.#nodes.set(name, entry);
    else this.#nodes.delete(name);
    if (left !== undefined) this.#onRegionChange(left);
    if (joined !== undefined && joined !== left) this.#onRegionChange(joined);
  }

  #leave({ facts, holdings, slices }: NodeEntry): string | undefined {
    if (facts?.region === undefined) return undefined;
    const sum = this.#regions.get(facts.region);
    sum?.remove(situationOf(facts, holdings, slices));
    if (sum?.isEmpty === true) this.#regions.delete(facts.region);
    return facts.region;
  }

  #join({ facts, holdings, slices }: NodeEntry): string | undefined {
    if (facts?.region === undefined) return undefined;
    const sum = this.#regions.get(facts.region) ?? new RegionSum();
    sum.add(situationOf(facts, holdings, slices));
    this.#regions.set(facts.region, sum);
    return facts.region;
  }
}

const NOTHING = new RegionSum();

function situationOf(node: NodeFacts, holdings: NodeHoldings, slices: ReadonlyMap<string, SliceFacts>): NodeSituation {
  return { node, heldOf: (resource) => holdings.of(resource), slices: [...slices.values()] };
}

function bothSides<P>(change: Change<P>): { readonly previous: P | undefined; readonly current: P | undefined } {
  return {
    previous: change.type === 'added' ? undefined : change.previous,
    current: change.type === 'deleted' ? undefined : change.current,
  };
}

/** Only what a pod holds, where and for whom matters here: its phase changes more often. */
function sameHolding(a: PodFacts, b: PodFacts): boolean {
  return (
    a.node === b.node &&
    a.job === b.job &&
    a.holds.length === b.holds.length &&
    a.holds.every(({ resource, devices }, i) => b.holds[i]?.resource === resource && b.holds[i].devices === devices)
  );
}
