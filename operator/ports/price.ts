import type { Interval } from '../domain/interval.ts';
import type { PriceSeries } from '../domain/electricity-price.ts';

export interface PriceQuery {
  /** Grid zone, as sites write it: `SE-SE3`. */
  readonly zone: string;
  /** The stretch of time wanted. An answer may cover less of it, never more, and never another zone. */
  readonly interval: Interval;
}

/** Prices of electricity by grid zone. Every implementation passes the suite in `test/contract/price-source`. */
export interface PriceSource {
  /** The vendor's name: label of metrics, and `source` in status. */
  readonly name: string;
  /** What is published of it. Throws `SourceError`; `NoData` also where tomorrow is not published yet. */
  prices(query: PriceQuery, abort: AbortSignal): Promise<PriceSeries>;
}

/** What a node costs. */
export interface NodePrice {
  readonly node: string;
  /** Of the whole node for one hour. */
  readonly perHour: number;
  /** ISO 4217. */
  readonly currency: string;
}

/** Prices of nodes of the cluster. Nodes that it has no price of are left out. */
export interface NodePriceSource {
  readonly name: string;
  /** Throws `SourceError`. */
  nodePrices(abort: AbortSignal): Promise<readonly NodePrice[]>;
}
