import type { ComputeSiteStatusElectricityPrices } from '../../../api/v1alpha1/compute-site.generated.ts';
import type { FieldReader } from '../../../api/v1alpha1/parse/field-reader.ts';
import type { PriceSample, PriceSeries } from '../../../domain/electricity-price.ts';
import type { EpochMs } from '../../../domain/units.ts';
import { publishedFigures, readFigures } from './figures.ts';

const DIGITS = 5;

/** Prices that vary in time, for the status of a site; `undefined` where none count. */
export function publishedPrices(
  series: PriceSeries | undefined,
  now: EpochMs,
): ComputeSiteStatusElectricityPrices | undefined {
  const published = publishedFigures(series?.samples ?? [], now, {
    digits: DIGITS,
    figureOf: ({ perKilowattHour }) => perKilowattHour,
  });
  return published && { start: published.start, slot: published.slot, perKWh: published.text };
}

/** Reads them back. What can't be read is a problem of its field. */
export function readPrices(prices: FieldReader): readonly PriceSample[] {
  if (prices.isAbsent) return [];
  const figures = readFigures({
    start: prices.field('start'),
    slot: prices.field('slot'),
    text: prices.field('perKWh'),
  });
  return figures.map(({ value, ...interval }) => ({ ...interval, perKilowattHour: value, estimated: false }));
}
