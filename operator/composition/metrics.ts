import type { Registry } from 'prom-client';
import { CarbonMetrics } from '../telemetry/carbon-metrics.ts';
import { ControllerMetrics } from '../telemetry/controller-metrics.ts';
import { EventMetrics } from '../telemetry/event-metrics.ts';
import { KubernetesClientMetrics } from '../telemetry/kubernetes-client-metrics.ts';
import { LeaderMetrics } from '../telemetry/leader-metrics.ts';
import { PlanningMetrics } from '../telemetry/planning-metrics.ts';
import { ReflectorMetrics } from '../telemetry/reflector-metrics.ts';

/** Everything that the operator reports of itself. */
export interface OperatorMetrics {
  readonly carbon: CarbonMetrics;
  readonly client: KubernetesClientMetrics;
  readonly controllers: ControllerMetrics;
  readonly events: EventMetrics;
  readonly leader: LeaderMetrics;
  readonly planning: PlanningMetrics;
  readonly reflectors: ReflectorMetrics;
}

export function createMetrics(registry: Registry): OperatorMetrics {
  return {
    carbon: new CarbonMetrics(registry),
    client: new KubernetesClientMetrics(registry),
    controllers: new ControllerMetrics(registry),
    events: new EventMetrics(registry),
    leader: new LeaderMetrics(registry),
    planning: new PlanningMetrics(registry),
    reflectors: new ReflectorMetrics(registry),
  };
}
