import type { IntensitySeries, Rung, Signal } from '../../operator/domain/intensity.ts';
import type { Outlook } from '../../operator/domain/site.ts';
import type { OutlookReader } from '../../operator/controllers/outlooks/outlooks.ts';
import type { PriceReader } from '../../operator/controllers/prices/electricity-prices.ts';
import type { DevicePriceReader } from '../../operator/controllers/prices/node-prices.ts';
import type { CarbonSourceFailure } from '../../operator/ports/carbon.ts';

export interface KnownOfZone {
  readonly outlook?: { readonly series: IntensitySeries; readonly rung: Rung };
  readonly failures?: readonly CarbonSourceFailure[];
}

/** What the ladder said of each zone by the average, as given. Entries may be changed by a test. */
export function staticOutlooks(zones: Readonly<Record<string, KnownOfZone>>): OutlookReader {
  const of = (zone: string, signal: Signal): KnownOfZone => (signal === 'Average' ? (zones[zone] ?? {}) : {});
  return {
    get: <S extends Signal>(zone: string, signal: S) => of(zone, signal).outlook as Outlook<S> | undefined,
    failures: (zone, signal) => of(zone, signal).failures ?? [],
    problem: (zone, signal) => {
      const { outlook, failures = [] } = of(zone, signal);
      return outlook === undefined ? failures[0]?.error : undefined;
    },
  };
}

/** No source of prices is configured. */
export const NO_PRICES: { readonly prices: PriceReader; readonly nodePrices: DevicePriceReader } = {
  prices: { get: () => undefined },
  nodePrices: { devicePrice: () => undefined },
};
