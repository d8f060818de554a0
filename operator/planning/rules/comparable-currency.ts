import type { Site } from '../../domain/site.ts';
import type { Refusal } from './rule.ts';

/** The currency that prices are compared in: the home site's, or else the first one's that has prices. */
export function currencyOfComparison(sites: readonly Site[], home: Site | undefined): string | undefined {
  return home !== undefined && hasPrices(home) ? home.currency : sites.find(hasPrices)?.currency;
}

/** Nobody here knows an exchange rate: amounts in two currencies are not weighed against one another. */
export function currencyIsComparable(site: Site, currency: string | undefined): Refusal | undefined {
  return currency === undefined || site.currency === currency || !hasPrices(site)
    ? undefined
    : {
        reason: 'CurrencyNotComparable',
        message: `${site.name} has prices in ${site.currency}, the plan compares ${currency}: give all sites one currency`,
      };
}

/** Whether anything there has a price. */
export function hasPrices({ electricityPricePerKilowattHour, electricityPrices, pools, links }: Site): boolean {
  const electricityHasPrice = electricityPricePerKilowattHour !== 0 || electricityPrices.length > 0;
  const linksHavePrice = links.some(({ pricePerGibibyte }) => pricePerGibibyte !== 0);
  return electricityHasPrice || linksHavePrice || pools.some(({ pricePerHour }) => pricePerHour !== 0);
}
