import type { Registry } from 'prom-client';
import { rateGauges } from './rate-gauges.ts';
import { sampledGauge } from './sampled-gauge.ts';
import { WORKLOAD_LABELS, type WorkloadSamples } from './workload-samples.ts';

type Read = () => WorkloadSamples | undefined;

const labelNames = WORKLOAD_LABELS;

/** What workloads hold, what they do with it, and what of it is wasted. */
export function workloadMetrics(registry: Registry, read: Read): void {
  heldMetrics(registry, read);
  wasteMetrics(registry, read);
}

function heldMetrics(registry: Registry, read: Read): void {
  sampledGauge(
    registry,
    {
      name: 'sunward_workload_gpus',
      help: 'Devices that pods of a workload hold, as they ask for them: a MIG instance or a share of a GPU is one as well. Workloads that waste less than the first usage.topWorkloads have their series in common: (others).',
      labelNames: [...labelNames, 'sharing'],
    },
    () => read()?.gpus ?? [],
  );
  sampledGauge(
    registry,
    {
      name: 'sunward_workload_gpu_active_ratio',
      help: 'Share of time in which the devices of a workload worked at last, 0 to 1. Absent where it is not known of most.',
      labelNames,
    },
    () => read()?.active ?? [],
  );
  sampledGauge(
    registry,
    {
      name: 'sunward_workload_gpu_idle_seconds',
      help: 'How long none of the devices of a workload has worked; 0 where one does. It reaches back as far as usage.lookBack.',
      labelNames,
    },
    () => read()?.idleSeconds ?? [],
  );
  rateGauges(
    registry,
    { prefix: 'sunward_workload', labelNames, powerLabelNames: ['basis'], of: 'the devices that a workload holds' },
    () => read()?.rates,
  );
  sampledGauge(
    registry,
    {
      name: 'sunward_workload_policy_info',
      help: '1 for each namespace of workloads that have series of their own, and the CarbonPolicy that governs it; empty for the built-in defaults.',
      labelNames: ['workload_namespace', 'policy'],
    },
    () => read()?.policies ?? [],
  );
}

function wasteMetrics(registry: Registry, read: Read): void {
  sampledGauge(
    registry,
    {
      name: 'sunward_workload_wasted_gpus',
      help: 'Devices that a workload could let go, by why: OutsideHours, Idle, Oversized or Underused; a fraction where a smaller device would do. Absent where nothing is wasted, or nothing is known.',
      labelNames: [...labelNames, 'class'],
    },
    () => read()?.wastedGpus ?? [],
  );
  rateGauges(
    registry,
    {
      prefix: 'sunward_workload_wasted',
      labelNames: [...labelNames, 'class'],
      of: 'the devices that a workload could let go',
    },
    () => read()?.wastedRates,
  );
}
