import { duration, object, section, text, wholeNumber } from './schema-parts.ts';

const label = { type: 'string', pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$', description: 'Name of a label.' } as const;

const several = (items: object, description: string) =>
  ({ type: 'array', minItems: 1, maxItems: 16, items, description }) as const;

const queries = (description: string) => several(text('PromQL of the series as they are.'), description);

/** A name, how it is compared, and a string of PromQL in double quotes. */
const MATCHER = '^[a-zA-Z_][a-zA-Z0-9_]*(=~|!~|!=|=)"([^"\\\\]|\\\\.)*"$';

const prometheus = {
  ...object({
    matchers: {
      type: 'array',
      maxItems: 16,
      items: {
        type: 'string',
        pattern: MATCHER,
        description: 'Label matcher of PromQL, as job=~"dcgm-exporter|kepler".',
      },
      default: [],
      description:
        'Only series that fulfil all of these count, so that nobody else’s metrics are taken for those of the exporters; see usage.md. They take the place of {matchers} in queries.',
    },
    labels: section({
      gpu: several(label, 'UUID of the GPU. Default: UUID, uuid, gpu_uuid.'),
      instance: several(label, 'Id of a MIG instance. Default: GPU_I_ID.'),
      profile: several(label, 'Profile of a MIG instance. Default: GPU_I_PROFILE.'),
      node: several(label, 'The node. Default: Hostname, hostname, node_name, node, exported_node.'),
      pods: several(
        object({ pod: label, namespace: label }, ['pod', 'namespace']),
        'The pod that holds the device, in pairs. Default: exported_pod with exported_namespace, pod_name with pod_namespace, pod with namespace.',
      ),
    }),
    queries: section({
      activity: queries('Share of time active, 0 to 1. Default: GR_ENGINE_ACTIVE, else GPU_UTIL of the DCGM exporter.'),
      power: queries(
        'Power of whole GPUs in watts. Default: the gauge, else the energy counter of the DCGM exporter, else Kepler.',
      ),
      podPower: queries(
        'Power of processors and memory that pods cause, in watts. Default: kepler_pod_cpu_watts of Kepler.',
      ),
      nodePower: queries('The same of whole nodes. Default: kepler_node_cpu_watts of Kepler.'),
    }),
  }),
  description:
    'Present, and be it empty: what devices do comes from the Prometheus of providers.prometheus. Of labels the first that a series has counts, of queries the first that has a value; in queries {window} becomes usage.interval, {longWindow} the same or 5m, whichever is longer, and {matchers} those of usage.prometheus.matchers. See usage.md.',
} as const;

export const USAGE_SCHEMA = section({
  interval: duration(
    '1m',
    'How often it is looked what devices do, and over what time a figure is the mean, 1s to 1h. Not shorter than the scrape interval of the exporters.',
  ),
  lookBack: duration(
    '6h',
    'How far back at least; further where a policy speaks of a longer time, up to 1440 times the interval. Idle times are told as far.',
  ),
  topWorkloads: wholeNumber(
    100,
    [1, 10_000],
    'So many workloads, those that waste most, have series of their own; the others are summed.',
  ),
  topNodes: wholeNumber(200, [1, 10_000], 'The same of nodes.'),
  ownerLabels: {
    type: 'array',
    maxItems: 16,
    items: text('Name of a label.'),
    default: ['sunward.dev/owner', 'owner', 'team'],
    description:
      'Labels that say who answers for a workload: those of its pods, then those of its namespace; the first counts, else it is the namespace.',
  },
  prometheus,
});
