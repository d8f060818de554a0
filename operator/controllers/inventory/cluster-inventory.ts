import type { Change } from '../../runtime/cache/replica.ts';
import { sameNode, type NodeFacts } from './node-facts.ts';
import { NodeHoldings } from './node-holdings.ts';
import type { PodFacts } from './pod-facts.ts';
import { regionInventory, type NodeSituation, type RegionInventory } from './region-inventory.ts';
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
 * The accelerators of the cluster by region, kept up change by change: a pod costs one addition at its node, and a region
 * is added up anew over its nodes when it is asked for after a change. The changes of each kind come in order, those of
 * different kinds in any.
 */
export class ClusterInventory {
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #regions = new Map<string, Set<string>>();
  /** Regions added up since their last change. */
  readonly #summed = new Map<string, RegionInventory>();
  readonly #onRegionChange: RegionListener;

  constructor(onRegionChange: RegionListener = () => undefined) {
    this.#onRegionChange = onRegionChange;
  }

  region(region: string): RegionInventory {
    const known = this.#summed.get(region);
    if (known !== undefined) return known;
    const sum = regionInventory(this.#situations(region));
    this.#summed.set(region, sum);
    return sum;
  }

  nodeChanged(change: Change<NodeFacts>): void {
    const { previous, current } = bothSides(change);
    if (previous !== undefined && current !== undefined && sameNode(previous, current)) return;
    const name = (current ?? previous)?.name;
    if (name === undefined) return;
    const entry = this.#entry(name);
    this.#leave(entry.facts);
    entry.facts = current;
    this.#join(current);
    this.#forgetEmpty(name, entry);
  }

  podChanged(change: Change<PodFacts>): void {
    const { previous, current } = bothSides(change);
    if (previous?.node !== undefined && current?.node === previous.node && sameHolding(previous, current)) return;
    if (previous?.node !== undefined) this.#holding(previous.node, (holdings) => holdings.remove(previous));
    if (current?.node !== undefined) this.#holding(current.node, (holdings) => holdings.add(current));
  }

  sliceChanged(change: Change<SliceFacts>): void {
    const { previous, current } = bothSides(change);
    if (previous !== undefined) this.#slices(previous.node, (slices) => slices.delete(previous.name));
    if (current !== undefined) this.#slices(current.node, (slices) => slices.set(current.name, current));
  }

  #holding(node: string, act: (holdings: NodeHoldings) => void): void {
    const entry = this.#entry(node);
    act(entry.holdings);
    this.#changed(entry.facts?.region);
    this.#forgetEmpty(node, entry);
  }

  #slices(node: string, act: (slices: Map<string, SliceFacts>) => void): void {
    const entry = this.#entry(node);
    act(entry.slices);
    this.#changed(entry.facts?.region);
    this.#forgetEmpty(node, entry);
  }

  #entry(name: string): NodeEntry {
    let entry = this.#nodes.get(name);
    if (entry === undefined) {
      entry = { facts: undefined, holdings: new NodeHoldings(), slices: new Map() };
      this.#nodes.set(name, entry);
    }
    return entry;
  }

  #forgetEmpty(name: string, { facts, holdings, slices }: NodeEntry): void {
    if (facts === undefined && holdings.isEmpty && slices.size === 0) this.#nodes.delete(name);
  }

  #leave(node: NodeFacts | undefined): void {
    if (node?.region === undefined) return;
    const names = this.#regions.get(node.region);
    names?.delete(node.name);
    if (names?.size === 0) this.#regions.delete(node.region);
    this.#changed(node.region);
  }

  #join(node: NodeFacts | undefined): void {
    if (node?.region === undefined) return;
    const names = this.#regions.get(node.region) ?? new Set();
    names.add(node.name);
    this.#regions.set(node.region, names);
    this.#changed(node.region);
  }

  #changed(region: string | undefined): void {
    if (region === undefined) return;
    this.#summed.delete(region);
    this.#onRegionChange(region);
  }

  *#situations(region: string): Generator<NodeSituation> {
    for (const name of this.#regions.get(region) ?? []) {
      const entry = this.#nodes.get(name);
      if (entry?.facts === undefined) continue;
      const { facts: node, holdings, slices } = entry;
      yield { node, heldOf: (resource) => holdings.of(resource), slices: [...slices.values()] };
    }
  }
}

function bothSides<P>(change: Change<P>): { readonly previous: P | undefined; readonly current: P | undefined } {
  return {
    previous: change.type === 'added' ? undefined : change.previous,
    current: change.type === 'deleted' ? undefined : change.current,
  };
}

/** Of a pod that stays on its node only what it holds and for whom matters here: its phase changes more often. */
function sameHolding(a: PodFacts, b: PodFacts): boolean {
  return (
    a.job === b.job &&
    a.holds.length === b.holds.length &&
    a.holds.every(({ resource, devices }, i) => b.holds[i]?.resource === resource && b.holds[i].devices === devices)
  );
}
