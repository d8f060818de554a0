import { setCondition, type SiteConditionType } from '../../api/v1alpha1/conditions.ts';
import type {
  ComputeSiteStatus,
  ComputeSiteStatusElectricityPrices,
  ComputeSiteStatusForecast,
} from '../../api/v1alpha1/compute-site.generated.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import { formatDecimal } from '../../domain/quantity.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { SiteInventory } from '../inventory/site-inventory.ts';
import type { SiteUse } from '../usage/usage-reader.ts';
import type { CarbonNow, Statement } from './carbon-now.ts';
import type { PriceNow } from './site-prices.ts';
import { lacksCapacity, type SiteJudgement } from './judge-site.ts';
import { withMeasuredPower } from './measured-power.ts';
import type { SiteRecord } from './site-record.ts';
import { usageStatement, withUsage } from './site-usage.ts';

/** All that the status of one site says, as it was found. */
export interface SiteFindings {
  readonly now: EpochMs;
  readonly record: SiteRecord;
  readonly judgement: SiteJudgement;
  /** Absent where the spec can't be read, or the region is another site's. */
  readonly inventory: SiteInventory | undefined;
  /** Absent while the inventory is kept up; else when the API server was last heard of nodes and pods. */
  readonly inventoryStaleSince: EpochMs | undefined;
  /** Absent where the grid zone is not known. */
  readonly carbon: CarbonNow | undefined;
  /** Absent where the spec can't be read, or the grid zone is not known. */
  readonly price: PriceNow | undefined;
  /** Whether anybody is to measure what devices do. */
  readonly isMeasured: boolean;
  /** Absent where the use of its devices was not assessed. */
  readonly use: SiteUse | undefined;
  /** What a plan reads of the site over time, for whoever plans with its status. */
  readonly published: Published;
}

/** Empty, or absent, where nothing is known. */
export interface Published {
  readonly forecasts: readonly ComputeSiteStatusForecast[];
  readonly electricityPrices: ComputeSiteStatusElectricityPrices | undefined;
}

/** `maxItems` of `status.accelerators` in the CRD. */
const MAX_ACCELERATORS = 64;
const PRICE_DIGITS = 5;

export function siteStatus(findings: SiteFindings): ComputeSiteStatus {
  const { record, judgement, inventory, carbon, price, published, use } = findings;
  const { forecasts, electricityPrices } = published;
  const zone = judgement.ok ? judgement.standing.zone : judgement.refusal.zone;
  return {
    observedGeneration: record.generation,
    ...(zone !== undefined && { zone }),
    conditions: conditionsOf(findings),
    ...(carbon?.intensity !== undefined && { intensity: carbon.intensity }),
    ...(carbon?.forecastUntil !== undefined && { forecastUntil: carbon.forecastUntil }),
    ...(forecasts.length > 0 && { forecasts: [...forecasts] }),
    ...(price?.electricityPrice !== undefined && { electricityPrice: price.electricityPrice }),
    ...(electricityPrices !== undefined && { electricityPrices }),
    ...(inventory !== undefined && {
      ...withUsage(devicesOf(inventory, findings), use, record.status),
      nodes: inventory.nodes,
    }),
  };
}

function devicesOf(
  inventory: SiteInventory,
  { isMeasured, record, use }: SiteFindings,
): Pick<ComputeSiteStatus, 'devices' | 'accelerators'> {
  const accelerators = inventory.pools.map(({ product, resource, capacity, maxCapacity, pricePerHour }) => ({
    product,
    resource,
    capacity,
    allocated: inventory.allocated.get(product) ?? 0,
    maxCapacity,
    ...(pricePerHour > 0 && { pricePerHour: formatDecimal(pricePerHour, PRICE_DIGITS) }),
  }));
  const capacity = accelerators.reduce((sum, pool) => sum + pool.capacity, 0);
  const free = accelerators.reduce((sum, pool) => sum + pool.capacity - pool.allocated, 0);
  return {
    devices: { capacity, free },
    accelerators: withMeasuredPower(accelerators.slice(0, MAX_ACCELERATORS), { isMeasured, use }, record.status),
  };
}

function conditionsOf(findings: SiteFindings): NonNullable<ComputeSiteStatus['conditions']> {
  const { record, now, use } = findings;
  const statements: Readonly<Record<SiteConditionType, Statement | undefined>> = {
    Ready: readiness(findings),
    CarbonDataFresh: carbonFreshness(findings),
    InventoryFresh: inventoryFreshness(findings),
    PricesFresh: priceFreshness(findings),
    UsageKnown: usageStatement(use, record.status),
  };
  let conditions = record.status.conditions ?? [];
  for (const [type, statement] of Object.entries(statements)) {
    if (statement === undefined) continue;
    const update = { ...statement, type: type as SiteConditionType, observedGeneration: record.generation };
    conditions = setCondition(conditions, update, now);
  }
  return conditions;
}

function readiness({ judgement, inventory }: SiteFindings): Statement {
  if (!judgement.ok) {
    const { reason, message } = judgement.refusal;
    return { status: 'False', reason, message };
  }
  const { spec, zone } = judgement.standing;
  const lack = inventory === undefined ? undefined : lacksCapacity(judgement.standing, inventory);
  if (lack !== undefined) return { status: 'False', ...lack };
  if (spec.cluster === 'Inventory') {
    return { status: 'True', reason: 'InventoryOnPaper', message: 'priced and compared, never scheduled on' };
  }
  const found = spec.zone === undefined ? ', found from the region' : '';
  return { status: 'True', reason: 'Ready', message: `region ${spec.region} in grid zone ${zone}${found}` };
}

function carbonFreshness({ judgement, carbon }: SiteFindings): Statement {
  if (carbon !== undefined) return carbon.freshness;
  if (!judgement.ok) return notLookedAt(judgement.refusal);
  return { status: 'Unknown', reason: 'NoData', message: 'not asked for yet' };
}

function priceFreshness({ judgement, price }: SiteFindings): Statement {
  if (price !== undefined) return price.freshness;
  return notLookedAt({ reason: judgement.ok ? 'NoData' : judgement.refusal.reason });
}

function inventoryFreshness({ judgement, inventory, inventoryStaleSince }: SiteFindings): Statement {
  if (inventory === undefined) {
    const reason = judgement.ok ? 'InventoryStale' : judgement.refusal.reason;
    return notLookedAt({ reason });
  }
  if (judgement.ok && judgement.standing.spec.cluster === 'Inventory') {
    return { status: 'True', reason: 'InventoryOnPaper', message: 'what spec.accelerators lists' };
  }
  if (inventoryStaleSince !== undefined) {
    const message = `the API server was last heard of nodes and pods at ${formatTime(inventoryStaleSince)}`;
    return { status: 'False', reason: 'InventoryStale', message };
  }
  if (inventory.partial !== undefined) {
    return { status: 'False', reason: 'InventoryPartial', message: inventory.partial };
  }
  return { status: 'True', reason: 'InventoryComplete', message: 'all accelerators of its nodes are counted' };
}

/** Where something stands in the way, what lies behind it is not known. */
function notLookedAt({ reason }: Pick<Statement, 'reason'>): Statement {
  return { status: 'Unknown', reason, message: 'not looked at while the site is not Ready' };
}
