import { WASTE_CLASSES } from '../../../operator/domain/usage/assessment.ts';
import type { OverTheDay, ReportedCounter, ReportedSeries } from './scrape.ts';
import {
  acceptsWork,
  gpusOf,
  heldOn,
  isExporterThere,
  isStranded,
  powerOf,
  siteOf,
  SITES,
  workOf,
  type MadeUpSite,
} from './sites.ts';
import { WORKLOADS, type MadeUpWorkload } from './workloads.ts';

type Labels = Readonly<Record<string, string>>;
type Value = OverTheDay<number | undefined>;

const gauge = (metric: string, labels: Labels, value: Value): ReportedSeries => ({ metric, labels, value });

/** Power, money and emissions of so many devices that do so much, each where it is known. */
function rateSeries(
  prefix: string,
  labels: Labels,
  { site, devices, work, isThere }: { site: MadeUpSite; devices: Value; work: Value; isThere: OverTheDay<boolean> },
): readonly ReportedSeries[] {
  const { price, gramsPerKilowattHour } = site;
  const power: Value = (hour) => {
    const [count, worked] = [devices(hour), work(hour)];
    return count === undefined || worked === undefined || !isThere(hour) ? undefined : powerOf(site, count, worked);
  };
  const times = (of: Value, factor: (hour: number) => number): Value => {
    return (hour) => {
      const known = of(hour);
      return known === undefined || !isThere(hour) ? undefined : known * factor(hour);
    };
  };
  return [
    gauge(`${prefix}_power_watts`, labels, power),
    ...(price === undefined
      ? []
      : [
          gauge(
            `${prefix}_cost_per_hour`,
            { ...labels, currency: price.currency },
            times(devices, () => price.perHour),
          ),
        ]),
    ...(gramsPerKilowattHour === undefined
      ? []
      : [
          gauge(
            `${prefix}_emissions_grams_per_hour`,
            labels,
            times(power, (hour) => gramsPerKilowattHour(hour) / 1_000),
          ),
        ]),
  ];
}

/** What is wasted does nothing: it draws what idle devices draw. */
function wasteSeries(prefix: string, labels: Labels, site: MadeUpSite, wasted: Value): readonly ReportedSeries[] {
  const known: Value = (hour) => (isExporterThere(hour) ? wasted(hour) : undefined);
  const parts = { site, devices: known, work: () => 0, isThere: () => true };
  return [gauge(`${prefix}_wasted_gpus`, labels, known), ...rateSeries(`${prefix}_wasted`, labels, parts)];
}

function wastedBy(workloads: readonly MadeUpWorkload[], wasteClass: string): Value {
  return (hour) => {
    const found = workloads
      .filter(({ isHeld }) => isHeld(hour))
      .flatMap(({ waste }) => waste(hour) ?? [])
      .filter((waste) => waste.class === wasteClass);
    return found.length === 0 ? undefined : found.reduce((sum, { gpus }) => sum + gpus, 0);
  };
}

function workloadSeries(workload: MadeUpWorkload): readonly ReportedSeries[] {
  const { namespace, kind, name, owner, gpus, isHeld, active, idleSeconds } = workload;
  const site = siteOf(workload);
  const labels = {
    ...{ workload_namespace: namespace, workload_kind: kind, workload: name, owner },
    ...{ site: site.site, product: site.product },
  };
  const measured = (value: OverTheDay<number>): Value => {
    return (hour) => (active !== undefined && isHeld(hour) && isExporterThere(hour) ? value(hour) : undefined);
  };
  const held: Value = (hour) => (isHeld(hour) ? gpus : undefined);
  return [
    gauge('sunward_workload_gpus', { ...labels, sharing: 'Whole' }, held),
    gauge('sunward_workload_gpu_active_ratio', labels, measured(active ?? (() => 0))),
    gauge('sunward_workload_gpu_idle_seconds', labels, measured(idleSeconds)),
    ...WASTE_CLASSES.flatMap((wasteClass) =>
      wasteSeries('sunward_workload', { ...labels, class: wasteClass }, site, wastedBy([workload], wasteClass)),
    ),
  ];
}

