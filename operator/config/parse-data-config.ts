import type { DurationMs } from '../domain/units.ts';
import type {
  BudgetConfig,
  CarbonSourceConfig,
  CircuitBreakerConfig,
  DataConfig,
  NodePriceConfig,
  PriceSourceConfig,
  ProviderKind,
  ProvidersConfig,
} from './data-config.ts';
import type { UsageConfig } from './usage-config.ts';

/** Sections `providers`, `carbon` and `prices` as written, with their defaults filled in. */
export interface RawDataConfig {
  readonly providers: RawProviders;
  readonly carbon: {
    readonly sources: readonly RawSource[];
    readonly refresh: string;
    readonly horizon: string;
    readonly cachedFor: string;
  };
  readonly prices: {
    readonly electricity: readonly RawSource[];
    readonly openCost?: { readonly query?: string; readonly currency: string };
    readonly refresh: string;
  };
}

type RawProviders = Readonly<
  Record<
    ProviderKind,
    { readonly baseUrl?: string; readonly budget?: BudgetConfig } & Readonly<Record<string, unknown>>
  >
> & { readonly circuitBreaker: Readonly<Record<keyof CircuitBreakerConfig, string>> };

/** One kind, with its settings, and the zones that it is asked about. */
type RawSource = { readonly zones?: readonly string[] } & Readonly<Record<string, unknown>>;

type ReadDuration = (text: string) => DurationMs;

export function dataConfigOf({ providers, carbon, prices }: RawDataConfig, ms: ReadDuration): DataConfig {
  return {
    providers: providersOf(providers),
    circuitBreaker: {
      firstPause: ms(providers.circuitBreaker.firstPause),
      longestPause: ms(providers.circuitBreaker.longestPause),
    },
    carbon: {
      sources: carbon.sources.map((source) => carbonSourceOf(source, ms)),
      refresh: ms(carbon.refresh),
      horizon: ms(carbon.horizon),
      cachedFor: ms(carbon.cachedFor),
    },
    prices: {
      electricity: prices.electricity.map(priceSourceOf),
      openCost: openCostOf(prices.openCost),
      refresh: ms(prices.refresh),
    },
  };
}

function providersOf(raw: RawProviders): ProvidersConfig {
  const reached = ({ baseUrl = '', budget }: RawProviders[ProviderKind]) => ({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    budget,
  });
  const fileOf = (kind: ProviderKind, name: string) => raw[kind][name] as string | undefined;
  const { baseUrls, budget } = raw.awattar as unknown as ProvidersConfig['awattar'];
  return {
    electricityMaps: { ...reached(raw.electricityMaps), keyFile: fileOf('electricityMaps', 'keyFile') },
    wattTime: {
      ...reached(raw.wattTime),
      usernameFile: fileOf('wattTime', 'usernameFile'),
      passwordFile: fileOf('wattTime', 'passwordFile'),
    },
    ukCarbonIntensity: reached(raw.ukCarbonIntensity),
    energyCharts: reached(raw.energyCharts),
    carbonAwareSdk: reached(raw.carbonAwareSdk),
    awattar: { baseUrls: flattened(baseUrls), budget },
    octopus: reached(raw.octopus),
    prometheus: { ...reached(raw.prometheus), tokenFile: fileOf('prometheus', 'tokenFile') },
  };
}

function flattened({ DE, AT }: { readonly DE: string; readonly AT: string }) {
  return { DE: DE.replace(/\/+$/, ''), AT: AT.replace(/\/+$/, '') };
}

function carbonSourceOf(raw: RawSource, ms: ReadDuration): CarbonSourceConfig {
  const [kind, settings] = kindIn(raw);
  const source = { kind, ...settings, zones: raw.zones } as CarbonSourceConfig & { step?: string };
  return source.kind === 'prometheus' ? { ...source, step: ms(String(source.step)) } : source;
}

function priceSourceOf(raw: RawSource): PriceSourceConfig {
  const [kind, settings] = kindIn(raw);
  return { kind, ...settings, zones: raw.zones } as PriceSourceConfig;
}

function openCostOf(raw: RawDataConfig['prices']['openCost']): NodePriceConfig | undefined {
  return raw === undefined ? undefined : { query: raw.query, currency: raw.currency };
}

function kindIn(raw: RawSource): readonly [string, object] {
  const [first = ['', {}]] = kindsIn(raw);
  return first;
}

function kindsIn(raw: RawSource): readonly (readonly [string, object])[] {
  return Object.entries(raw).filter(([name]) => name !== 'zones') as [string, object][];
}

/** What a schema can't say of the lists of sources: one kind each, and no kind twice. */
export function contradictionsInSources({ carbon, prices }: RawDataConfig): readonly string[] {
  return [
    ...contradictionsInList('carbon.sources', carbon.sources),
    ...contradictionsInList('prices.electricity', prices.electricity),
  ];
}

function contradictionsInList(field: string, sources: readonly RawSource[]): readonly string[] {
  const seen = new Set<string>();
  return sources.flatMap((source, index) => {
    const kinds = kindsIn(source).map(([name]) => name);
    const at = `${field}.${String(index)}`;
    if (kinds.length !== 1) {
      const found = kinds.length === 0 ? 'names no kind of source' : `names several kinds, ${kinds.join(' and ')}`;
      return [`${at} ${found}; write one, and a list item each`];
    }
    const [kind = ''] = kinds;
    if (seen.has(kind)) return [`${at} is a second ${kind}; write its zones into the first, it is one source`];
    seen.add(kind);
    return [];
  });
}

/** What sources need of the section `providers` and is not there. */
export function missingProviders({
  providers,
  carbon,
  prices,
  usage,
}: DataConfig & { readonly usage: UsageConfig }): readonly string[] {
  const used = new Map<string, string>();
  for (const { kind } of prices.electricity) used.set(kind, 'prices.electricity');
  for (const { kind } of carbon.sources) used.set(kind, 'carbon.sources');
  if (prices.openCost !== undefined && !used.has('prometheus')) used.set('prometheus', 'prices.openCost');
  if (usage.prometheus !== undefined && !used.has('prometheus')) used.set('prometheus', 'usage.prometheus');
  const { electricityMaps, wattTime, carbonAwareSdk, prometheus } = providers;
  const needed: readonly (readonly [kind: string, field: string, value: string | undefined])[] = [
    ['electricityMaps', 'electricityMaps.keyFile', electricityMaps.keyFile],
    ['wattTime', 'wattTime.usernameFile', wattTime.usernameFile],
    ['wattTime', 'wattTime.passwordFile', wattTime.passwordFile],
    ['carbonAwareSdk', 'carbonAwareSdk.baseUrl', carbonAwareSdk.baseUrl],
    ['prometheus', 'prometheus.baseUrl', prometheus.baseUrl],
  ];
  return needed.flatMap(([kind, field, value]) => {
    const user = used.get(kind);
    return user === undefined || (value !== undefined && value !== '')
      ? []
      : [`providers.${field} is missing; ${user} needs it`];
  });
}
