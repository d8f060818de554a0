import type { Registry } from 'prom-client';
import { CarbonMetrics } from '../telemetry/carbon-metrics.ts';
import { ControllerMetrics } from '../telemetry/controller-metrics.ts';
import { EventMetrics } from '../telemetry/event-metrics.ts';
import { ForecastMetrics } from '../telemetry/forecast-metrics.ts';
import { DeadlineMetrics } from '../telemetry/jobs/deadline-metrics.ts';
import { JobMetrics } from '../telemetry/jobs/job-metrics.ts';
import { SlowdownMetrics } from '../telemetry/jobs/slowdown-metrics.ts';
import { KubernetesClientMetrics } from '../telemetry/kubernetes-client-metrics.ts';
import { LeaderMetrics } from '../telemetry/leader-metrics.ts';
import { PlanningMetrics } from '../telemetry/planning-metrics.ts';
import { PriceMetrics } from '../telemetry/price-metrics.ts';
import { ProviderMetrics } from '../telemetry/provider-metrics.ts';
import { ReflectorMetrics } from '../telemetry/reflector-metrics.ts';
import { UsageMetrics } from '../telemetry/usage/usage-metrics.ts';

/** Everything that the operator reports of itself. */
export interface OperatorMetrics {
  readonly carbon: CarbonMetrics;
  readonly client: KubernetesClientMetrics;
  readonly controllers: ControllerMetrics;
  readonly deadlines: DeadlineMetrics;
  readonly events: EventMetrics;
  readonly forecasts: ForecastMetrics;
  readonly jobs: JobMetrics;
  readonly leader: LeaderMetrics;
  readonly planning: PlanningMetrics;
  readonly prices: PriceMetrics;
  readonly providers: ProviderMetrics;
  readonly reflectors: ReflectorMetrics;
  readonly slowdowns: SlowdownMetrics;
  readonly usage: UsageMetrics;
}

export function createMetrics(registry: Registry): OperatorMetrics {
  return {
    carbon: new CarbonMetrics(registry),
    client: new KubernetesClientMetrics(registry),
    controllers: new ControllerMetrics(registry),
    deadlines: new DeadlineMetrics(registry),
    events: new EventMetrics(registry),
    forecasts: new ForecastMetrics(registry),
    jobs: new JobMetrics(registry),
    leader: new LeaderMetrics(registry),
    planning: new PlanningMetrics(registry),
    prices: new PriceMetrics(registry),
    providers: new ProviderMetrics(registry),
    reflectors: new ReflectorMetrics(registry),
    slowdowns: new SlowdownMetrics(registry),
    usage: new UsageMetrics(registry),
  };
}