function siteSeries(site: MadeUpSite): readonly ReportedSeries[] {
  const { nodes, gpusOfNode, isMeasured } = site;
  const labels = { site: site.site, product: site.product };
  const capacity = nodes.length * gpusOfNode;
  const heldAt = (hour: number) => nodes.flatMap((node) => heldOn(node, hour));
  const freeAt = (hour: number, accepting: boolean): number =>
    nodes
      .filter((node) => acceptsWork(node, hour) === accepting)
      .reduce((sum, node) => sum + gpusOfNode - gpusOf(heldOn(node, hour)), 0);
  const states: Readonly<Record<string, OverTheDay<number>>> = {
    held: (hour) => gpusOf(heldAt(hour)),
    free: (hour) => freeAt(hour, true),
    unavailable: (hour) => freeAt(hour, false),
  };
  const usableAt = (hour: number): number => gpusOf(heldAt(hour)) + freeAt(hour, true);
  const active: Value = (hour) =>
    isMeasured && isExporterThere(hour) ? workOf(heldAt(hour), hour) / usableAt(hour) : undefined;
  const here = WORKLOADS.filter((workload) => siteOf(workload) === site);
  const parts = {
    site,
    devices: () => capacity,
    work: (hour: number) => workOf(heldAt(hour), hour),
    isThere: () => true,
  };
  return [
    ...Object.entries(states).map(([state, value]) => gauge('sunward_site_gpus', { ...labels, state }, value)),
    gauge('sunward_site_gpu_active_ratio', labels, active),
    ...rateSeries('sunward_site', labels, parts),
    ...WASTE_CLASSES.flatMap((wasteClass) =>
      wasteSeries('sunward_site', { ...labels, class: wasteClass }, site, wastedBy(here, wasteClass)),
    ),
  ];
}

function nodeSeries(node: string): readonly ReportedSeries[] {
  const site = siteOf({ node });
  const labels = { node_name: node, site: site.site, product: site.product };
  const isThere = (hour: number): boolean => isStranded(node, hour);
  const stranded: Value = (hour) => (isThere(hour) ? site.gpusOfNode - gpusOf(heldOn(node, hour)) : undefined);
  return [
    gauge('sunward_node_stranded_gpus', labels, stranded),
    ...rateSeries('sunward_node_stranded', labels, { site, devices: stranded, work: () => 0, isThere }),
  ];
}

function sourceSeries(): readonly ReportedSeries[] {
  const heldAt = (site: string): Value => {
    return (hour) => gpusOf(WORKLOADS.filter((one) => siteOf(one).site === site && one.isHeld(hour)));
  };
  return [
    gauge('sunward_usage_known', { figure: 'Activity' }, (hour) => (isExporterThere(hour) ? 1 : 0)),
    gauge('sunward_usage_known', { figure: 'Power' }, () => 1),
    gauge('sunward_usage_known', { figure: 'HostPower' }, () => 0),
    gauge('sunward_usage_measured_gpus', { attribution: 'Exporter' }, heldAt('north')),
    gauge('sunward_usage_measured_gpus', { attribution: 'Node' }, heldAt('south')),
    gauge('sunward_usage_measured_gpus', { attribution: 'None' }, heldAt('east')),
  ];
}

/** What is reported of the use of devices. */
export const USAGE_SERIES: readonly ReportedSeries[] = [
  ...WORKLOADS.flatMap(workloadSeries),
  ...SITES.flatMap(siteSeries),
  ...SITES.flatMap(({ nodes }) => nodes).flatMap(nodeSeries),
  ...sourceSeries(),
];

export const USAGE_COUNTERS: readonly ReportedCounter[] = [
  {
    metric: 'sunward_usage_source_errors_total',
    labels: { source: 'prometheus', figure: 'Activity', code: 'NoData' },
    perMinute: (hour) => (isExporterThere(hour) ? 0 : 1),
  },
];
