import { choice, duration, object, oneKindOf, section, table, text } from './schema-parts.ts';

const budget = {
  ...object(
    {
      requests: { type: 'integer', minimum: 1, maximum: 1_000_000_000, description: 'So many.' },
      per: choice(['Hour', 'Day', 'Month'], 'Day', 'In UTC.'),
    },
    ['requests'],
  ),
  description:
    'Requests that it is sent at most, retries included; a restart does not forget them. A tenth of a month, or a quarter of a day, may be spent at once, the rest comes evenly. Absent: no limit.',
} as const;

const keyFile = (what: string) => text(`File with ${what}: a mounted Secret. It is read at each use.`);
const baseUrl = (byDefault: string) =>
  ({ type: 'string', format: 'sunward-url', default: byDefault, description: 'Where its API is.' }) as const;
const ownUrl = (what: string) =>
  ({
    type: 'string',
    format: 'sunward-url',
    description: `Where your ${what} is, such as http://${what}.monitoring:9090.`,
  }) as const;

export const PROVIDERS_SCHEMA = section({
  electricityMaps: section({
    baseUrl: baseUrl('https://api.electricitymaps.com/v4'),
    keyFile: keyFile('the key'),
    budget,
  }),
  wattTime: section({
    baseUrl: baseUrl('https://api.watttime.org'),
    usernameFile: keyFile('the user name'),
    passwordFile: keyFile('the password'),
    budget,
  }),
  ukCarbonIntensity: section({ baseUrl: baseUrl('https://api.carbonintensity.org.uk'), budget }),
  energyCharts: section({ baseUrl: baseUrl('https://api.energy-charts.info'), budget }),
  carbonAwareSdk: section({ baseUrl: ownUrl('carbon-aware-webapi'), budget }),
  awattar: section({
    baseUrls: section({ DE: baseUrl('https://api.awattar.de'), AT: baseUrl('https://api.awattar.at') }),
    budget,
  }),
  octopus: section({ baseUrl: baseUrl('https://api.octopus.energy'), budget }),
  prometheus: section({ baseUrl: ownUrl('prometheus'), tokenFile: keyFile('a bearer token'), budget }),
  circuitBreaker: section({
    firstPause: duration(
      '30s',
      'A provider that has failed five times in a row, retries included, is left alone for so long; then one request goes first to see.',
    ),
    longestPause: duration('10m', 'Twice as long after each failure of that request, up to this.'),
  }),
});

/** One kind of source, with a word on what it has. */
function kind<P extends Readonly<Record<string, unknown>>>(
  description: string,
  properties: P,
  required: readonly string[] = [],
) {
  return { ...object(properties, required), description } as const;
}

const SIGNALS = ['Average', 'Marginal'];
const SCOPES = ['Lifecycle', 'Direct', 'Operational'];

const file = kind(
  'A file of your own.',
  {
    path: text('A CSV or JSON file; its format is in data-sources.md. It is read again when it changes.'),
    rung: choice(
      ['LiveForecast', 'TypicalDay'],
      'TypicalDay',
      'What you vouch for: a forecast of these very days, or a profile.',
    ),
    synthetic: {
      type: 'boolean',
      default: true,
      description: 'False only for a recording of what a provider issued.',
    },
  },
  ['path'],
);

const carbonSource = oneKindOf({
  electricityMaps: kind('Electricity Maps: average, forecast and history; needs providers.electricityMaps.keyFile.', {
    emissionFactorType: choice(['lifecycle', 'direct'], 'lifecycle', 'What its grams count.'),
    granularity: choice(['hourly', '15_minutes', '5_minutes'], 'hourly', 'Finer rows need a plan that has them.'),
  }),
  wattTime: kind('WattTime: marginal, direct emissions, forecast and history; needs its user name and password.', {
    regions: table(
      text('A region of WattTime.'),
      'Its regions of marginal intensity by grid zone, beside those that are known.',
    ),
    averageRegions: table(
      text('A region of WattTime.'),
      'Its regions of average intensity by grid zone, beside those that are known.',
    ),
  }),
  ukCarbonIntensity: kind('Carbon Intensity API of Great Britain: average, operational; no key.', {
    regions: table(
      { type: 'integer', minimum: 1, maximum: 17 },
      'Ids of its regions by grid zone, beside GB-1 to GB-17. GB is Great Britain as a whole.',
    ),
  }),
  energyCharts: kind('Energy-Charts of Fraunhofer ISE: average, European countries; no key.', {}),
  carbonAwareSdk: kind(
    'A Carbon Aware SDK of your own.',
    {
      locations: table(text('A location of the Carbon Aware SDK.'), 'Its locations by grid zone.'),
      signal: choice(SIGNALS, 'Average', 'What its data source has; the SDK does not say.'),
      scope: choice(SCOPES, 'Lifecycle', 'What the grams of its data source count; the SDK does not say.'),
    },
    ['locations'],
  ),
  prometheus: kind(
    'Any series of Prometheus. It has no forecast: what came stands for what comes.',
    {
      query: text('PromQL for the intensity of a zone in g/kWh, one series; {zone} in it becomes the zone.'),
      signal: choice(SIGNALS, 'Average', 'What the series is.'),
      scope: choice(SCOPES, 'Lifecycle', 'What its grams count.'),
      step: duration('1h', 'Time that each sample of it stands for.'),
      estimated: {
        type: 'boolean',
        default: false,
        description: 'True where its figures are no measurements: a yearly mean, say.',
      },
    },
    ['query'],
  ),
  file,
  typicalDay: kind('The typical day of each zone by month and hour, built in: when nothing else is known.', {}),
});

