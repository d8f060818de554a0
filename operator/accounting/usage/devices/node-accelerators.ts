import { partsOf, powerOf, type ProductParts } from '../../../domain/accelerators/accelerator-power.ts';
import type { AcceleratorPower } from '../../../domain/site.ts';
import { compareText } from '../../../domain/compare-text.ts';
import type { HoldingPod, UsageNode, UsageSite, UsageSnapshot } from '../usage-snapshot.ts';

/** Devices of one resource of one node. */
export interface NodeAccelerators {
  readonly node: string;
  /** `undefined` where the node belongs to none. */
  readonly site: UsageSite | undefined;
  readonly resource: string;
  /** Empty where the node does not tell. */
  readonly product: string;
  /** What the name of the product tells. */
  readonly parts: ProductParts;
  readonly acceptsWork: boolean;
  readonly capacity: number;
  /** Devices that its pods ask for: more than its capacity where some were taken away from under them. */
  readonly asked: number;
  /** Of one device, by its product. */
  readonly power: AcceleratorPower;
  /** Of one device; 0 where it is not known. */
  readonly pricePerHour: number;
}

/** All of them, and where each pod holds its own. */
export interface Fleet {
  /** Those that nodes show, in order of node and resource. */
  readonly accelerators: readonly NodeAccelerators[];
  /** By node. */
  readonly ofNode: ReadonlyMap<string, readonly NodeAccelerators[]>;
  /** Whether a node of the cluster is called so, with accelerators or without. */
  isNode(name: string): boolean;
  /** Also where no node shows them, with a capacity of 0: pods hold them nevertheless. */
  heldBy(pod: Pick<HoldingPod, 'node'>, resource: string): NodeAccelerators;
}

export function fleetOf({ nodes, pods, sites }: UsageSnapshot): Fleet {
  const siteByName = new Map(sites.map((site) => [site.name, site]));
  const asked = askedOf(pods);
  const accelerators = nodes
    .flatMap((node) => acceleratorsOf(node, siteByName, asked))
    .filter(({ capacity }) => capacity > 0)
    .sort((a, b) => compareText(a.node, b.node) || compareText(a.resource, b.resource));
  const byPlace = new Map(accelerators.map((one) => [placeOf(one.node, one.resource), one]));
  const nodeByName = new Map(nodes.map((node) => [node.name, node]));
  return {
    accelerators,
    ofNode: Map.groupBy(accelerators, ({ node }) => node),
    isNode: (name) => nodeByName.has(name),
    heldBy({ node: name }, resource) {
      const node = nodeByName.get(name) ?? { name, site: undefined, acceptsWork: false, accelerators: [] };
      const place = placeOf(name, resource);
      const found = byPlace.get(place) ?? nothingOf(node, resource, { siteByName, asked });
      byPlace.set(place, found);
      return found;
    },
  };
}

function acceleratorsOf(
  node: UsageNode,
  siteByName: ReadonlyMap<string, UsageSite>,
  asked: ReadonlyMap<string, number>,
): readonly NodeAccelerators[] {
  return node.accelerators.map(({ resource, product = '', allocatable }) => {
    const site = node.site === undefined ? undefined : siteByName.get(node.site);
    const priced = site?.products.find((each) => each.product === product);
    return {
      node: node.name,
      site,
      resource,
      product,
      parts: partsOf(product),
      acceptsWork: node.acceptsWork,
      capacity: allocatable,
      asked: asked.get(placeOf(node.name, resource)) ?? 0,
      power: priced?.power ?? powerOf(product),
      pricePerHour: priced?.pricePerHour ?? 0,
    };
  });
}

function nothingOf(
  node: UsageNode,
  resource: string,
  { siteByName, asked }: { siteByName: ReadonlyMap<string, UsageSite>; asked: ReadonlyMap<string, number> },
): NodeAccelerators {
  const product = node.accelerators.find((one) => one.resource === resource)?.product;
  const accelerators = [{ resource, product, allocatable: 0 }];
  const [nothing] = acceleratorsOf({ ...node, accelerators }, siteByName, asked);
  if (nothing === undefined) throw new RangeError(`${node.name} shows nothing of ${resource}`);
  return nothing;
}

function askedOf(pods: readonly HoldingPod[]): ReadonlyMap<string, number> {
  const asked = new Map<string, number>();
  for (const { node, holds } of pods) {
    for (const { resource, devices } of holds) {
      const place = placeOf(node, resource);
      asked.set(place, (asked.get(place) ?? 0) + devices);
    }
  }
  return asked;
}

function placeOf(node: string, resource: string): string {
  return `${node}\n${resource}`;
}
