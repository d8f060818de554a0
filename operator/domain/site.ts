import type { PriceSample } from './electricity-price.ts';
import type { IntensitySeries, Rung, Signal } from './intensity.ts';
import type { DurationMs, Watts } from './units.ts';

/** Accelerators of one product at one site. */
export interface AcceleratorPool {
  /** Value of `nvidia.com/gpu.product` (or the vendor's like), e.g. `NVIDIA-H100-80GB-HBM3`. */
  readonly product: string;
  /** Extended resource that pods ask for, e.g. `nvidia.com/gpu`. */
  readonly resource: string;
  /** Devices on nodes that accept work now. */
  readonly capacity: number;
  /** Devices held by pods that this operator does not steer. */
  readonly heldByOthers: number;
  /** Devices that the site can have in the end, those of its nodes included; equal to `capacity` where it can't provision. */
  readonly maxCapacity: number;
  /** How long a device beyond `capacity` takes to come. */
  readonly provisioning: DurationMs;
  readonly power: AcceleratorPower;
  /** Price of one device for one hour in the site's currency, all else included; 0 where unknown. */
  readonly pricePerHour: number;
}

/** Power of one device at the plug of its node, the host's share included, before PUE. */
export interface AcceleratorPower {
  readonly busy: Watts;
  readonly idle: Watts;
  /** `Table`: from the product's data sheet. `Assumed`: the product is not in the table. `Measured`: `busy` is, at the site. */
  readonly basis: 'Table' | 'Assumed' | 'Measured';
}

/** The way from one site to another, for data. */
export interface Link {
  /** Name of the site at the other end. Both directions are alike. */
  readonly to: string;
  /** What one job may count on. */
  readonly bitsPerSecond: number;
  readonly roundTripTime: DurationMs;
  /** For what leaves the other end and comes here, in this site's currency; 0 where unknown. */
  readonly pricePerGibibyte: number;
  /** What the storage at the other end gives to one job, all its readers together; `undefined`: more than any link carries. */
  readonly storageBytesPerSecond: number | undefined;
}

/** A place where jobs may run, as the planner sees it. */
export interface Site {
  readonly name: string;
  /** Value of `topology.kubernetes.io/region` on its nodes. */
  readonly region: string;
  readonly zone: string;
  /** Power usage effectiveness: energy of the building per energy of its computers, >= 1. */
  readonly pue: number;
  /** False for a site on paper: it is compared, never chosen. */
  readonly schedulable: boolean;
  /** Nodes stay powered when idle, so that only the difference to idle power depends on the decision. */
  readonly idleNodesStayOn: boolean;
  /** ISO 4217, e.g. `EUR`. */
  readonly currency: string;
  /** What stands wherever `electricityPrices` say nothing. 0: not given. */
  readonly electricityPricePerKilowattHour: number;
  /** Prices that vary in time, in the site's currency, in order of time, not overlapping; gaps are allowed. Empty: none are known. */
  readonly electricityPrices: readonly PriceSample[];
  readonly pools: readonly AcceleratorPool[];
  /** What the storage here gives to one job, all its readers together; `undefined`: more than any job reads. */
  readonly storageBytesPerSecond: number | undefined;
  /** Ways to other sites; a site that is not among them is out of reach for data. */
  readonly links: readonly Link[];
  /** By signal; absent where no rung of the ladder has an answer. */
  readonly outlooks: Outlooks;
}

/** What is expected of a grid zone, and where on the ladder that stands. */
export interface Outlook<S extends Signal = Signal> {
  readonly series: IntensitySeries<S>;
  readonly rung: Rung;
  /** In order of lead. Absent or empty: the figures are taken at their word, as those that a person has written. */
  readonly expectedError?: readonly ExpectedError[];
}

/** How far figures are expected to be off that lie so far ahead; further ahead as far as at the last lead that is known. */
export interface ExpectedError {
  readonly lead: DurationMs;
  /** Standard deviation of the error as a share of the zone's usual intensity, e.g. 0.1. */
  readonly share: number;
}

/** Each signal has its own place, so that one can't be taken for the other. */
export type Outlooks = { readonly [S in Signal]?: Outlook<S> };

/**
 * What a kilowatt-hour costs at a time that no sample covers: the site's flat price, else the mean of its samples. Power
 * that has a market price is not free where nobody has told it.
 */
export function priceOutsideSamples(site: Pick<Site, 'electricityPricePerKilowattHour' | 'electricityPrices'>): number {
  const { electricityPricePerKilowattHour: flat, electricityPrices } = site;
  if (flat !== 0) return flat;
  let weighted = 0;
  let covered = 0;
  for (const { startsAt, endsAt, perKilowattHour } of electricityPrices) {
    weighted += perKilowattHour * (endsAt - startsAt);
    covered += endsAt - startsAt;
  }
  return covered > 0 ? weighted / covered : 0;
}