const timeOfUseWindow = object(
  {
    days: {
      type: 'array',
      minItems: 1,
      items: { enum: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] },
      description: 'Days on which it begins. Absent: every day.',
    },
    from: text('Local time at which it begins, such as 22:00.'),
    until: text('Local time at which it ends, such as 06:00 of the next day.'),
    perKWh: { type: 'number', description: 'Price of one kWh in it.' },
  },
  ['from', 'until', 'perKWh'],
);

const tariff = object(
  {
    currency: { type: 'string', pattern: '^[A-Z]{3}$', description: 'ISO 4217.' },
    timeZone: text('Of its windows, such as Europe/Berlin.'),
    otherwisePerKWh: { type: 'number', description: 'Price of one kWh outside of all windows.' },
    windows: {
      type: 'array',
      maxItems: 32,
      items: timeOfUseWindow,
      default: [],
      description: 'The first that applies holds.',
    },
  },
  ['currency', 'timeZone', 'otherwisePerKWh'],
);

const priceSource = oneKindOf({
  energyCharts: kind('Day-ahead prices of European bidding zones, EUR; no key.', {
    biddingZones: table(
      text('A bidding zone of Energy-Charts.'),
      'Its bidding zones by grid zone, beside those that are known.',
    ),
  }),
  electricityMaps: kind('Day-ahead prices; needs providers.electricityMaps.keyFile.', {}),
  awattar: kind('Day-ahead prices of Germany and Austria, EUR; no key.', {}),
  octopus: kind(
    'Unit rates of an Octopus tariff in Great Britain, GBP; no key.',
    {
      product: text('Product code, such as AGILE-24-10-01.'),
      region: {
        type: 'string',
        pattern: '^[A-HJ-NP]$',
        description: 'Letter of the grid supply point, A to P without I and O.',
      },
      includeVat: { type: 'boolean', default: false, description: 'Whether prices include VAT.' },
    },
    ['product', 'region'],
  ),
  timeOfUse: kind(
    'Tariffs of your own with windows of time.',
    { tariffs: { ...table(tariff, 'Tariffs by grid zone.'), minProperties: 1 } },
    ['tariffs'],
  ),
});

export const CARBON_SCHEMA = section({
  sources: {
    type: 'array',
    minItems: 1,
    maxItems: 16,
    items: carbonSource,
    default: [{ typicalDay: {} }],
    description:
      'Where carbon intensity comes from, best first, one kind each; a zone is answered by the first that has it. Profiles of a typical day come last, wherever they stand.',
  },
  refresh: duration(
    '5m',
    'From one question to the sources to the next: each is asked about a zone at most once in so long.',
  ),
  horizon: duration('96h', 'How far ahead they are asked.'),
  cachedFor: duration('48h', 'While a source fails its last forecast stands for so long, as far as it reaches.'),
});

export const PRICES_SCHEMA = section({
  electricity: {
    type: 'array',
    maxItems: 16,
    items: priceSource,
    default: [],
    description:
      'Where prices of electricity come from, best first, one kind each. They count at sites that set no electricityPerKWh of their own and have the same currency.',
  },
  openCost: {
    ...object(
      {
        query: text('PromQL for the price of a node and hour, labelled node. Default: that of OpenCost.'),
        currency: { type: 'string', pattern: '^[A-Z]{3}$', default: 'USD', description: 'ISO 4217.' },
      },
      [],
    ),
    description: 'Prices of nodes from OpenCost by way of Prometheus, for products that a site sets no price for.',
  },
  refresh: duration('1h', 'From one question to the next.'),
});
