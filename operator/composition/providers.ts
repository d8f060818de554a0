import { CircuitBreaker } from '../adapters/decorators/http/circuit-breaker.ts';
import type { BudgetLimit } from '../adapters/decorators/http/budget-account.ts';
import { budgeted, type RequestBudget } from '../adapters/decorators/http/budgeted.ts';
import { measured } from '../adapters/decorators/http/measured.ts';
import { RequestBudgets } from '../adapters/decorators/http/request-budgets.ts';
import { retried } from '../adapters/decorators/http/retried.ts';
import { timeLimited } from '../adapters/decorators/http/time-limited.ts';
import { ConfigMapState } from '../adapters/kubernetes/config-map-state.ts';
import { BUDGETS_CONFIG_MAP } from '../api/v1alpha1/labels.ts';
import type { ProviderKind, ProvidersConfig } from '../config/data-config.ts';
import { SECOND_MS } from '../domain/units.ts';
import type { HttpClient } from '../ports/http.ts';
import type { Surroundings } from './surroundings.ts';

/** Names of providers, as adapters, metrics and conditions call them. */
const NAMES: Readonly<Record<ProviderKind, string>> = {
  electricityMaps: 'electricity-maps',
  wattTime: 'watttime',
  ukCarbonIntensity: 'uk-carbon-intensity',
  energyCharts: 'energy-charts',
  carbonAwareSdk: 'carbon-aware-sdk',
  awattar: 'awattar',
  octopus: 'octopus',
  prometheus: 'prometheus',
};

/** For one request; three of them with the pauses between end well before the next refresh. */
const REQUEST_LIMIT_MS = 8 * SECOND_MS;

/** Ways to the providers. Whoever asks the same provider shares its budget, and for the same use its circuit breaker. */
export interface Providers {
  /** @param use tells apart what one provider is asked for, where one kind of question may be too much for it and others not */
  httpFor(kind: ProviderKind, use?: string): HttpClient;
  /** Takes up the budgets of the process before; before the first request. */
  load(abort: AbortSignal): Promise<void>;
}

export function createProviders(surroundings: Surroundings): Providers {
  const { api, clock, config, logger, metrics, namespace } = surroundings;
  const budgets = new RequestBudgets({
    limits: limitsIn(config.providers),
    state: new ConfigMapState(api, { namespace, name: BUDGETS_CONFIG_MAP }),
    clock,
    logger,
    metrics: metrics.providers,
  });
  const clients = new Map<string, HttpClient>();
  return {
    httpFor(kind, use) {
      const name = use === undefined ? NAMES[kind] : `${NAMES[kind]}-${use}`;
      const client = clients.get(name) ?? protectedClient(name, surroundings, budgets.of(NAMES[kind]));
      clients.set(name, client);
      return client;
    },
    load: (abort) => budgets.load(abort),
  };
}

/** From the inside out: time limit, measurement, budget, circuit breaker, retries. Each retry is paid for and counts. */
function protectedClient(
  provider: string,
  { clock, config, http, metrics, random }: Surroundings,
  budget: RequestBudget | undefined,
): HttpClient {
  const asked = measured(timeLimited(http, { clock, limitMs: REQUEST_LIMIT_MS }), {
    clock,
    metrics: metrics.providers,
  });
  const paid = budget === undefined ? asked : budgeted(asked, budget);
  const onChange = (isOpen: boolean): void => {
    metrics.providers.circuit(provider, isOpen);
  };
  onChange(false);
  const { firstPause: firstPauseMs, longestPause: longestPauseMs } = config.circuitBreaker;
  const breaker = new CircuitBreaker(paid, { provider, clock, random, firstPauseMs, longestPauseMs, onChange });
  return retried(breaker, { clock, random });
}

function limitsIn(providers: ProvidersConfig): ReadonlyMap<string, BudgetLimit> {
  const kinds = Object.entries(providers) as [ProviderKind, ProvidersConfig[ProviderKind]][];
  return new Map(kinds.flatMap(([kind, { budget }]) => (budget === undefined ? [] : [[NAMES[kind], budget] as const])));
}
