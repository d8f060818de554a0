import type { Manifest } from '../../controlplane/client/apply.ts';
import type { NodeGroup } from '../../controlplane/fake-nodes/nodes.ts';

/** A region of the benchmark: its site, its grid, and how many devices it has for each job of the load. */
export interface BenchSite {
  readonly name: string;
  readonly region: string;
  readonly zone: string;
  readonly devicesPerJob: number;
  /** gCO2e/kWh in an ordinary hour. */
  readonly ordinaryGrams: number;
}

const PRODUCT = 'NVIDIA-H100-80GB-HBM3';
/** One fake node stands for a few racks, so that the nodes' own heartbeats stay small beside what is measured. */
const DEVICES_PER_NODE = 256;

/**
 * The cleanest region can't hold everyone in its clean hours, so jobs spread over two regions and over time. The third is
 * so dirty that only those go there that must; see {@link boundSite}.
 */
export const BENCH_SITES: readonly BenchSite[] = [
  { name: 'stockholm', region: 'eu-north-1', zone: 'SE-SE3', devicesPerJob: 0.3, ordinaryGrams: 160 },
  { name: 'frankfurt', region: 'eu-central-1', zone: 'DE', devicesPerJob: 0.6, ordinaryGrams: 300 },
  { name: 'warsaw', region: 'europe-central2', zone: 'PL', devicesPerJob: 0.3, ordinaryGrams: 700 },
];

/** Where the jobs go whose data may not leave the country; the new forecast is about its grid. */
export const boundSite = 'warsaw';
export const boundZone = 'PL';

export function benchNodes(jobs: number): readonly NodeGroup[] {
  return BENCH_SITES.map(({ region, devicesPerJob }) => ({
    region,
    product: PRODUCT,
    gpus: DEVICES_PER_NODE,
    count: Math.ceil((jobs * devicesPerJob) / DEVICES_PER_NODE),
  }));
}

/** Sites, and the policy that gives jobs without a deadline of their own a day. */
export function benchManifests(): readonly Manifest[] {
  const sites = BENCH_SITES.map(({ name, region, zone }) => ({
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'ComputeSite',
    metadata: { name },
    spec: {
      region,
      zone,
      pue: '1.1',
      cluster: { local: {} },
      prices: { currency: 'EUR', accelerators: [{ product: PRODUCT, perHour: '2.10' }] },
    },
  }));
  const policy = {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonPolicy',
    metadata: { name: 'bench' },
    spec: {
      namespaceSelector: {},
      objective: 'Carbon',
      defaults: { maxDelay: '24h', home: 'frankfurt' },
      limits: { maxDelay: '48h' },
    },
  };
  return [...sites, policy];
}
