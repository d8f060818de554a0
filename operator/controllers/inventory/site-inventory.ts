import type { ComputeSiteSpecParsed, ProvisionableAccelerator } from '../../api/v1alpha1/parse/compute-site.ts';
import { powerOf } from '../../domain/accelerators/accelerator-power.ts';
import type { AcceleratorPool } from '../../domain/site.ts';
import type { RegionInventory, RegionPool } from './region-inventory.ts';

/** What a site has and can have. */
export interface SiteInventory {
  /** In order of product. */
  readonly pools: readonly AcceleratorPool[];
  /** Devices that pods hold, by product, whoever they belong to. */
  readonly allocated: ReadonlyMap<string, number>;
  /** Nodes that accept work now, and all of them. */
  readonly nodes: number;
  readonly allNodes: number;
  /** A sentence on what was seen and could not be counted; absent where all was. */
  readonly partial: string | undefined;
}

/** Whether a CarbonAwareJob is in the planner's own books: then what its pods hold is not held by others. */
export type IsPlanned = (jobKey: string) => boolean;

/** Price of one device of a product for one hour, in the site's currency; 0 where nobody knows it. */
export type DevicePriceOf = (product: string) => number;

/** The inventory of a site: what the nodes of its region show, and what its spec says that it can have beyond that. */
export function inventoryOf(
  spec: ComputeSiteSpecParsed,
  region: RegionInventory,
  judged: { readonly isPlanned: IsPlanned; readonly priceOf: DevicePriceOf },
): SiteInventory {
  const seen = spec.cluster === 'Local' ? region : ON_PAPER;
  const seenByProduct = new Map(seen.pools.map((pool) => [pool.product, pool]));
  const provisionable = new Map(spec.accelerators.map((accelerator) => [accelerator.product, accelerator]));
  const products = [...new Set([...seenByProduct.keys(), ...provisionable.keys()])].sort();
  return {
    pools: products.map((product) => poolOf(product, seenByProduct.get(product), provisionable.get(product), judged)),
    allocated: new Map(seen.pools.map(({ product, held }) => [product, held])),
    nodes: seen.nodesAcceptingWork,
    allNodes: seen.nodes,
    partial: describeOmissions(seen),
  };
}

const ON_PAPER: RegionInventory = { nodes: 0, nodesAcceptingWork: 0, pools: [], omissions: [] };

function poolOf(
  product: string,
  seen: RegionPool | undefined,
  provisionable: ProvisionableAccelerator | undefined,
  { isPlanned, priceOf }: { readonly isPlanned: IsPlanned; readonly priceOf: DevicePriceOf },
): AcceleratorPool {
  const capacity = seen?.capacity ?? 0;
  return {
    product,
    // What the nodes show is a fact, what the spec says may be its default.
    resource: seen?.resource ?? provisionable?.resource ?? '',
    capacity,
    heldByOthers: seen === undefined ? 0 : heldByOthers(seen, isPlanned),
    maxCapacity: Math.max(capacity, provisionable?.maxCapacity ?? 0),
    provisioning: provisionable?.provisioningTime ?? 0,
    power: powerOf(product),
    pricePerHour: priceOf(product),
  };
}

function heldByOthers({ held, heldByJob }: RegionPool, isPlanned: IsPlanned): number {
  let ours = 0;
  for (const [job, devices] of heldByJob) if (isPlanned(job)) ours += devices;
  return Math.max(0, held - ours);
}

const MAX_NODES_NAMED = 3;

function describeOmissions({ omissions }: RegionInventory): string | undefined {
  if (omissions.length === 0) return undefined;
  return omissions
    .map(({ cause, what, devices, nodes }) => {
      const seen = `${String(devices)} devices on ${namesOf(nodes)}`;
      switch (cause) {
        case 'OnlyResourceSlices':
          return `${seen} are offered only as ResourceSlices of ${what}, which are not counted yet: let the device plugin offer them to have jobs placed there`;
        case 'NoProductLabel':
          return `${seen} (${what}) are not counted, because the label with their product is missing: let the vendor's node labeller set it`;
        case 'ProductOfOtherResource':
          return `${seen} (${what}) are not counted, because another resource of the site has the same product: give each its own product label`;
      }
    })
    .join('; ');
}

function namesOf(nodes: readonly string[]): string {
  const named = nodes.slice(0, MAX_NODES_NAMED).join(', ');
  const rest = nodes.length - MAX_NODES_NAMED;
  const word = nodes.length === 1 ? 'node' : 'nodes';
  return rest > 0 ? `${word} ${named} and ${String(rest)} more` : `${word} ${named}`;
}
