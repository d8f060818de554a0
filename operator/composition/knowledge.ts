import { rememberedGovernance, type Governance } from '../controllers/carbonpolicy/governance.ts';
import { zonesOf } from '../controllers/computesite/to-site.ts';
import { ClusterInventory } from '../controllers/inventory/cluster-inventory.ts';
import { Outlooks, type ZoneSignal } from '../controllers/outlooks/outlooks.ts';
import { wantedOutlooks } from '../controllers/outlooks/wanted-outlooks.ts';
import { carbonLadder } from './carbon-sources.ts';
import type { Surroundings } from './surroundings.ts';

/** What is worked out of the caches and asked of carbon sources, for the plan and for the controllers alike. */
export interface Knowledge {
  readonly governance: () => Governance;
  readonly inventory: ClusterInventory;
  readonly outlooks: Outlooks;
  /** The zones and signals that something is planned by now. */
  readonly wanted: () => readonly ZoneSignal[];
}

/** Who is told when it changes. */
export interface KnowledgeListener {
  regionChanged(region: string): void;
  zoneChanged(zone: string): void;
}

export function createKnowledge(surroundings: Surroundings, listener: KnowledgeListener): Knowledge {
  const { caches, clock, config, logger, metrics, random } = surroundings;
  const governance = rememberedGovernance(
    () => caches.namespaces.store.list(),
    () => caches.policies.store.list(),
  );
  const wanted = () => wantedOutlooks(zonesOf(caches.sites.store.list()), governance().policies);
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
  const outlooks = new Outlooks({
    ladder: carbonLadder(config.carbon.sources, clock),
    wanted,
    onChange: ({ zone }) => {
      listener.zoneChanged(zone);
    },
    clock,
    random,
    logger,
    metrics: metrics.carbon,
    horizonMs: config.carbon.horizon,
    intervalMs: config.carbon.refresh,
  });
  return { governance, inventory, outlooks, wanted };
}
