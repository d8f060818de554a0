import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HOUR_MS, type DurationMs } from '../../operator/domain/units.ts';
import { PROVIDERS, type CredentialName, type Provider, type SettingName, type Settings } from './providers.ts';

const FOLDER = 'out/recordings';
const UNKNOWN_ZONE = 'XX-NOWHERE';

export const USAGE = `Records what a provider really answers to the questions of its contract suite, and runs the suite on it.

  node hack/record-provider.ts PROVIDER --zone Z [options]          or: make record ARGS="PROVIDER --zone Z ..."

${PROVIDERS.map(lineOf).join('\n')}

  --port carbon|price       of electricity-maps and energy-charts, which have both; default carbon
  --zone Z                  grid zone that is asked about
  --other-zone Z            a further zone, of carbon sources that take several; may be repeated
  --unknown-zone Z          a zone that it doesn't know, default ${UNKNOWN_ZONE}
  --key-file FILE           key in a file; so too --username-file FILE and --password-file FILE
  --base-url URL            instead of the public one
  --region R                what the provider calls the zone: a region of WattTime, the number of a region of Great Britain,
                            a bidding zone of Energy-Charts, a grid supply point group of Octopus Energy (A to P)
  --location L              what a Carbon Aware SDK calls the zone; --signal Average|Marginal and
                            --scope Lifecycle|Direct|Operational say what its figures are
  --product P               of Octopus Energy, e.g. AGILE-24-10-01; --vat included|excluded, default included
  --emission-factor-type T  of Electricity Maps: lifecycle (default) or direct; --granularity hourly|15_minutes|5_minutes
  --ahead HOURS             how far ahead to ask, default 6; --behind HOURS how far back, default 24
  --out FILE                default ${FOLDER}/PROVIDER-PORT-ZONE.json, which git does not see
  --force                   replace the file if it is there
  --help                    this text

What was sent with a question is not recorded; keys, passwords and tokens are taken out of the rest, and where one could not
be, nothing is written. Look through the file none the less, and mind what the provider's terms say of sharing its figures.`;

export interface RecordArguments {
  readonly provider: Provider;
  readonly zone: string;
  readonly otherZones: readonly string[];
  readonly unknownZone: string;
  readonly baseUrl: string;
  readonly settings: Settings;
  readonly credentialFiles: Readonly<Partial<Record<CredentialName, string>>>;
  readonly ahead: DurationMs;
  readonly behind: DurationMs;
  /** Absolute. */
  readonly outputFile: string;
  readonly force: boolean;
}

/** The command line can't be understood; the message says why. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FORMS: Readonly<Partial<Record<SettingName, RegExp>>> = {
  vat: /^(included|excluded)$/,
  signal: /^(Average|Marginal)$/,
  scope: /^(Lifecycle|Direct|Operational)$/,
  'emission-factor-type': /^(lifecycle|direct)$/,
  granularity: /^(hourly|15_minutes|5_minutes)$/,
};
const SETTINGS: readonly SettingName[] = [
  ...(['region', 'location', 'product', 'vat'] as const),
  ...(['signal', 'scope', 'emission-factor-type', 'granularity'] as const),
];
const CREDENTIALS: readonly CredentialName[] = ['key', 'username', 'password'];

/** Reads the command line; `undefined` where it asks for help. Throws {@link UsageError}. */
export function readArguments(args: readonly string[]): RecordArguments | undefined {
  const { values, positionals } = parsed(args);
  if (values.help === true) return undefined;
  const provider = providerIn(positionals, values.port);
  const { zone } = values;
  if (zone === undefined || zone === '') throw new UsageError('--zone is missing; name a grid zone, such as SE-SE3');
  const { 'other-zone': otherZones = [], 'unknown-zone': unknownZone = UNKNOWN_ZONE, force = false } = values;
  if (otherZones.length > 0 && provider.port === 'price') {
    throw new UsageError('--other-zone is for carbon sources; their suite alone asks about several zones');
  }
  const file = values.out ?? `${FOLDER}/${provider.name}-${provider.port}-${zone}.json`;
  return {
    provider,
    zone,
    otherZones,
    unknownZone,
    baseUrl: baseUrlOf(provider, zone, values['base-url']),
    settings: settingsOf(provider, values),
    credentialFiles: credentialFilesOf(provider, values),
    ahead: hoursIn('ahead', values.ahead, 6),
    behind: hoursIn('behind', values.behind, 24),
    outputFile: resolve(file),
    force,
  };
}

