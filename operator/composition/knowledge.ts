import { ConfigMapState } from '../adapters/kubernetes/config-map-state.ts';
import { MEMORY_CONFIG_MAP } from '../api/v1alpha1/labels.ts';
import { KnownSlowdowns } from '../controllers/carbonawarejob/slowdown/known-slowdowns.ts';
import { rememberedGovernance, type Governance } from '../controllers/carbonpolicy/governance.ts';
import { zonesOf } from '../controllers/computesite/to-site.ts';
import { ClusterInventory } from '../controllers/inventory/cluster-inventory.ts';
import { Ladder } from '../controllers/outlooks/ladder.ts';
import { CarbonMemory } from '../controllers/outlooks/memory/carbon-memory.ts';
import { MemoryKeeper } from '../controllers/outlooks/memory/memory-keeper.ts';
import { Outlooks, type ZoneSignal } from '../controllers/outlooks/outlooks.ts';
import { wantedOutlooks } from '../controllers/outlooks/wanted-outlooks.ts';
import { ElectricityPrices } from '../controllers/prices/electricity-prices.ts';
import { NodePrices } from '../controllers/prices/node-prices.ts';
import { SECOND_MS } from '../domain/units.ts';
import { TimedOutError, within } from '../runtime/within.ts';
import { carbonSources } from './carbon-sources.ts';
import { nodePriceSource, priceSources } from './price-sources.ts';
import { createProviders, type Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

/** For the first answers. Jobs that run or are due now can't wait for a provider that hangs. */
const FIRST_ANSWERS_LIMIT_MS = 20 * SECOND_MS;

/** What is worked out of the caches and asked of sources outside, for the plan and for the controllers alike. */
export interface Knowledge {
  readonly governance: () => Governance;
  readonly inventory: ClusterInventory;
  readonly outlooks: Outlooks;
  readonly prices: ElectricityPrices;
  readonly nodePrices: NodePrices;
  readonly slowdowns: KnownSlowdowns;
  /** The ways to the providers: whoever asks goes by these, so that budgets and circuit breakers hold for all together. */
  readonly providers: Providers;
  /**
   * Takes up what the leader before has left, then asks all sources once: a first plan without data would start jobs that
   * should wait for it. A zone that has no answer by then is left out of plans until it has.
   */
  gather(abort: AbortSignal): Promise<void>;
  /** There may be zones that nobody was asked about yet. */
  request(): void;
  /** Loops that keep it up. */
  readonly loops: readonly { run(abort: AbortSignal): Promise<void> }[];
}

/** Who is told when it changes. */
export interface KnowledgeListener {
  regionChanged(region: string): void;
  zoneChanged(zone: string): void;
  /** Prices of nodes, of whatever region. */
  nodePricesChanged(): void;
}

export function createKnowledge(surroundings: Surroundings, listener: KnowledgeListener): Knowledge {
  const { caches, clock, logger } = surroundings;
  const providers = createProviders(surroundings);
  const governance = rememberedGovernance(
    () => caches.namespaces.store.list(),
    () => caches.policies.store.list(),
  );
  const zones = (): ReadonlySet<string> => zonesOf(caches.sites.store.list());
  const wanted = (): readonly ZoneSignal[] => wantedOutlooks(zones(), governance().policies);
  const inventory = createInventory(surroundings, listener);
  const { outlooks, keeper } = createOutlooks(surroundings, providers, { listener, wanted });
  const prices = createPrices(surroundings, providers, { listener, zones });
  const nodePrices = createNodePrices(surroundings, providers, listener);
  return {
    governance,
    inventory,
    outlooks,
    prices,
    nodePrices,
    slowdowns: createSlowdowns(surroundings),
    providers,
    async gather(abort) {
      await Promise.all([providers.load(abort), keeper?.load(abort)]);
      const asked = (ends: AbortSignal): Promise<unknown> =>
        Promise.all([outlooks.refresh(wanted(), ends), prices.refresh(zones(), ends), nodePrices.refresh(ends)]);
      try {
        await within({ clock, limitMs: FIRST_ANSWERS_LIMIT_MS, abort }, asked);
      } catch (error) {
        if (!(error instanceof TimedOutError)) throw error;
        logger.warn('providers take long to answer; planning begins with what is known');
      }
    },
    request() {
      outlooks.request();
      prices.request();
    },
    loops: [outlooks, prices, nodePrices, ...(keeper === undefined ? [] : [keeper])],
  };
}

function createSlowdowns({ caches, clock }: Surroundings): KnownSlowdowns {
  const slowdowns = new KnownSlowdowns(caches.jobs.store, clock);
  caches.jobs.listen((change) => {
    slowdowns.jobChanged(change);
  });
  return slowdowns;
}

function createInventory({ caches }: Surroundings, listener: KnowledgeListener): ClusterInventory {
  const inventory = new ClusterInventory((region) => {
    listener.regionChanged(region);
  });
  caches.nodes.listen((change) => {
    inventory.nodeChanged(change);
  });
  caches.pods.listen((change) => {
    inventory.podChanged(change);
  });
  caches.slices.listen((change) => {
    inventory.sliceChanged(change);
  });
  return inventory;
}

function createOutlooks(
  surroundings: Surroundings,
  providers: Providers,
  { listener, wanted }: { listener: KnowledgeListener; wanted: () => readonly ZoneSignal[] },
) {
  const { api, clock, config, logger, metrics, namespace } = surroundings;
  const { cachedFor, horizon, refresh } = config.carbon;
  const memory = new CarbonMemory();
  metrics.forecasts.observe(() => memory.states());
  const sources = carbonSources(surroundings, providers);
  const vendors = sources.filter(({ isProvider }) => isProvider).map(({ source }) => source);
  const state = new ConfigMapState(api, { namespace, name: MEMORY_CONFIG_MAP });
  const outlooks = new Outlooks({
    ...surroundings,
    ladder: new Ladder({ sources, memory, clock, cachedForMs: cachedFor }),
    wanted,
    onChange: ({ zone }) => {
      listener.zoneChanged(zone);
    },
    metrics: metrics.carbon,
    horizonMs: horizon,
    intervalMs: refresh,
  });
  // What needs no network needs no memory.
  const keeper =
    vendors.length === 0 ? undefined : new MemoryKeeper({ memory, sources: vendors, state, clock, logger });
  return { outlooks, keeper };
}

function createPrices(
  surroundings: Surroundings,
  providers: Providers,
  { listener, zones }: { listener: KnowledgeListener; zones: () => ReadonlySet<string> },
): ElectricityPrices {
  const { config, metrics } = surroundings;
  return new ElectricityPrices({
    ...surroundings,
    sources: priceSources(surroundings, providers),
    wanted: zones,
    onChange: (zone) => {
      listener.zoneChanged(zone);
    },
    metrics: metrics.prices,
    horizonMs: config.carbon.horizon,
    intervalMs: config.prices.refresh,
  });
}

function createNodePrices(surroundings: Surroundings, providers: Providers, listener: KnowledgeListener): NodePrices {
  const { caches, config, metrics } = surroundings;
  return new NodePrices({
    ...surroundings,
    source: nodePriceSource(surroundings, providers),
    nodes: () => caches.nodes.store.list(),
    onChange: () => {
      listener.nodePricesChanged();
    },
    metrics: metrics.prices,
    intervalMs: config.prices.refresh,
  });
}
