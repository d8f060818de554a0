import type { SiteUsage } from '../../../domain/usage/assessment.ts';
import { compareText } from '../../../domain/compare-text.ts';
import { sumOver } from '../sum-over.ts';
import { sumOfRates } from '../rate.ts';
import type { UsageSite } from '../usage-snapshot.ts';
import { meanActive, sumOfTallies } from './activity-tally.ts';
import type { NodeFigures } from './node-usage.ts';

interface Around {
  readonly measuredOf: (site: string, product: string) => SiteUsage['measured'];
  /** Devices that are measured and fit no node. */
  readonly unplaced: number;
}

/** The sums over the nodes of each site; nodes that belong to none are in no site. */
export function siteUsages(
  nodes: readonly NodeFigures[],
  sites: readonly UsageSite[],
  { measuredOf, unplaced }: Around,
): readonly SiteUsage[] {
  const currencies = new Map(sites.map(({ currency, name }) => [name, currency]));
  return [...Map.groupBy(nodes, ({ usage: { product, site } }) => `${site}\n${product}`).values()]
    .flatMap((some) => {
      const [first] = some;
      const currency = first === undefined ? undefined : currencies.get(first.usage.site);
      if (first === undefined || currency === undefined) return [];
      const { product, site } = first.usage;
      const sums = sumsOf(some);
      const isLacking = unplaced > 0 && sums.usable > sums.held;
      return [
        {
          ...{ site, product, currency, ...sums, measured: measuredOf(site, product) },
          unplaced: isLacking ? unplacedOf(some, unplaced) : undefined,
        },
      ];
    })
    .sort((a, b) => compareText(a.site, b.site) || compareText(a.product, b.product));
}

function sumsOf(nodes: readonly NodeFigures[]): Pick<SiteUsage, 'capacity' | 'usable' | 'held' | 'active' | 'rate'> {
  return {
    capacity: sumOver(nodes, ({ usage }) => usage.capacity),
    usable: sumOver(nodes, ({ usage: { acceptsWork, capacity, held } }) => (acceptsWork ? capacity : held)),
    held: sumOver(nodes, ({ usage }) => usage.held),
    active: meanActive(sumOfTallies(nodes.map(({ usable }) => usable))),
    rate: sumOfRates(nodes.map(({ usage }) => usage.rate)),
  };
}

/** Of another cluster as well, where one Prometheus is that of many: they are a fault only where series call a node of here amiss. */
function unplacedOf(nodes: readonly NodeFigures[], devices: number): SiteUsage['unplaced'] {
  const found = nodes.find(({ misnamed }) => misnamed !== undefined);
  return found && { devices, node: found.usage.node, calledAs: found.misnamed ?? '' };
}
