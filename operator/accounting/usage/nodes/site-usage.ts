import type { SiteUsage } from '../../../domain/usage/assessment.ts';
import { compareText } from '../../../domain/compare-text.ts';
import { sumOver } from '../sum-over.ts';
import { sumOfRates } from '../rate.ts';
import type { UsageSite } from '../usage-snapshot.ts';
import type { NodeFigures } from './node-usage.ts';

/** The sums over the nodes of each site; nodes that belong to none are in no site. */
export function siteUsages(
  nodes: readonly NodeFigures[],
  sites: readonly UsageSite[],
  measuredOf: (site: string, product: string) => SiteUsage['measured'],
): readonly SiteUsage[] {
  const currencies = new Map(sites.map(({ currency, name }) => [name, currency]));
  return [...Map.groupBy(nodes, ({ usage: { product, site } }) => `${site}\n${product}`).values()]
    .flatMap((some) => {
      const [first] = some;
      const currency = first === undefined ? undefined : currencies.get(first.usage.site);
      if (first === undefined || currency === undefined) return [];
      const { product, site } = first.usage;
      return [{ site, product, currency, ...sumsOf(some), measured: measuredOf(site, product) }];
    })
    .sort((a, b) => compareText(a.site, b.site) || compareText(a.product, b.product));
}

function sumsOf(nodes: readonly NodeFigures[]): Pick<SiteUsage, 'capacity' | 'held' | 'active' | 'rate'> {
  const known = sumOver(nodes, (node) => node.known);
  const expected = sumOver(nodes, (node) => node.expected);
  return {
    capacity: sumOver(nodes, ({ usage }) => usage.capacity),
    held: sumOver(nodes, ({ usage }) => usage.held),
    active: known > 0 && known * 2 >= expected ? sumOver(nodes, ({ worked }) => worked) / known : undefined,
    rate: sumOfRates(nodes.map(({ usage }) => usage.rate)),
  };
}
