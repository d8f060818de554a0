import { AwattarSource } from '../adapters/price/awattar/source.ts';
import { ElectricityMapsPriceSource } from '../adapters/price/electricity-maps/source.ts';
import { EnergyChartsPriceSource } from '../adapters/price/energy-charts/source.ts';
import { OctopusSource, type OctopusRegion } from '../adapters/price/octopus/source.ts';
import { OpenCostSource } from '../adapters/price/opencost/source.ts';
import { TimeOfUseSource } from '../adapters/price/time-of-use/source.ts';
import { ConfigError } from '../config/config.ts';
import type { PriceSourceConfig } from '../config/data-config.ts';
import type { PriceSourceInOrder } from '../controllers/prices/electricity-prices.ts';
import type { NodePriceSource, PriceSource } from '../ports/price.ts';
import { prometheusClient, secretOf } from './prometheus.ts';
import type { Providers } from './providers.ts';
import type { Surroundings } from './surroundings.ts';

/** The configured sources of electricity prices in their order. */
export function priceSources(surroundings: Surroundings, providers: Providers): readonly PriceSourceInOrder[] {
  return surroundings.config.prices.electricity.map((source) => ({
    source: priceSource(source, surroundings, providers),
    zones: source.zones === undefined ? undefined : new Set(source.zones),
  }));
}

function priceSource(source: PriceSourceConfig, surroundings: Surroundings, providers: Providers): PriceSource {
  const { clock, config } = surroundings;
  const { awattar, electricityMaps, energyCharts, octopus } = config.providers;
  switch (source.kind) {
    case 'energyCharts': {
      const http = providers.httpFor('energyCharts');
      return new EnergyChartsPriceSource({ ...source, http, clock, baseUrl: energyCharts.baseUrl });
    }
    case 'electricityMaps': {
      const { baseUrl, keyFile } = electricityMaps;
      const http = providers.httpFor('electricityMaps');
      return new ElectricityMapsPriceSource({ http, baseUrl, key: secretOf(keyFile, surroundings) });
    }
    case 'awattar':
      return new AwattarSource({ http: providers.httpFor('awattar'), baseUrls: awattar.baseUrls });
    case 'octopus': {
      const region = source.region as OctopusRegion;
      return new OctopusSource({ ...source, region, http: providers.httpFor('octopus'), baseUrl: octopus.baseUrl });
    }
    case 'timeOfUse':
      return timeOfUse(source);
  }
}

/** The source judges its own tariffs: a time zone that there is not, say. */
function timeOfUse({ tariffs }: PriceSourceConfig & { readonly kind: 'timeOfUse' }): PriceSource {
  try {
    return new TimeOfUseSource({ zones: tariffs });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError(`prices.electricity, timeOfUse: ${error.message}`, { cause: error });
  }
}

export function nodePriceSource(surroundings: Surroundings, providers: Providers): NodePriceSource | undefined {
  const { openCost } = surroundings.config.prices;
  if (openCost === undefined) return undefined;
  const { currency, query } = openCost;
  const prometheus = prometheusClient(surroundings, providers);
  return new OpenCostSource({ prometheus, clock: surroundings.clock, currency, ...(query !== undefined && { query }) });
}
