import type {
  HoldingPod,
  UsageNode,
  UsageSite,
  UsageSnapshot,
  WaitingPod,
} from '../../accounting/usage/usage-snapshot.ts';
import { CARBON_AWARE_JOBS } from '../../api/v1alpha1/kinds.ts';
import type { ComputeSiteSpecParsed } from '../../api/v1alpha1/parse/compute-site.ts';
import { REGION_LABEL } from '../../api/v1alpha1/labels.ts';
import { powerOf } from '../../domain/accelerators/accelerator-power.ts';
import type { AcceleratorResource } from '../../domain/accelerators/accelerator-resource.ts';
import { sampleAt } from '../../domain/samples.ts';
import type { WorkloadRef } from '../../domain/usage/assessment.ts';
import type { MeasuredUsage } from '../../domain/usage/device-usage.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { KubernetesObject } from '../../ports/kubernetes-api.ts';
import { parseObjectKey } from '../../runtime/cache/object-key.ts';
import type { Governance } from '../carbonpolicy/governance.ts';
import type { NamespaceFacts } from '../carbonpolicy/policy-record.ts';
import { judgeSite, zoneOf } from '../computesite/judge-site.ts';
import { devicePricesOf, pricesThatCount } from '../computesite/site-prices.ts';
import type { SiteRecord } from '../computesite/site-record.ts';
import type { NodeFacts } from '../inventory/node-facts.ts';
import { ownerOf, type OwnerSources } from '../inventory/owner.ts';
import type { PodFacts } from '../inventory/pod-facts.ts';
import type { OutlookReader } from '../outlooks/outlooks.ts';
import type { PriceReader } from '../prices/electricity-prices.ts';
import type { DevicePriceReader } from '../prices/node-prices.ts';
import { admittedValues } from '../pod-spec/node-filter.ts';
import { clocksOf } from './clocks.ts';
import type { Owned } from './owners/owners.ts';

/** What an assessment is gathered from. */
export interface UsageSources extends OwnerSources {
  readonly pods: { list(): readonly PodFacts[] };
  readonly nodes: { list(): readonly NodeFacts[] };
  readonly namespaces: { get(name: string): NamespaceFacts | undefined };
  readonly sites: { list(): readonly SiteRecord[] };
  /** By key. */
  readonly jobs: { get(key: string): Pick<KubernetesObject, 'metadata'> | undefined };
  readonly governance: () => Governance;
  readonly outlooks: Pick<OutlookReader, 'get'>;
  readonly prices: PriceReader;
  readonly nodePrices: DevicePriceReader;
  readonly workloadOf: (owned: Owned) => WorkloadRef;
  readonly accelerators: readonly AcceleratorResource[];
}

/** All that an assessment depends on, at one moment. */
export function gatherUsage(sources: UsageSources, measured: MeasuredUsage | undefined, now: EpochMs): UsageSnapshot {
  const nodes = sources.nodes.list();
  const pods = sources.pods.list();
  const records = sources.sites.list();
  const siteOfRegion = regionsOf(records);
  const governance = sources.governance();
  const holding = pods.flatMap((pod) => holdingPod(pod, sources, governance));
  return {
    now,
    measured,
    pods: holding,
    waiting: waitingPods(pods, { siteOfRegion, nodes, accelerators: sources.accelerators }),
    nodes: nodes.map((node) => usageNode(node, siteOfRegion)),
    sites: [...siteOfRegion.values()].map((site) => usageSite(site, { sources, nodes, now })),
    clocks: clocksOf(
      holding.map(({ activeHours }) => activeHours),
      now,
    ),
  };
}

/** Chains of owners that are to be followed; those of CarbonAwareJobs are known, and a pod that nobody controls has none. */
export function chainsOf(pods: readonly PodFacts[]): readonly Owned[] {
  return pods.flatMap((pod) =>
    holds(pod) && pod.job === undefined && pod.user?.controller !== undefined ? [ownedBy(pod)] : [],
  );
}

function holds({ holds: held, node }: PodFacts): boolean {
  return held.length > 0 && node !== undefined;
}

function ownedBy({ metadata, user }: PodFacts): Owned {
  const { name, namespace = '', uid = '' } = metadata;
  return { namespace, first: user?.controller ?? { apiVersion: 'v1', kind: 'Pod', name, uid } };
}

interface ReadSite {
  readonly name: string;
  readonly spec: ComputeSiteSpecParsed;
}

/** The site that has each region, whether or not it is in order: its nodes are there and cost money. */
function regionsOf(records: readonly SiteRecord[]): ReadonlyMap<string, ReadSite> {
  const byRegion = new Map<string, ReadSite>();
  for (const record of records) {
    const { name, spec } = record;
    const judgement = judgeSite(record, records);
    const isTaken = !judgement.ok && judgement.refusal.reason === 'RegionTaken';
    if (spec.ok && spec.value.cluster === 'Local' && !isTaken)
      byRegion.set(spec.value.region, { name, spec: spec.value });
  }
  return byRegion;
}

