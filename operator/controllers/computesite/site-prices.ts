import type { ComputeSiteStatusElectricityPrice } from '../../api/v1alpha1/compute-site.generated.ts';
import type { ComputeSiteSpecParsed } from '../../api/v1alpha1/parse/compute-site.ts';
import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { PriceSeries } from '../../domain/electricity-price.ts';
import { formatDecimal, formatSignedDecimal } from '../../domain/quantity.ts';
import { sampleAt } from '../../domain/samples.ts';
import type { EpochMs } from '../../domain/units.ts';
import { failureWords } from '../failure-words.ts';
import type { DevicePriceOf } from '../inventory/site-inventory.ts';
import type { KnownPrices } from '../prices/electricity-prices.ts';
import type { DevicePriceReader } from '../prices/node-prices.ts';
import type { Statement } from './carbon-now.ts';

const PRICE_DIGITS = 5;

/** What is known of the price of electricity at a site now, for its status. */
export interface PriceNow {
  readonly freshness: Statement;
  readonly electricityPrice?: ComputeSiteStatusElectricityPrice;
  /** When the price of now stops being the price of now. */
  readonly changesAt?: EpochMs;
}

/** The prices that a site is planned with: none where its spec says one, or where they are in another currency. */
export function pricesThatCount(
  { prices }: ComputeSiteSpecParsed,
  known: KnownPrices | undefined,
): PriceSeries | undefined {
  if (prices.electricityPerKilowattHour !== undefined) return undefined;
  return known?.series?.currency === prices.currency ? known.series : undefined;
}

/** What the spec says a device costs, else what the nodes of the region do, where that is in the site's currency. */
export function devicePricesOf({ prices, region }: ComputeSiteSpecParsed, nodes: DevicePriceReader): DevicePriceOf {
  return (product) => {
    const own = prices.perAcceleratorHour.get(product);
    if (own !== undefined) return own;
    const seen = nodes.devicePrice(region, product);
    return seen?.currency === prices.currency ? seen.perHour : 0;
  };
}

export function priceNow(spec: ComputeSiteSpecParsed, known: KnownPrices | undefined, now: EpochMs): PriceNow {
  const { currency, electricityPerKilowattHour: flat } = spec.prices;
  if (flat !== undefined) {
    const perKWh = formatDecimal(flat, PRICE_DIGITS);
    return {
      freshness: {
        status: 'True',
        reason: 'PricesFlat',
        message: `${perKWh} ${currency}/kWh at all times, as spec.prices says`,
      },
      electricityPrice: { perKWh, currency, source: 'spec' },
    };
  }
  if (known === undefined) {
    const message = 'electricity is not priced: set spec.prices.electricityPerKWh, or configure prices.electricity';
    return { freshness: { status: 'True', reason: 'PricesFlat', message } };
  }
  if (known.series === undefined) return { freshness: without(known) };
  if (known.series.currency !== currency) return { freshness: otherCurrency(known.series, currency) };
  const sample = sampleAt(known.series.samples, now);
  const freshness = freshnessOf(known, known.series, now);
  if (sample === undefined) return { freshness };
  return {
    freshness,
    changesAt: sample.endsAt,
    electricityPrice: {
      perKWh: formatSignedDecimal(sample.perKilowattHour, PRICE_DIGITS),
      currency,
      source: known.series.source,
      ...(sample.estimated && { estimated: true }),
    },
  };
}

function without({ failures }: KnownPrices): Statement {
  const [first] = failures;
  const message = `${wordsOf(failures)}; electricity is not priced until then`;
  return { status: 'False', reason: first?.error.code ?? 'NoData', message };
}

function otherCurrency({ currency, source, zone }: PriceSeries, own: string): Statement {
  return {
    status: 'False',
    reason: 'CurrencyNotComparable',
    message: `${source} has prices of zone ${zone} in ${currency}, and the site counts in ${own}: set spec.prices.currency to ${currency} at all sites`,
  };
}

function freshnessOf({ failures, publishedUntil }: KnownPrices, { source }: PriceSeries, now: EpochMs): Statement {
  const until = publishedUntil === undefined ? '' : `, published until ${formatTime(publishedUntil)}`;
  const why = failures.length === 0 ? '' : `; ${wordsOf(failures)}`;
  const isPublished = publishedUntil !== undefined && publishedUntil > now;
  return {
    status: isPublished ? 'True' : 'False',
    reason: isPublished ? 'PricesPublished' : (failures[0]?.error.code ?? 'NoData'),
    message: `prices from ${source}${until}; beyond that those of the day before stand for them${why}`,
  };
}

function wordsOf(failures: KnownPrices['failures']): string {
  return failures.length === 0 ? 'nothing is published' : failureWords(failures);
}