type Values = ReturnType<typeof parsed>['values'];

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ port: text, zone: text, 'other-zone': { type: 'string', multiple: true }, 'unknown-zone': text },
        ...{ 'key-file': text, 'username-file': text, 'password-file': text, 'base-url': text },
        ...{ region: text, location: text, signal: text, scope: text, product: text, vat: text },
        ...{ 'emission-factor-type': text, granularity: text, ahead: text, behind: text, out: text },
        ...{ force: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
      },
    } as const);
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`, { cause: error });
  }
}

function providerIn([name, ...others]: readonly string[], port: string | undefined): Provider {
  if (name === undefined) throw new UsageError(`no provider is named\n\n${USAGE}`);
  if (others.length > 0) throw new UsageError(`one provider at a time: ${[name, ...others].join(', ')} are several`);
  const ofName = PROVIDERS.filter((provider) => provider.name === name);
  if (ofName.length === 0) {
    const names = [...new Set(PROVIDERS.map((provider) => provider.name))];
    throw new UsageError(`there is no provider ${name}; it must be one of ${names.join(', ')}`);
  }
  const found = port === undefined ? ofName[0] : ofName.find((provider) => provider.port === port);
  if (found !== undefined) return found;
  const ports = ofName.map((provider) => provider.port).join(' or ');
  throw new UsageError(`--port is "${String(port)}"; for ${name} it must be ${ports}`);
}

function settingsOf({ name, needs, takes }: Provider, values: Values): Settings {
  const given = SETTINGS.flatMap((setting) => {
    const value = values[setting];
    return value === undefined ? [] : [[setting, value] as const];
  });
  for (const [setting, value] of given) {
    if (![...needs, ...takes].includes(setting)) throw new UsageError(`--${setting} means nothing to ${name}`);
    const form = setting === 'region' ? regionForm(name) : FORMS[setting];
    if (value === '' || form?.test(value) === false) {
      throw new UsageError(`--${setting} is "${value}", which ${name} does not take; see --help`);
    }
  }
  const missing = needs.find((setting) => values[setting] === undefined);
  if (missing !== undefined) throw new UsageError(`--${missing} is missing; ${name} needs it, see --help`);
  return Object.fromEntries(given);
}

function regionForm(provider: string): RegExp | undefined {
  if (provider === 'uk-carbon-intensity') return /^\d{1,2}$/;
  return provider === 'octopus' ? /^[A-HJ-NP]$/ : undefined;
}

function credentialFilesOf({ name, credentials }: Provider, values: Values): RecordArguments['credentialFiles'] {
  const files = CREDENTIALS.map((credential) => [credential, values[`${credential}-file` as const]] as const);
  for (const [credential, file] of files) {
    const isNeeded = credentials.includes(credential);
    if (isNeeded && (file === undefined || file === '')) {
      throw new UsageError(`--${credential}-file is missing; ${name} asks for a ${credential}`);
    }
    if (!isNeeded && file !== undefined) throw new UsageError(`--${credential}-file is given; ${name} asks for none`);
  }
  return Object.fromEntries(files.filter(([, file]) => file !== undefined));
}

function baseUrlOf(provider: Provider, zone: string, given: string | undefined): string {
  const text = given ?? provider.baseUrl?.(zone);
  if (text === undefined) throw new UsageError(`--base-url is missing; everybody has a ${provider.name} of their own`);
  const url = URL.parse(text);
  const isPlain = url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (isPlain && url.search === '' && url.hash === '') return text.replace(/\/+$/, '');
  throw new UsageError('--base-url must be an address like https://api.example.com/v4, without a user or a key in it');
}

function hoursIn(name: string, text: string | undefined, byDefault: number): DurationMs {
  const hours = text === undefined ? byDefault : Number(text);
  if (text?.trim() !== '' && hours > 0 && hours <= 72) return hours * HOUR_MS;
  throw new UsageError(`--${name} is "${String(text)}"; it must be a number of hours, more than 0 and at most 72`);
}

function lineOf({ name, port, credentials, needs, takes, baseUrl }: Provider): string {
  const required = [
    ...credentials.map((credential) => `--${credential}-file`),
    ...(baseUrl === undefined ? ['--base-url'] : []),
    ...needs.map((setting) => `--${setting}`),
  ];
  const optional = takes.map((setting) => `[--${setting}]`);
  return `  ${name.padEnd(19)} ${port.padEnd(6)} ${[...required, ...optional].join(' ')}`.trimEnd();
}
