import type { Clock } from '../../../ports/clock.ts';
import type { NodePrice, NodePriceSource } from '../../../ports/price.ts';
import type { PrometheusQuery, PrometheusSeries } from '../../../ports/prometheus-query.ts';
import { SourceError } from '../../../ports/source-error.ts';

export interface OpenCostOptions {
  readonly prometheus: PrometheusQuery;
  readonly clock: Clock;
  /** ISO 4217. The metric doesn't say it: it is what OpenCost is configured with. */
  readonly currency: string;
  /** PromQL of the price of each whole node for one hour, with the node in the label `node` or `instance`. */
  readonly query?: string;
}

/**
 * Over a restart there are two series of one node for some minutes. The dearer one counts: a price that is too high makes
 * a node less wanted, one that is too low makes it look like a bargain.
 */
const DEFAULT_QUERY = 'max by (node) (node_total_hourly_cost)';

/** What OpenCost says that nodes cost, https://opencost.io/docs/integrations/metrics, by way of the Prometheus that scrapes it. */
export class OpenCostSource implements NodePriceSource {
  readonly name = 'opencost';
  readonly #prometheus: PrometheusQuery;
  readonly #clock: Clock;
  readonly #currency: string;
  readonly #query: string;

  constructor({ prometheus, clock, currency, query = DEFAULT_QUERY }: OpenCostOptions) {
    this.#prometheus = prometheus;
    this.#clock = clock;
    this.#currency = currency;
    this.#query = query;
  }

  /** In order of names. What has no price, or one of nothing, is left out: OpenCost writes 0 where it knows none. */
  async nodePrices(abort: AbortSignal): Promise<readonly NodePrice[]> {
    abort.throwIfAborted();
    const series = await this.#prometheus.instant(this.#query, this.#clock.now(), abort);
    if (series.length === 0) {
      throw new SourceError('NoData', `opencost: prometheus has nothing for ${this.#query}; is OpenCost scraped?`);
    }
    const byNode = new Map<string, number>();
    for (const one of series) {
      const node = this.#nodeOf(one);
      byNode.set(node, Math.max(one.samples[0]?.value ?? 0, byNode.get(node) ?? 0));
    }
    return [...byNode]
      .filter(([, perHour]) => perHour > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([node, perHour]) => ({ node, perHour, currency: this.#currency }));
  }

  #nodeOf({ labels }: PrometheusSeries): string {
    const node = labels['node'] ?? labels['instance'];
    if (node !== undefined) return node;
    throw new SourceError(
      'Malformed',
      `opencost: a series of ${this.#query} has neither label node nor instance, it has ${JSON.stringify(labels)}; set a query that keeps one, e.g. max by (instance) (node_total_hourly_cost)`,
    );
  }
}
