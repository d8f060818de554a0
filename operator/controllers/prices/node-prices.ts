import type { DurationMs } from '../../domain/units.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { NodePrice, NodePriceSource } from '../../ports/price.ts';
import { asSourceError } from '../../ports/source-error.ts';
import { RefreshLoop } from '../../runtime/refresh-loop.ts';
import type { PriceMetrics } from '../../telemetry/price-metrics.ts';
import type { NodeFacts } from '../inventory/node-facts.ts';

/** Price of one device for one hour, its share of the node included. */
export interface DevicePrice {
  readonly perHour: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface DevicePriceReader {
  /** Mean over the nodes of a region that have the product and a price; `undefined` where there is none. */
  devicePrice(region: string, product: string): DevicePrice | undefined;
}

export interface NodePricesOptions {
  /** Absent: nobody knows prices of nodes. */
  readonly source: NodePriceSource | undefined;
  readonly nodes: () => readonly NodeFacts[];
  readonly onChange: () => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: PriceMetrics;
  readonly intervalMs: DurationMs;
}

/** Keeps what nodes cost, and says what that makes for each device. */
export class NodePrices implements DevicePriceReader {
  readonly #options: NodePricesOptions;
  readonly #loop: RefreshLoop;
  #prices: readonly NodePrice[] = [];
  #byPlace: ReadonlyMap<string, DevicePrice> = new Map();

  constructor(options: NodePricesOptions) {
    this.#options = options;
    this.#loop = new RefreshLoop({ ...options, what: 'prices of nodes', turn: (_, abort) => this.refresh(abort) });
  }

  devicePrice(region: string, product: string): DevicePrice | undefined {
    return this.#byPlace.get(placeOf(region, product));
  }

  async run(abort: AbortSignal): Promise<void> {
    if (this.#options.source !== undefined) await this.#loop.run(abort);
  }

  /** Where the source fails, the prices before stand: a node costs what it cost an hour ago. */
  async refresh(abort: AbortSignal): Promise<void> {
    const { metrics, nodes, onChange, source } = this.#options;
    if (source === undefined) return;
    try {
      this.#prices = await source.nodePrices(abort);
    } catch (error) {
      abort.throwIfAborted();
      metrics.failed(source.name, asSourceError(source.name, error).code);
    }
    const before = JSON.stringify([...this.#byPlace]);
    this.#byPlace = devicePrices(nodes(), this.#prices);
    if (JSON.stringify([...this.#byPlace]) !== before) onChange();
  }
}

/** By region and product: what the priced nodes cost together, by the devices that they have together. */
export function devicePrices(
  nodes: readonly NodeFacts[],
  prices: readonly NodePrice[],
): ReadonlyMap<string, DevicePrice> {
  const priceOf = new Map(prices.map((price) => [price.node, price]));
  const sums = new Map<string, { perHour: number; devices: number; currency: string }>();
  for (const { name, region, accelerators } of nodes) {
    const price = priceOf.get(name);
    const [only, ...others] = accelerators;
    // With two products on one node nobody can tell which of them costs what.
    if (price === undefined || region === undefined || only?.product === undefined || others.length > 0) continue;
    if (only.allocatable <= 0) continue;
    const place = placeOf(region, only.product);
    const sum = sums.get(place) ?? { perHour: 0, devices: 0, currency: price.currency };
    if (sum.currency !== price.currency) continue;
    sums.set(place, { ...sum, perHour: sum.perHour + price.perHour, devices: sum.devices + only.allocatable });
  }
  return new Map(
    [...sums].map(([place, { perHour, devices, currency }]) => [place, { perHour: perHour / devices, currency }]),
  );
}

function placeOf(region: string, product: string): string {
  return `${region} ${product}`;
}
