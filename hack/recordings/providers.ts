import { CarbonAwareSdkSource } from '../../operator/adapters/carbon/carbon-aware-sdk/source.ts';
import {
  ElectricityMapsSource,
  type ElectricityMapsOptions,
} from '../../operator/adapters/carbon/electricity-maps/source.ts';
import { EnergyChartsSource } from '../../operator/adapters/carbon/energy-charts/source.ts';
import { UkCarbonIntensitySource } from '../../operator/adapters/carbon/uk-carbon-intensity/source.ts';
import { WattTimeSource } from '../../operator/adapters/carbon/watttime/source.ts';
import { AwattarSource } from '../../operator/adapters/price/awattar/source.ts';
import { ElectricityMapsPriceSource } from '../../operator/adapters/price/electricity-maps/source.ts';
import { EnergyChartsPriceSource } from '../../operator/adapters/price/energy-charts/source.ts';
import { OctopusSource, type OctopusRegion } from '../../operator/adapters/price/octopus/source.ts';
import { parseConfig } from '../../operator/config/parse-config.ts';
import type { EmissionScope, Signal } from '../../operator/domain/intensity.ts';
import type { CarbonSource } from '../../operator/ports/carbon.ts';
import type { Clock } from '../../operator/ports/clock.ts';
import type { HttpClient } from '../../operator/ports/http.ts';
import type { PriceSource } from '../../operator/ports/price.ts';
import type { Secret } from '../../operator/ports/secrets.ts';

/** What an adapter is set up with beside keys; a recording keeps them. On the command line `--region` and so on. */
export type SettingName =
  'region' | 'location' | 'product' | 'vat' | 'signal' | 'scope' | 'emission-factor-type' | 'granularity';
export type Settings = Readonly<Partial<Record<SettingName, string>>>;

export type CredentialName = 'key' | 'username' | 'password';
export type Credentials = Readonly<Partial<Record<CredentialName, Secret>>>;

export interface AdapterSurroundings {
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly baseUrl: string;
  readonly zone: string;
  readonly settings: Settings;
  readonly credentials: Credentials;
}

interface ProviderOfPort {
  /** As the adapter calls itself. */
  readonly name: string;
  readonly credentials: readonly CredentialName[];
  /** Settings without which there is no adapter, and those that it has a default for. */
  readonly needs: readonly SettingName[];
  readonly takes: readonly SettingName[];
  /** The public one; absent where everybody has one of their own. */
  readonly baseUrl: ((zone: string) => string) | undefined;
}

export interface CarbonProvider extends ProviderOfPort {
  readonly port: 'carbon';
  readonly signal: (settings: Settings) => Signal;
  readonly source: (surroundings: AdapterSurroundings) => CarbonSource;
}

export interface PriceProvider extends ProviderOfPort {
  readonly port: 'price';
  readonly source: (surroundings: AdapterSurroundings) => PriceSource;
}

export type Provider = CarbonProvider | PriceProvider;

const { providers: PUBLIC } = parseConfig('', 'the defaults');
const average = (): Signal => 'Average';
/** What the provider calls the zone, where it is told. */
const named = (zone: string, region: string | undefined) => (region === undefined ? {} : { [zone]: region });

