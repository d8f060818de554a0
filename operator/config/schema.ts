/** JSON Schema of the configuration file; every field has a default, so an empty file is a whole configuration. */
const duration = (byDefault: string) => ({ type: 'string', format: 'sunward-duration', default: byDefault }) as const;
const wholeNumber = (byDefault: number, minimum: number, maximum: number) =>
  ({ type: 'integer', minimum, maximum, default: byDefault }) as const;
const percent = (byDefault: number) => ({ type: 'number', minimum: 0, maximum: 100, default: byDefault }) as const;
const text = { type: 'string', minLength: 1 } as const;

/** An object of known fields only: a misspelt one is refused, not ignored. */
function object<P extends Readonly<Record<string, unknown>>>(properties: P, required: readonly string[] = []) {
  return { type: 'object', additionalProperties: false, properties, required } as const;
}

/** An object that may be left out. */
function section<P extends Readonly<Record<string, unknown>>>(properties: P) {
  return { ...object(properties), default: {} } as const;
}

const file = object(
  {
    path: text,
    rung: { enum: ['LiveForecast', 'TypicalDay'], default: 'TypicalDay' },
    synthetic: { type: 'boolean', default: true },
  },
  ['path'],
);

const carbonSource = { ...object({ file, typicalDay: object({}) }), minProperties: 1, maxProperties: 1 } as const;

export const CONFIG_SCHEMA = object({
  planning: section({
    slot: duration('5m'),
    settle: duration('500ms'),
    interval: duration('1m'),
    threadFrom: wholeNumber(300, 1, 1_000_000),
    hysteresisPercent: percent(5),
    pauseGainPercent: percent(2),
  }),
  carbon: section({
    sources: { type: 'array', minItems: 1, maxItems: 16, items: carbonSource, default: [{ typicalDay: {} }] },
    refresh: duration('5m'),
    horizon: duration('96h'),
  }),
  jobs: section({
    concurrency: wholeNumber(16, 1, 256),
    unschedulableAfter: duration('5m'),
    avoidFor: duration('30m'),
  }),
  accelerators: {
    type: 'array',
    minItems: 1,
    maxItems: 16,
    items: object({ resource: text, productLabel: text }, ['resource', 'productLabel']),
    default: [
      { resource: 'nvidia.com/gpu', productLabel: 'nvidia.com/gpu.product' },
      { resource: 'amd.com/gpu', productLabel: 'amd.com/gpu.product-name' },
    ],
  },
  leaderElection: section({
    enabled: { type: 'boolean', default: true },
    leaseDuration: duration('15s'),
    renewDeadline: duration('10s'),
    retryPeriod: duration('2s'),
  }),
  server: section({
    host: { ...text, default: '0.0.0.0' },
    port: wholeNumber(8080, 0, 65_535),
  }),
  kubernetes: section({ requestsInFlight: wholeNumber(32, 1, 1_024), requestTimeout: duration('30s') }),
  log: section({ level: { enum: ['debug', 'info', 'warn', 'error'], default: 'info' } }),
});
