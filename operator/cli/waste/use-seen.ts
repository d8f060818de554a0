import { assessUsage } from '../../accounting/usage/assess.ts';
import type { Config } from '../../config/config.ts';
import { governanceOf, type Governance } from '../../controllers/carbonpolicy/governance.ts';
import { policyRecordOf, projectNamespace, type NamespaceFacts } from '../../controllers/carbonpolicy/policy-record.ts';
import { projectNode } from '../../controllers/inventory/node-facts.ts';
import { chainsOf, gatherUsage, type UsageSources } from '../../controllers/usage/gather.ts';
import { lookBackOf } from '../../controllers/usage/look-back.ts';
import { Owners } from '../../controllers/usage/owners/owners.ts';
import type { MeasuredUsage } from '../../domain/usage/device-usage.ts';
import { gridBefore } from '../../domain/usage/usage-grid.ts';
import type { Logger } from '../../ports/logger.ts';
import type { MetricsSource, UsageAnswer } from '../../ports/metrics-source.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import { silentLogger } from '../../runtime/silent-logger.ts';
import { listed } from '../show/words.ts';
import { namespaceByName } from '../world/reading.ts';
import { sitesKnown, type SitesKnown, type WorldOptions } from '../world/sites-known.ts';
import type { UseResources } from './use-resources.ts';
import type { UseSight } from './sight.ts';
import { unreadableHoursOf } from './unreadable-hours.ts';

/**
 * The assessment that the operator would make, by the same functions, from what can be seen from here. Throws {@link UsageError}
 * for a file that can't be used.
 * @param source absent: nobody is asked what devices do
 */
export async function useSeen(
  found: UseResources,
  source: MetricsSource | undefined,
  options: WorldOptions,
  abort: AbortSignal,
): Promise<UseSight> {
  const { clock, config } = options;
  const namespaces = namespacesOf(found);
  const governance = governanceOf([...namespaces.values()], found.policies.map(policyRecordOf));
  const lookBack = lookBackOf(governance.policies, config.usage);
  const unreadable: string[] = [];
  const owners = new Owners({ api: found.owners, logger: noting(unreadable) });
  const [known, answer] = await Promise.all([
    sitesKnown(found.sites, [], options, abort),
    source?.usage(gridBefore(clock.now(), { step: config.usage.interval, lookBack }), abort),
    owners.follow(chainsOf(found.pods), abort),
  ]);
  const measured = answer && (found.isWhole ? answer : ofPods(answer, found));
  const snapshot = gatherUsage(
    sourcesOf(found, { config, governance, known, namespaces, owners }),
    measured,
    clock.now(),
  );
  const currencies = new Map(snapshot.sites.map(({ currency, name }) => [name, currency]));
  return {
    assessment: assessUsage(snapshot),
    gaps: answer?.gaps,
    lookBack,
    currencyOf: (site) => currencies.get(site) ?? '',
    isWhole: found.isWhole,
    unreadableHours: unreadableHoursOf(snapshot.pods),
    notes: [...found.notes, ...known.unread, ...ownerNotes(unreadable)],
  };
}

interface Known {
  readonly config: Config;
  readonly governance: Governance;
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  readonly known: SitesKnown;
  readonly owners: Owners;
}

function sourcesOf(found: UseResources, { config, governance, known, namespaces, owners }: Known): UsageSources {
  const nodes = found.nodes.map((node) => projectNode(node, config.accelerators));
  const { outlooks, published, records } = known;
  return {
    ...{ namespaces, outlooks, prices: published.prices, nodePrices: published.nodePrices },
    pods: { list: () => found.pods },
    nodes: { list: () => nodes },
    sites: { list: () => records },
    // Only their uids are missing, which nobody sees here.
    jobs: { get: () => undefined },
    governance: () => governance,
    workloadOf: (owned) => owners.workloadOf(owned),
    accelerators: config.accelerators,
    ownerLabels: config.usage.ownerLabels,
  };
}

/** Of those that can't be seen the name is known. */
function namespacesOf({ namespaces, pods }: UseResources): ReadonlyMap<string, NamespaceFacts> {
  const named = [...new Set(pods.map(({ metadata: { namespace = '' } }) => namespace))].map(namespaceByName);
  return new Map([...named, ...namespaces].map((one) => [one.metadata.name, projectNamespace(one)]));
}

/**
 * Where pods of others can't be seen, a device that none of those has that can be seen may be anybody's: it is not to be taken for
 * one that nobody holds.
 */
function ofPods(answer: UsageAnswer, { pods }: UseResources): MeasuredUsage {
  const seen = new Set(pods.map(({ metadata }) => objectKey(metadata)));
  return { ...answer, devices: answer.devices.filter(({ pod }) => pod !== undefined && seen.has(objectKey(pod))) };
}

/** Keeps of what is logged the kinds that may not be read. */
function noting(unreadable: string[]): Logger {
  return {
    ...silentLogger,
    warn: (_, fields) => {
      const resource = fields?.['resource'];
      if (typeof resource === 'string') unreadable.push(resource);
    },
  };
}

function ownerNotes(unreadable: readonly string[]): readonly string[] {
  if (unreadable.length === 0) return [];
  return [
    `${listed(unreadable)} can't be read: a workload is told by what it runs through, and may be a part of something`,
  ];
}
