import type { Row } from './dashboard.ts';
import { perHour, sumBy, told, withOthersAsOwner, WORKLOAD } from './promql.ts';

const NODE = ['node_name', 'site', 'product'] as const;

const wasted = told('sunward_workload_wasted_gpus', [...WORKLOAD, 'class']);
const wastedPower = told('sunward_workload_wasted_power_watts', [...WORKLOAD, 'class']);
const wastedMoney = told('sunward_workload_wasted_cost_per_hour', [...WORKLOAD, 'class', 'currency']);
const wastedGrams = told('sunward_workload_wasted_emissions_grams_per_hour', [...WORKLOAD, 'class']);
const idle = told('sunward_workload_gpu_idle_seconds', WORKLOAD);

const BY_WORKLOAD = `(cluster, ${WORKLOAD.join(', ')})`;

/** Every five minutes: the sum of what was wasted then is in twelfths of an hour. Where nothing was wasted nothing is added. */
const wastedHours = `sum_over_time(${sumBy('owner', withOthersAsOwner(wasted))}[$__range:5m]) / 12`;

const wastedInDay = (what: string, by: readonly string[]): string =>
  `sort_desc(${sumBy(by.join(', '), told(`sunward:owner_wasted_${what}:sum1d`, [...by, 'class']))})`;

const WASTE: Row = {
  title: 'Waste',
  panels: [
    {
      kind: 'timeseries',
      title: 'GPUs wasted by class',
      description:
        'OutsideHours: the owner says that they are not needed then. Idle: they do nothing. Oversized: some work, the others never. Underused: they work little, if at all. From when on, the CarbonPolicy says.',
      width: 8,
      unit: 'short',
      stacked: true,
      queries: [
        { expr: sumBy('class', told('sunward_site_wasted_gpus', ['site', 'product', 'class'])), legend: '{{class}}' },
      ],
    },
    {
      kind: 'timeseries',
      title: 'GPUs wasted by owner',
      description: 'Who answers for them: what a label of the workload says, else its namespace.',
      width: 8,
      unit: 'short',
      stacked: true,
      queries: [{ expr: sumBy('owner', withOthersAsOwner(wasted)), legend: '{{owner}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Money wasted by owner, per hour',
      description: 'Price of the wasted GPUs and of their electricity. Nothing is shown where no price is known.',
      width: 8,
      unit: 'short',
      queries: [{ expr: sumBy('owner, currency', withOthersAsOwner(wastedMoney)), legend: '{{owner}} {{currency}}' }],
    },
    {
      kind: 'bargauge',
      title: 'GPU-hours wasted by owner',
      description: 'Over the time that is shown.',
      width: 8,
      unit: 'short',
      queries: [{ expr: `sort_desc(${wastedHours})`, legend: '{{owner}}' }],
    },
    {
      kind: 'bargauge',
      title: 'Money wasted in a day by owner',
      description: 'In the 24 hours before, at all sites, by currency. Made by a recording rule.',
      width: 8,
      unit: 'short',
      queries: [{ expr: wastedInDay('cost', ['owner', 'currency']), legend: '{{owner}} {{currency}}' }],
    },
    {
      kind: 'bargauge',
      title: 'Emissions wasted in a day by owner',
      description: 'CO2e in the 24 hours before, at all sites. Made by a recording rule.',
      width: 8,
      unit: 'massg',
      queries: [{ expr: wastedInDay('emissions_grams', ['owner']), legend: '{{owner}}' }],
    },
    {
      kind: 'table',
      title: 'Workloads that waste',
      description:
        'What to talk about with whom. `kubectl carbon waste` also says what to do. Those beyond the first are summed up as (others).',
      width: 24,
      sortedBy: 'Wasted',
      columns: [
        { title: 'Cluster', label: 'cluster' },
        { title: 'Owner', label: 'owner' },
        { title: 'Namespace', label: 'workload_namespace' },
        { title: 'Kind', label: 'workload_kind' },
        { title: 'Workload', label: 'workload' },
        { title: 'Site', label: 'site' },
        { title: 'Product', label: 'product' },
        { title: 'Class', label: 'class' },
        { title: 'Wasted', expr: wasted, unit: 'short' },
        { title: 'Idle for', expr: `${idle} and on ${BY_WORKLOAD} ${wasted}`, unit: 's' },
        { title: 'Power', expr: wastedPower, unit: 'watt' },
        { title: 'Emissions', expr: wastedGrams, unit: 'si:g/h' },
        { title: 'Money per hour', expr: wastedMoney, unit: 'short' },
        { title: 'Currency', label: 'currency' },
      ],
    },
    {
      kind: 'table',
      title: 'Nodes with stranded GPUs',
      description: 'Free GPUs that are too few for pods that wait, though the node has enough: others hold the rest.',
      width: 24,
      sortedBy: 'Stranded',
      columns: [
        { title: 'Cluster', label: 'cluster' },
        { title: 'Node', label: 'node_name' },
        { title: 'Site', label: 'site' },
        { title: 'Product', label: 'product' },
        { title: 'Stranded', expr: told('sunward_node_stranded_gpus', NODE), unit: 'short' },
        { title: 'Power', expr: told('sunward_node_stranded_power_watts', NODE), unit: 'watt' },
        {
          title: 'Emissions',
          expr: told('sunward_node_stranded_emissions_grams_per_hour', NODE),
          unit: 'si:g/h',
        },
        {
          title: 'Money per hour',
          expr: told('sunward_node_stranded_cost_per_hour', [...NODE, 'currency']),
          unit: 'short',
        },
        { title: 'Currency', label: 'currency' },
      ],
    },
  ],
};

const SOURCES: Row = {
  title: 'What is known',
  panels: [
    {
      kind: 'stat',
      title: 'Figures',
      description: 'Whether the source of metrics tells them. Nothing is shown where none is configured.',
      width: 6,
      unit: 'none',
      words: ['unknown', 'known'],
      queries: [{ expr: `min by (figure) (${told('sunward_usage_known', ['figure'])})`, legend: '{{figure}}' }],
    },
    {
      kind: 'timeseries',
      title: 'Held GPUs by how their work is known',
      description:
        'Exporter: it says which pod holds which GPU. Node: it does not, but one workload holds all of a node. None: what they do can be told of nobody.',
      width: 9,
      unit: 'short',
      stacked: true,
      queries: [
        {
          expr: sumBy('attribution', told('sunward_usage_measured_gpus', ['attribution'])),
          legend: '{{attribution}}',
        },
      ],
    },
    {
      kind: 'timeseries',
      title: 'Questions that failed',
      description: 'By what the source of metrics could not tell and why.',
      width: 9,
      unit: 'suffix:per hour',
      queries: [
        {
          expr: perHour('sunward_usage_source_errors_total', ['source', 'figure', 'code']),
          legend: '{{source}} {{figure}} {{code}}',
        },
      ],
    },
  ],
};

export const FLEET_WASTE: readonly Row[] = [WASTE, SOURCES];
