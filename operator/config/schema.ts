import { ACCELERATOR_RESOURCES } from '../domain/accelerators/accelerator-resource.ts';
import { CARBON_SCHEMA, PRICES_SCHEMA, PROVIDERS_SCHEMA } from './data-schema.ts';
import { duration, object, percent, section, text, wholeNumber } from './schema-parts.ts';
import { USAGE_SCHEMA } from './usage-schema.ts';

/** JSON Schema of the configuration file; every field has a default, so an empty file is a whole configuration. */
const accelerator = object(
  {
    resource: text('Extended resource that pods ask for.'),
    productLabel: text('Label of nodes that tells the product.'),
  },
  ['resource', 'productLabel'],
);

export const CONFIG_SCHEMA = object({
  planning: section({
    slot: duration('5m', 'Length of the slots that jobs are planned in, 1s to 1h.'),
    settle: duration('500ms', 'How long a change waits for others, so that a burst of them is one plan.'),
    interval: duration('1m', 'A plan is made anew at least this often.'),
    threadFrom: wholeNumber(300, [1, 1_000_000], 'From this many jobs on, plans are made in a thread beside.'),
    hysteresisPercent: percent(5, 'A new plan replaces a promised one only if it is better by this much.'),
    pauseGainPercent: percent(
      2,
      'A plan with pauses counts only if it beats the best without them by this much, where figures are as uncertain as 20 %; by less as they are more certain, and by a tenth of a percent at least.',
    ),
    indifferencePercent: percent(
      1,
      'Grams that differ by less are the same, where figures are as uncertain as 20 %, and by less as they are more certain: of such starts a job takes the earliest (objective Carbon).',
    ),
  }),
  providers: PROVIDERS_SCHEMA,
  carbon: CARBON_SCHEMA,
  prices: PRICES_SCHEMA,
  usage: USAGE_SCHEMA,
  jobs: section({
    concurrency: wholeNumber(16, [1, 256], 'Jobs that are reconciled at once.'),
    unschedulableAfter: duration('5m', 'Pods that find no node for so long are taken back, and planned elsewhere.'),
    avoidFor: duration('30m', 'How long such a place is avoided after the first time; twice as long after each next.'),
  }),
  accelerators: {
    type: 'array',
    minItems: 1,
    maxItems: 16,
    items: accelerator,
    default: ACCELERATOR_RESOURCES,
    description: 'Resources that stand for accelerators, and the node labels of their products.',
  },
  leaderElection: section({
    enabled: { type: 'boolean', default: true, description: 'False only where there is one process for certain.' },
    leaseDuration: duration('15s', 'A standby takes the lease so long after its last renewal.'),
    renewDeadline: duration('10s', 'A leader that could not renew for so long stops.'),
    retryPeriod: duration('2s', 'From one attempt to the next.'),
  }),
  server: section({
    host: { ...text('Address to serve /metrics, /healthz and /readyz on.'), default: '0.0.0.0' },
    port: wholeNumber(8080, [0, 65_535], 'Its port; 0 takes a free one.'),
  }),
  kubernetes: section({
    requestsInFlight: wholeNumber(32, [1, 1_024], 'Requests to the API server at once.'),
    requestTimeout: duration('30s', 'For one request to it.'),
  }),
  log: section({
    level: { enum: ['debug', 'info', 'warn', 'error'], default: 'info', description: 'What is logged at least.' },
  }),
});