function holdingPod(pod: PodFacts, sources: UsageSources, governance: Governance): readonly HoldingPod[] {
  const { metadata, node, user } = pod;
  if (!holds(pod) || node === undefined || user === undefined) return [];
  const { name, namespace = '' } = metadata;
  const within = sources.namespaces.get(namespace);
  const policy = governance.policyOf(namespace);
  return [
    {
      namespace,
      name,
      node,
      heldSince: user.heldSince,
      holds: pod.holds,
      workload: pod.job === undefined ? sources.workloadOf(ownedBy(pod)) : carbonAwareJob(pod.job, sources),
      owner: ownerOf({ namespace, owner: user.owner }, sources),
      policyName: policy.name,
      policy: policy.usage,
      activeHours: user.activeHours ?? within?.activeHours,
    },
  ];
}

function carbonAwareJob(key: string, { jobs }: UsageSources): WorkloadRef {
  const { group, kind, version } = CARBON_AWARE_JOBS;
  const { name, namespace = '' } = parseObjectKey(key);
  return { namespace, apiVersion: `${group}/${version}`, kind, name, uid: jobs.get(key)?.metadata.uid ?? '' };
}

interface Places {
  readonly siteOfRegion: ReadonlyMap<string, ReadSite>;
  readonly nodes: readonly NodeFacts[];
  readonly accelerators: readonly AcceleratorResource[];
}

function waitingPods(pods: readonly PodFacts[], places: Places): readonly WaitingPod[] {
  const products = productsByResource(places.nodes);
  return pods.flatMap((pod) => {
    const { holds: asks, metadata, node, unschedulable } = pod;
    if (node !== undefined || unschedulable === undefined || asks.length === 0) return [];
    const { name, namespace = '' } = metadata;
    const sites = sitesAdmitted(pod, places);
    return [
      {
        ...{ namespace, name, unschedulableSince: unschedulable.since },
        ...(sites !== undefined && { sites }),
        asks: asks.map((one) => {
          const label = places.accelerators.find(({ resource }) => resource === one.resource)?.productLabel ?? '';
          const admitted = admittedValues(pod.nodeFilter ?? {}, label, [...(products.get(one.resource) ?? [])]);
          return admitted === undefined ? one : { ...one, products: admitted };
        }),
      },
    ];
  });
}

function sitesAdmitted({ nodeFilter = {} }: PodFacts, { siteOfRegion }: Places): readonly string[] | undefined {
  const regions = admittedValues(nodeFilter, REGION_LABEL, [...siteOfRegion.keys()]);
  return regions?.flatMap((region) => siteOfRegion.get(region)?.name ?? []);
}

function productsByResource(nodes: readonly NodeFacts[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byResource = new Map<string, Set<string>>();
  for (const { product, resource } of nodes.flatMap(({ accelerators }) => accelerators)) {
    if (product === undefined) continue;
    const products = byResource.get(resource) ?? new Set();
    byResource.set(resource, products.add(product));
  }
  return byResource;
}

function usageNode(
  { acceptsWork, accelerators, name, region, withoutDevices = [] }: NodeFacts,
  siteOfRegion: ReadonlyMap<string, ReadSite>,
): UsageNode {
  const none = withoutDevices.map((one) => ({ ...one, allocatable: 0 }));
  return { name, site: siteOfRegion.get(region ?? '')?.name, acceptsWork, accelerators: [...accelerators, ...none] };
}

interface Around {
  readonly sources: UsageSources;
  readonly nodes: readonly NodeFacts[];
  readonly now: EpochMs;
}

function usageSite({ name, spec }: ReadSite, { sources, nodes, now }: Around): UsageSite {
  const zone = zoneOf(spec);
  const average = zone === undefined ? undefined : sources.outlooks.get(zone, 'Average');
  const known = zone === undefined ? undefined : sources.prices.get(zone);
  const price = sampleAt(pricesThatCount(spec, known)?.samples ?? [], now);
  const priceOf = devicePricesOf(spec, sources.nodePrices);
  const products = new Set(
    nodes
      .filter(({ region }) => region === spec.region)
      .flatMap(({ accelerators, withoutDevices = [] }) => [...accelerators, ...withoutDevices])
      .map((one) => one.product),
  );
  return {
    name,
    currency: spec.prices.currency,
    pue: spec.pue,
    averageIntensity: average === undefined ? undefined : sampleAt(average.series.samples, now)?.gramsPerKilowattHour,
    pricePerKilowattHour: spec.prices.electricityPerKilowattHour ?? price?.perKilowattHour ?? 0,
    products: [...products].flatMap((product) =>
      product === undefined ? [] : [{ product, power: powerOf(product), pricePerHour: priceOf(product) }],
    ),
  };
}
