import type { DurationMs } from '../../../domain/units.ts';
import { SCHEMA_DEFAULTS } from '../defaults.ts';
import { FieldReader, type Problem, type Reading } from './field-reader.ts';

/** What a site can have beyond what its nodes show. */
export interface ProvisionableAccelerator {
  readonly product: string;
  readonly resource: string;
  readonly maxCapacity: number;
  readonly provisioningTime: DurationMs;
}

export interface SitePrices {
  /** ISO 4217. */
  readonly currency: string;
  /** `undefined`: not given, so that what the market or a tariff says may stand for it. */
  readonly electricityPerKilowattHour: number | undefined;
  /** Price of one device for one hour, by product. */
  readonly perAcceleratorHour: ReadonlyMap<string, number>;
}

/** A way to another site, as one end declares it. */
export interface SiteLink {
  readonly to: string;
  readonly bitsPerSecond: number;
  readonly roundTripTime: DurationMs;
  /** In the currency of the site that declares it. */
  readonly pricePerGibibyte: number;
}

/** `spec` of a ComputeSite with its texts read. */
export interface ComputeSiteSpecParsed {
  readonly region: string;
  /** Absent: to be found from the region. */
  readonly zone: string | undefined;
  readonly pue: number;
  /** `Local`: nodes of this cluster. `Inventory`: a site on paper. */
  readonly cluster: 'Local' | 'Inventory';
  readonly accelerators: readonly ProvisionableAccelerator[];
  readonly idleNodesStayOn: boolean;
  readonly prices: SitePrices;
  /** What its storage gives to one job; `undefined`: more than any job reads. */
  readonly storageBytesPerSecond: number | undefined;
  readonly links: readonly SiteLink[];
}

const MAX_DEVICES = 1_000_000;

/** Reads the spec of a ComputeSite; nothing is trusted, and every problem is named at once. */
export function parseComputeSite(raw: { readonly spec?: unknown }): Reading<ComputeSiteSpecParsed> {
  const problems: Problem[] = [];
  const spec = new FieldReader('spec', raw.spec, problems).required('write where the site is');
  const region = spec.field('region').required('write topology.kubernetes.io/region of its nodes').text();
  const cluster = readCluster(spec.field('cluster'));
  const rest = {
    zone: spec.field('zone').text(),
    pue: spec.field('pue').decimal({ atLeast: 1 }) ?? SCHEMA_DEFAULTS.pue,
    accelerators: spec.field('accelerators').items().flatMap(readAccelerator),
    idleNodesStayOn: spec.field('power').field('idleNodesStayOn').boolean() ?? false,
    prices: readPrices(spec.field('prices')),
    storageBytesPerSecond: spec.field('storage').field('bytesPerSecond').quantity(),
    links: spec.field('links').items().flatMap(readLink),
  };
  if (problems.length > 0 || region === undefined || cluster === undefined) return { ok: false, problems };
  return { ok: true, value: { region, cluster, ...rest } };
}

function readCluster(cluster: FieldReader): 'Local' | 'Inventory' | undefined {
  const isLocal = !cluster.field('local').isAbsent;
  const isInventory = !cluster.field('inventory').isAbsent;
  if (isLocal !== isInventory) return isLocal ? 'Local' : 'Inventory';
  if (isLocal) cluster.refuse('names two kinds, local and inventory; remove one of them');
  else cluster.refuse('names no kind that is known; add local for nodes of this cluster, or inventory');
  return undefined;
}

function readAccelerator(field: FieldReader): readonly ProvisionableAccelerator[] {
  const product = field.field('product').required('write the label nvidia.com/gpu.product of its nodes').text();
  const maxCapacity = field
    .field('maxCapacity')
    .required('write how many devices the site can have in the end')
    .wholeNumber({ atLeast: 0, atMost: MAX_DEVICES });
  const resource = field.field('resource').text() ?? SCHEMA_DEFAULTS.resource;
  const provisioningTime = field.field('provisioningTime').duration() ?? SCHEMA_DEFAULTS.provisioningTime;
  return product === undefined || maxCapacity === undefined
    ? []
    : [{ product, resource, maxCapacity, provisioningTime }];
}

function readLink(field: FieldReader): readonly SiteLink[] {
  const to = field.field('to').required('write the ComputeSite at the other end').text();
  const bitsPerSecond = field.field('bitsPerSecond').required('write it like 100G').quantity();
  const roundTripTime = field.field('roundTripTime').required('write it like 30ms').duration();
  const pricePerGibibyte = field.field('pricePerGiB').decimal() ?? 0;
  return to === undefined || bitsPerSecond === undefined || roundTripTime === undefined
    ? []
    : [{ to, bitsPerSecond, roundTripTime, pricePerGibibyte }];
}

function readPrices(prices: FieldReader): SitePrices {
  const perAcceleratorHour = new Map<string, number>();
  for (const item of prices.field('accelerators').items()) {
    const product = item.field('product').required('write the product that the price is for').text();
    const price = item.field('perHour').required('write it like "2.10"').decimal();
    if (product !== undefined && price !== undefined) perAcceleratorHour.set(product, price);
  }
  return {
    currency: prices.field('currency').text() ?? SCHEMA_DEFAULTS.currency,
    electricityPerKilowattHour: prices.field('electricityPerKWh').decimal(),
    perAcceleratorHour,
  };
}
