import type { ComputeSiteSpecParsed, SiteLink } from '../../api/v1alpha1/parse/compute-site.ts';
import type { Link } from '../../domain/site.ts';
import type { SiteRecord } from './site-record.ts';

/**
 * The links of a site, in order of name: its own, and those that others declare to it. Sites that are not Ready count as
 * well: their nodes may be gone, and their data still there. A price that the other end has told holds here only in one
 * currency: nobody here knows an exchange rate.
 */
export function linksOf(name: string, sites: readonly SiteRecord[]): readonly Link[] {
  const specs = new Map(sites.flatMap(({ name: site, spec }) => (spec.ok ? [[site, spec.value] as const] : [])));
  const own = specs.get(name);
  const links = new Map<string, Link>();
  for (const [other, spec] of specs) {
    const back = spec.links.find(({ to }) => to === name);
    if (other === name || back === undefined) continue;
    const hasOneCurrency = spec.prices.currency === own?.prices.currency;
    links.set(other, linkTo({ ...back, to: other, ...(!hasOneCurrency && { pricePerGibibyte: 0 }) }, spec));
  }
  for (const link of own?.links ?? []) links.set(link.to, linkTo(link, specs.get(link.to)));
  return [...links.values()].sort((a, b) => (a.to < b.to ? -1 : 1));
}

function linkTo(link: SiteLink, other: ComputeSiteSpecParsed | undefined): Link {
  return { ...link, storageBytesPerSecond: other?.storageBytesPerSecond };
}
