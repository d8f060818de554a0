import type { Registry } from 'prom-client';
import { NODE_LABELS, type NodeSamples } from './node-samples.ts';
import { rateGauges } from './rate-gauges.ts';
import { sampledGauge } from './sampled-gauge.ts';

/** What the accelerators of nodes do, and which of them no pod that waits can use. */
export function nodeMetrics(registry: Registry, read: () => NodeSamples | undefined): void {
  const labelNames = NODE_LABELS;
  sampledGauge(
    registry,
    {
      name: 'sunward_node_gpus',
      help: 'Devices of a node: held by pods, free, or unavailable, that is held by nobody on a node that accepts no work. Nodes beyond the usage.topNodes with most stranded and idle devices have their series in common: (others).',
      labelNames: [...labelNames, 'state'],
    },
    () => read()?.gpus ?? [],
  );
  sampledGauge(
    registry,
    {
      name: 'sunward_node_gpu_active_ratio',
      help: 'Share of time in which the devices of a node worked at last, free ones included. Absent where it is not known of most, or of none of many that are free.',
      labelNames,
    },
    () => read()?.active ?? [],
  );
  rateGauges(
    registry,
    { prefix: 'sunward_node', labelNames, powerLabelNames: ['basis'], of: 'all devices of a node' },
    () => read()?.rates,
  );
  sampledGauge(
    registry,
    {
      name: 'sunward_node_stranded_gpus',
      help: 'Free devices of a node that are too few for pods that wait, though the node has enough. Absent where there are none.',
      labelNames,
    },
    () => read()?.strandedGpus ?? [],
  );
  rateGauges(
    registry,
    { prefix: 'sunward_node_stranded', labelNames, of: 'the stranded devices of a node' },
    () => read()?.strandedRates,
  );
}
