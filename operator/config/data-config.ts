import type { EmissionScope, Signal } from '../domain/intensity.ts';
import type { DurationMs } from '../domain/units.ts';

export interface BudgetConfig {
  readonly requests: number;
  readonly per: 'Hour' | 'Day' | 'Month';
}

/** How each provider is reached. Keys are paths of files: a mounted Secret. */
export interface ProvidersConfig {
  readonly electricityMaps: ProviderConfig & { readonly keyFile: string | undefined };
  readonly wattTime: ProviderConfig & {
    readonly usernameFile: string | undefined;
    readonly passwordFile: string | undefined;
  };
  readonly ukCarbonIntensity: ProviderConfig;
  readonly energyCharts: ProviderConfig;
  readonly carbonAwareSdk: ProviderConfig;
  readonly awattar: {
    readonly baseUrls: { readonly DE: string; readonly AT: string };
    readonly budget: BudgetConfig | undefined;
  };
  readonly octopus: ProviderConfig;
  readonly prometheus: ProviderConfig & { readonly tokenFile: string | undefined };
}

export interface ProviderConfig {
  /** Empty where there is no public one: then it must be configured before it is used. */
  readonly baseUrl: string;
  readonly budget: BudgetConfig | undefined;
}

export type ProviderKind = keyof ProvidersConfig;

/** Where carbon intensity comes from: what is asked, and for which zones (absent: all). */
export type CarbonSourceConfig = { readonly zones: readonly string[] | undefined } & (
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly rung: 'LiveForecast' | 'TypicalDay';
      readonly synthetic: boolean;
    }
  | { readonly kind: 'typicalDay' }
  | {
      readonly kind: 'electricityMaps';
      readonly emissionFactorType: 'lifecycle' | 'direct';
      readonly granularity: '5_minutes' | '15_minutes' | 'hourly';
    }
  | {
      readonly kind: 'wattTime';
      readonly regions: Readonly<Record<string, string>>;
      readonly averageRegions: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'ukCarbonIntensity'; readonly regions: Readonly<Record<string, number>> }
  | { readonly kind: 'energyCharts' }
  | {
      readonly kind: 'carbonAwareSdk';
      readonly locations: Readonly<Record<string, string>>;
      readonly signal: Signal;
      readonly scope: EmissionScope;
    }
  | {
      readonly kind: 'prometheus';
      readonly query: string;
      readonly signal: Signal;
      readonly scope: EmissionScope;
      readonly step: DurationMs;
      readonly estimated: boolean;
    }
);

/** A tariff with windows of time; see the time-of-use source. */
export interface TimeOfUseConfig {
  readonly currency: string;
  readonly timeZone: string;
  readonly otherwisePerKWh: number;
  readonly windows: readonly TimeOfUseWindow[];
}

export interface TimeOfUseWindow {
  readonly days?: readonly ('Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat' | 'Sun')[];
  readonly from: string;
  readonly until: string;
  readonly perKWh: number;
}

export type PriceSourceConfig = { readonly zones: readonly string[] | undefined } & (
  | { readonly kind: 'energyCharts'; readonly biddingZones: Readonly<Record<string, string>> }
  | { readonly kind: 'awattar' }
  | { readonly kind: 'octopus'; readonly product: string; readonly region: string; readonly includeVat: boolean }
  | { readonly kind: 'electricityMaps' }
  | { readonly kind: 'timeOfUse'; readonly tariffs: Readonly<Record<string, TimeOfUseConfig>> }
);

export interface NodePriceConfig {
  readonly query: string | undefined;
  readonly currency: string;
}

/** How long a provider that keeps failing is left alone: at first, and at most. */
export interface CircuitBreakerConfig {
  readonly firstPause: DurationMs;
  readonly longestPause: DurationMs;
}

/** Data from outside the cluster. */
export interface DataConfig {
  readonly providers: ProvidersConfig;
  /** Of each of them. */
  readonly circuitBreaker: CircuitBreakerConfig;
  readonly carbon: {
    /** Best first. */
    readonly sources: readonly CarbonSourceConfig[];
    readonly refresh: DurationMs;
    readonly horizon: DurationMs;
    /** An older forecast is used no more. */
    readonly cachedFor: DurationMs;
  };
  readonly prices: {
    /** Best first; none: the flat prices of the sites. */
    readonly electricity: readonly PriceSourceConfig[];
    readonly openCost: NodePriceConfig | undefined;
    readonly refresh: DurationMs;
  };
}
