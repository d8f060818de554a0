import type { Registry } from 'prom-client';
import { rateGauges } from './rate-gauges.ts';
import { sampledGauge } from './sampled-gauge.ts';
import { SITE_LABELS, type SiteSamples } from './site-samples.ts';

/** What the accelerators of sites do, and what of it is wasted, over all nodes and all workloads. */
export function siteMetrics(registry: Registry, read: () => SiteSamples | undefined): void {
  const labelNames = SITE_LABELS;
  sampledGauge(
    registry,
    {
      name: 'sunward_site_gpus',
      help: 'Devices of a site: held by pods, free, or unavailable, that is held by nobody on a node that accepts no work.',
      labelNames: [...labelNames, 'state'],
    },
    () => read()?.gpus ?? [],
  );
  sampledGauge(
    registry,
    {
      name: 'sunward_site_gpu_active_ratio',
      help: 'Share of time in which the devices of a site that are held or free worked at last. Absent where it is not known of most, or of none of many that are free.',
      labelNames,
    },
    () => read()?.active ?? [],
  );
  rateGauges(registry, { prefix: 'sunward_site', labelNames, of: 'all devices of a site' }, () => read()?.rates);
  sampledGauge(
    registry,
    {
      name: 'sunward_site_wasted_gpus',
      help: 'Devices that workloads of a site could let go, by why: OutsideHours, Idle, Oversized or Underused. Absent where nothing is wasted, or nothing is known.',
      labelNames: [...labelNames, 'class'],
    },
    () => read()?.wastedGpus ?? [],
  );
  rateGauges(
    registry,
    {
      prefix: 'sunward_site_wasted',
      labelNames: [...labelNames, 'class'],
      of: 'the devices that workloads of a site could let go',
    },
    () => read()?.wastedRates,
  );
}
