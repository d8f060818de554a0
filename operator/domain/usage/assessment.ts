import type { DurationMs, EpochMs, Watts } from '../units.ts';

/** What a pod is a part of: the end of its chain of controllers, or the pod itself. */
export interface WorkloadRef {
  readonly namespace: string;
  /** E.g. `batch/v1`. */
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

/**
 * Why devices that somebody holds count as wasted; at most one of them holds, the first in this order.
 * - `OutsideHours`: the owner says that they are not needed at this time, and they don't work.
 * - `Idle`: they have not worked for a while.
 * - `Oversized`: some of them work, and the others have not for a while.
 * - `Underused`: they work little, if at all.
 */
export const WASTE_CLASSES = ['OutsideHours', 'Idle', 'Oversized', 'Underused'] as const;
export type WasteClass = (typeof WASTE_CLASSES)[number];

/** What something draws, costs and emits per hour, PUE included. */
export interface Rate {
  readonly power: Watts;
  /** In the currency of the site; 0 where no price is known. */
  readonly moneyPerHour: number;
  /** CO2e at the intensity of now; `undefined` where that is not known. */
  readonly gramsPerHour: number | undefined;
}

/** What is wasted of a holding. */
export interface Waste {
  readonly class: WasteClass;
  /** Devices that could be let go; a fraction where a smaller device would do. */
  readonly devices: number;
  readonly since: EpochMs;
  readonly rate: Rate;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What its owner can do, in one sentence that begins with a verb. */
  readonly remedy: string;
}

/**
 * `Exporter`: the source of metrics says which device is whose. `Node`: it doesn't, but all devices of the node are held by one
 * workload. `None`: who does what can't be told. `Contested`: the source says of more devices that they are a pod's than it asks
 * for, so that some of them are not.
 */
export const ATTRIBUTIONS = ['Exporter', 'Node', 'None', 'Contested'] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];

/** Devices of one product that one workload holds at one site. */
export interface Holding {
  readonly workload: WorkloadRef;
  /** Who answers for it: what a label says, else its namespace. */
  readonly owner: string;
  /** The CarbonPolicy that governs it; absent for the built-in defaults. */
  readonly policy: string | undefined;
  /** Empty where its nodes belong to no site. */
  readonly site: string;
  readonly product: string;
  readonly resource: string;
  readonly pods: number;
  /** Devices as pods ask for them: a MIG instance and a share of a GPU are devices too. */
  readonly devices: number;
  /** Whether some of them are parts of GPUs that others use as well. */
  readonly sharing: 'Whole' | 'Mig' | 'Shared';
  readonly attribution: Attribution;
  readonly heldSince: EpochMs;
  /** Mean share of time active over the last column that is known of each device; `undefined` where it is not known of most. */
  readonly active: number | undefined;
  /** How long none of them has worked; 0 where one does, `undefined` where that is not known. It reaches back as far as the grid. */
  readonly idleFor: DurationMs | undefined;
  readonly rate: Rate;
  /** Whether the power of the devices was measured, or is that of the product at its activity. */
  readonly powerBasis: 'Measured' | 'Modelled';
  /** None of them has worked for as long as the policy calls idle; also where `waste` is of another class. */
  readonly idle: Pick<Waste, 'since' | 'message'> | undefined;
  readonly waste: Waste | undefined;
}

/** Devices of one product of one node. */
export interface NodeUsage {
  readonly node: string;
  readonly site: string;
  readonly product: string;
  readonly resource: string;
  readonly acceptsWork: boolean;
  readonly capacity: number;
  readonly held: number;
  /** Mean over all its devices, those that nobody holds included; `undefined` where it is not known of most, or of none of many that are free. */
  readonly active: number | undefined;
  readonly rate: Rate;
  readonly powerBasis: 'Measured' | 'Modelled';
  /** Free devices that are too few for pods that wait, though the node has enough; absent where there are none. */
  readonly stranded: { readonly devices: number; readonly rate: Rate; readonly message: string } | undefined;
}

/** Devices of one product of one site: the sums over its nodes. */
export interface SiteUsage {
  readonly site: string;
  readonly product: string;
  readonly capacity: number;
  /** Held or free: without those that nobody holds on nodes that accept no work. */
  readonly usable: number;
  readonly held: number;
  /** Mean over those that are usable; `undefined` where it is not known of most, or of none of many that are free. */
  readonly active: number | undefined;
  readonly rate: Rate;
  readonly currency: string;
  /** Measured power of one device at the plug of its node, before PUE: while it works, and while it does not. */
  readonly measured: { readonly busy: Watts | undefined; readonly idle: Watts | undefined };
  /**
   * Devices, of any site, that are measured and fit no node; some may be free ones of here, for the series of devices that pods hold
   * on `node` call it `calledAs`, or nothing. `undefined` where there are none, or nodes are called what they are.
   */
  readonly unplaced: { readonly devices: number; readonly node: string; readonly calledAs: string } | undefined;
}

/** All of it at one moment. */
export interface UsageAssessment {
  readonly at: EpochMs;
  /** Those that waste most come first. */
  readonly holdings: readonly Holding[];
  /** In order of name. */
  readonly nodes: readonly NodeUsage[];
  /** In order of name and product. */
  readonly sites: readonly SiteUsage[];
}
