import type { Dashboard, Row } from './dashboard.ts';
import { FLEET_WASTE } from './fleet-waste.ts';
import { OF_SITE, sumBy, told, zeroWhereKnown } from './promql.ts';

const DEVICES = ['site', 'product'] as const;

const gpus = told('sunward_site_gpus', [...DEVICES, 'state']);
const active = told('sunward_site_gpu_active_ratio', DEVICES);
const power = told('sunward_site_power_watts', DEVICES);
const money = told('sunward_site_cost_per_hour', [...DEVICES, 'currency']);
const grams = told('sunward_site_emissions_grams_per_hour', DEVICES);
const wasted = told('sunward_site_wasted_gpus', [...DEVICES, 'class']);
const wastedMoney = told('sunward_site_wasted_cost_per_hour', [...DEVICES, 'class', 'currency']);
const wastedGrams = told('sunward_site_wasted_emissions_grams_per_hour', [...DEVICES, 'class']);

const BY_DEVICES = '(cluster, site, product)';
const capacity = `sum by ${BY_DEVICES} (${gpus})`;
/** Those that the active share is of. */
const usable = `sum by ${BY_DEVICES} (${told('sunward_site_gpus', [...DEVICES, 'state'], 'state=~"held|free"')})`;

const NOW: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'stat',
      title: 'GPUs',
      description: 'Devices of all sites: held by pods, free, or free on a node that accepts no work.',
      width: 4,
      unit: 'short',
      queries: [{ expr: sumBy('state', gpus), legend: '{{state}}' }],
    },
    {
      kind: 'stat',
      title: 'Active',
      description:
        'Share of the time in which GPUs work that are held or free, the mean over those of which it is known.',
      width: 3,
      unit: 'percentunit',
      queries: [
        {
          expr: `sum(${active} * on ${BY_DEVICES} ${usable}) / sum(${usable} and on ${BY_DEVICES} ${active})`,
          legend: 'active',
        },
      ],
    },
    {
      kind: 'stat',
      title: 'GPUs wasted',
      description:
        'Held and idle, outside of their hours, more than are used, or little used. A fraction where a smaller device would do. Without a value, nobody knows.',
      width: 3,
      unit: 'short',
      badFrom: 1,
      queries: [{ expr: zeroWhereKnown(sumBy('', wasted)), legend: 'wasted' }],
    },
    {
      kind: 'stat',
      title: 'Power',
      description: 'What the GPUs and their share of the hosts draw, with the overhead of the building (PUE).',
      width: 3,
      unit: 'watt',
      queries: [{ expr: sumBy('', power), legend: 'power' }],
    },
    {
      kind: 'stat',
      title: 'Emissions per hour',
      description: 'CO2e of that power at the carbon intensity of each site now, and of the part that is wasted.',
      width: 5,
      unit: 'si:g/h',
      queries: [
        { expr: sumBy('', grams), legend: 'all' },
        { expr: zeroWhereKnown(sumBy('', wastedGrams)), legend: 'wasted' },
      ],
    },
    {
      kind: 'stat',
      title: 'Money per hour',
      description:
        'Price of the nodes and of the electricity, and of the part that is wasted, by currency: they are never added up.',
      width: 6,
      unit: 'short',
      queries: [
        { expr: sumBy('currency', money), legend: '{{currency}}' },
        { expr: sumBy('currency', wastedMoney), legend: '{{currency}} wasted' },
      ],
    },
  ],
};

const SITES: Row = {
  title: 'Sites',
  panels: [
    {
      kind: 'timeseries',
      title: 'Carbon intensity',
      description:
        'Of each grid zone as it is planned with. Average and marginal, lifecycle and direct are different quantities.',
      width: 8,
      unit: 'suffix:g/kWh',
      queries: [
        {
          expr: told('sunward_carbon_intensity_grams_per_kilowatt_hour', ['zone', 'signal', 'scope']),
          legend: '{{zone}} {{signal}} {{scope}}',
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Active by site',
      description: 'Share of the time in which the GPUs of a site work that are held or free. A gap is unknown, not 0.',
      width: 8,
      unit: 'percentunit',
      max: 1,
      queries: [{ expr: active, legend: '{{site}} {{product}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Utilisation over a day',
      description:
        'Share of the time of the 24 hours before in which the GPUs of a site worked that were held or free. Made by a recording rule.',
      width: 8,
      unit: 'percentunit',
      max: 1,
      queries: [{ expr: told('sunward:site_gpu_utilisation:ratio1d', DEVICES), legend: '{{site}} {{product}}' }],
    },
    {
      kind: 'timeseries',
      title: 'GPUs by state',
      description: 'Held by pods, free, or free on a node that accepts no work.',
      width: 12,
      unit: 'short',
      stacked: true,
      queries: [{ expr: sumBy('state', gpus), legend: '{{state}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Power by site',
      description: 'What the GPUs and their share of the hosts draw, PUE included.',
      width: 12,
      unit: 'watt',
      stacked: true,
      queries: [{ expr: sumBy('site', power), legend: '{{site}}' }],
    },
    {
      kind: 'table',
      title: 'Sites and products',
      description: 'Everything of a site and a product side by side. An empty cell is unknown.',
      width: 24,
      sortedBy: 'Wasted',
      columns: [
        { title: 'Cluster', label: 'cluster' },
        { title: 'Site', label: 'site' },
        { title: 'Product', label: 'product' },
        { title: 'GPUs', expr: capacity, unit: 'short' },
        {
          title: 'Held',
          expr: `max by ${BY_DEVICES} (sunward_site_gpus{${OF_SITE}, state="held"})`,
          unit: 'short',
        },
        { title: 'Active', expr: active, unit: 'percentunit' },
        { title: 'Wasted', expr: `sum by ${BY_DEVICES} (${wasted})`, unit: 'short' },
        { title: 'Power', expr: power, unit: 'watt' },
        { title: 'Emissions', expr: grams, unit: 'si:g/h' },
        { title: 'Money per hour', expr: money, unit: 'short' },
        { title: 'Currency', label: 'currency' },
      ],
    },
  ],
};

/** For who pays for compute and who answers for its emissions. */
export const FLEET: Dashboard = {
  name: 'fleet',
  title: 'Sunward / Fleet',
  description: 'Which GPUs there are, what they do, what that costs and emits, and who wastes how much of it.',
  variables: [
    { name: 'cluster', label: 'Cluster', series: 'sunward_site_gpus' },
    { name: 'site', label: 'Site', series: 'sunward_site_gpus{cluster=~"$cluster"}' },
  ],
  rows: [NOW, SITES, ...FLEET_WASTE],
};