const CARBON: readonly CarbonProvider[] = [
  {
    name: 'electricity-maps',
    port: 'carbon',
    credentials: ['key'],
    needs: [],
    takes: ['emission-factor-type', 'granularity'],
    baseUrl: () => PUBLIC.electricityMaps.baseUrl,
    signal: average,
    source: ({ settings, credentials, ...surroundings }) =>
      new ElectricityMapsSource({
        ...surroundings,
        key: secretIn(credentials, 'key'),
        emissionFactorType: (settings['emission-factor-type'] ??
          'lifecycle') as ElectricityMapsOptions['emissionFactorType'],
        granularity: (settings.granularity ?? 'hourly') as ElectricityMapsOptions['granularity'],
      }),
  },
  {
    name: 'watttime',
    port: 'carbon',
    credentials: ['username', 'password'],
    needs: [],
    takes: ['region'],
    baseUrl: () => PUBLIC.wattTime.baseUrl,
    signal: () => 'Marginal',
    source: ({ settings, credentials, zone, ...surroundings }) =>
      new WattTimeSource({
        ...surroundings,
        username: secretIn(credentials, 'username'),
        password: secretIn(credentials, 'password'),
        regions: named(zone, settings.region),
      }),
  },
  {
    name: 'uk-carbon-intensity',
    port: 'carbon',
    credentials: [],
    needs: [],
    takes: ['region'],
    baseUrl: () => PUBLIC.ukCarbonIntensity.baseUrl,
    signal: average,
    source: ({ settings: { region }, zone, ...surroundings }) => {
      const regions: Record<string, number> = region === undefined ? {} : { [zone]: Number(region) };
      return new UkCarbonIntensitySource({ ...surroundings, regions });
    },
  },
  {
    name: 'energy-charts',
    port: 'carbon',
    credentials: [],
    needs: [],
    takes: [],
    baseUrl: () => PUBLIC.energyCharts.baseUrl,
    signal: average,
    source: (surroundings) => new EnergyChartsSource(surroundings),
  },
  {
    name: 'carbon-aware-sdk',
    port: 'carbon',
    credentials: [],
    needs: ['location', 'signal', 'scope'],
    takes: [],
    baseUrl: undefined,
    signal: ({ signal }) => signal as Signal,
    source: ({ settings: { location, signal, scope }, zone, ...surroundings }) =>
      new CarbonAwareSdkSource({
        ...surroundings,
        locations: named(zone, location),
        signal: signal as Signal,
        scope: scope as EmissionScope,
      }),
  },
];

const PRICE: readonly PriceProvider[] = [
  {
    name: 'electricity-maps',
    port: 'price',
    credentials: ['key'],
    needs: [],
    takes: [],
    baseUrl: () => PUBLIC.electricityMaps.baseUrl,
    source: ({ credentials, http, baseUrl }) =>
      new ElectricityMapsPriceSource({ http, baseUrl, key: secretIn(credentials, 'key') }),
  },
  {
    name: 'energy-charts',
    port: 'price',
    credentials: [],
    needs: [],
    takes: ['region'],
    baseUrl: () => PUBLIC.energyCharts.baseUrl,
    source: ({ settings, zone, ...surroundings }) =>
      new EnergyChartsPriceSource({ ...surroundings, biddingZones: named(zone, settings.region) }),
  },
  {
    name: 'awattar',
    port: 'price',
    credentials: [],
    needs: [],
    takes: [],
    baseUrl: (zone) => PUBLIC.awattar.baseUrls[zone === 'AT' ? 'AT' : 'DE'],
    source: ({ http, baseUrl }) => new AwattarSource({ http, baseUrls: { DE: baseUrl, AT: baseUrl } }),
  },
  {
    name: 'octopus',
    port: 'price',
    credentials: [],
    needs: ['product', 'region'],
    takes: ['vat'],
    baseUrl: () => PUBLIC.octopus.baseUrl,
    source: ({ settings: { product = '', region, vat = 'included' }, http, baseUrl }) =>
      new OctopusSource({ http, baseUrl, product, region: region as OctopusRegion, includeVat: vat === 'included' }),
  },
];

/** All that can be recorded. */
export const PROVIDERS: readonly Provider[] = [...CARBON, ...PRICE];

export function carbonProvider(name: string): CarbonProvider {
  return existing(CARBON, name);
}

export function priceProvider(name: string): PriceProvider {
  return existing(PRICE, name);
}

function existing<P extends Provider>(providers: readonly P[], name: string): P {
  const found = providers.find((provider) => provider.name === name);
  if (found === undefined) throw new Error(`there is no provider ${name}; see hack/recordings/providers.ts`);
  return found;
}

function secretIn(credentials: Credentials, name: CredentialName): Secret {
  const secret = credentials[name];
  if (secret === undefined) throw new Error(`the adapter needs a ${name}, and none was given`);
  return secret;
}
