import type { OverTheDay } from './scrape.ts';
import { between, WORKLOADS, type MadeUpWorkload } from './workloads.ts';

export interface MadeUpSite {
  readonly site: string;
  readonly zone: string;
  readonly product: string;
  readonly nodes: readonly string[];
  readonly gpusOfNode: number;
  /** Of one device for an hour. */
  readonly price: { readonly perHour: number; readonly currency: string } | undefined;
  /** Of one device before PUE, watts: idle, and what it draws beyond that at full activity. */
  readonly watts: readonly [number, number];
  readonly gramsPerKilowattHour: OverTheDay<number> | undefined;
  /** Whether anybody knows what its devices do. */
  readonly isMeasured: boolean;
}

const PUE = 1.25;

export const SITES: readonly MadeUpSite[] = [
  {
    site: 'north',
    zone: 'SE-SE3',
    product: 'H100',
    nodes: ['n1', 'n2'],
    gpusOfNode: 8,
    price: { perHour: 2, currency: 'EUR' },
    watts: [100, 600],
    gramsPerKilowattHour: (hour) => (hour < 6 ? 20 : 40),
    isMeasured: true,
  },
  {
    site: 'south',
    zone: 'ES',
    product: 'A100',
    nodes: ['n3'],
    gpusOfNode: 8,
    price: { perHour: 1.5, currency: 'USD' },
    watts: [100, 600],
    gramsPerKilowattHour: (hour) => (between(10, 16)(hour) ? 100 : 300),
    isMeasured: true,
  },
  // No price, no carbon data, no exporter.
  {
    site: 'east',
    zone: 'XX',
    product: 'L4',
    nodes: ['n4'],
    gpusOfNode: 4,
    price: undefined,
    watts: [40, 0],
    gramsPerKilowattHour: undefined,
    isMeasured: false,
  },
];

/** From 2:00 to 2:10 nobody scrapes the exporter. */
export const isExporterThere: OverTheDay<boolean> = (hour) => !between(2, 2 + 10 / 60)(hour);

/** The node n2 accepts no work from 21 to 22. */
export const acceptsWork = (node: string, hour: number): boolean => node !== 'n2' || !between(21, 22)(hour);

/** From 15 to 16 a pod waits that asks for more than n2 has free. */
export const isStranded = (node: string, hour: number): boolean => node === 'n2' && between(15, 16)(hour);

export function heldOn(node: string, hour: number): readonly MadeUpWorkload[] {
  return WORKLOADS.filter((workload) => workload.node === node && workload.isHeld(hour));
}

/** Devices times their activity, over those that are held. */
export function workOf(workloads: readonly MadeUpWorkload[], hour: number): number {
  return workloads.reduce((sum, { active, gpus }) => sum + (active?.(hour) ?? 0) * gpus, 0);
}

export function gpusOf(workloads: readonly MadeUpWorkload[]): number {
  return workloads.reduce((sum, { gpus }) => sum + gpus, 0);
}

/** At the meter of the site. */
export function powerOf({ watts: [idle, busy] }: MadeUpSite, devices: number, work: number): number {
  return (devices * idle + work * busy) * PUE;
}

export function siteOf({ node }: Pick<MadeUpWorkload, 'node'>): MadeUpSite {
  const found = SITES.find(({ nodes }) => nodes.includes(node));
  if (found === undefined) throw new Error(`no site has the node ${node}`);
  return found;
}
