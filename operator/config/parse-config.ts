import { Ajv, type ErrorObject } from 'ajv';
import { parse as parseYaml } from 'yaml';
import { parseDuration } from '../domain/duration.ts';
import { HOUR_MS, SECOND_MS, type DurationMs } from '../domain/units.ts';
import { ConfigError, type Config } from './config.ts';
import { contradictionsInSources, dataConfigOf, missingProviders, type RawDataConfig } from './parse-data-config.ts';
import { contradictionsInUsage, usageConfigOf, type RawUsageConfig } from './parse-usage-config.ts';
import { CONFIG_SCHEMA } from './schema.ts';

/** The file as written, with its defaults filled in. */
interface RawConfig extends RawDataConfig {
  planning: {
    slot: string;
    settle: string;
    interval: string;
    threadFrom: number;
    hysteresisPercent: number;
    pauseGainPercent: number;
    indifferencePercent: number;
  };
  usage: RawUsageConfig;
  jobs: { concurrency: number; unschedulableAfter: string; avoidFor: string };
  accelerators: { resource: string; productLabel: string }[];
  leaderElection: { enabled: boolean; leaseDuration: string; renewDeadline: string; retryPeriod: string };
  server: { host: string; port: number };
  kubernetes: { requestsInFlight: number; requestTimeout: string };
  log: { level: Config['log']['level'] };
}

const ajv = new Ajv({ allErrors: true, useDefaults: true, strict: true, verbose: true });
ajv.addFormat('sunward-duration', { type: 'string', validate: (text: string) => parseDuration(text).ok });
ajv.addFormat('sunward-url', { type: 'string', validate: isHttpUrl });
const validate = ajv.compile<RawConfig>(CONFIG_SCHEMA);

/** Reads the text of a configuration file (YAML or JSON). Throws {@link ConfigError} with every problem in it. */
export function parseConfig(text: string, origin: string): Config {
  const raw: unknown = readYaml(text, origin) ?? {};
  if (!validate(raw)) {
    const problems = (validate.errors ?? []).map((error) => `  ${describe(error)}`);
    throw new ConfigError(`${origin} can't be used:\n${problems.join('\n')}`);
  }
  const inSources = contradictionsInSources(raw);
  if (inSources.length > 0) throw new ConfigError(`${origin} can't be used:\n  ${inSources.join('\n  ')}`);
  const config = configOf(raw);
  const problems = [...contradictionsIn(config), ...contradictionsInUsage(config.usage), ...missingProviders(config)];
  if (problems.length > 0) throw new ConfigError(`${origin} can't be used:\n  ${problems.join('\n  ')}`);
  return config;
}

function readYaml(text: string, origin: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    throw new ConfigError(`${origin} is not YAML: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

function configOf(raw: RawConfig): Config {
  return {
    planning: {
      slot: ms(raw.planning.slot),
      settle: ms(raw.planning.settle),
      interval: ms(raw.planning.interval),
      threadFrom: raw.planning.threadFrom,
      hysteresisShare: raw.planning.hysteresisPercent / 100,
      pauseGainShare: raw.planning.pauseGainPercent / 100,
      indifferenceShare: raw.planning.indifferencePercent / 100,
    },
    ...dataConfigOf(raw, ms),
    usage: usageConfigOf(raw.usage, ms),
    jobs: {
      concurrency: raw.jobs.concurrency,
      unschedulableAfter: ms(raw.jobs.unschedulableAfter),
      avoidFor: ms(raw.jobs.avoidFor),
    },
    accelerators: raw.accelerators,
    leaderElection: {
      enabled: raw.leaderElection.enabled,
      leaseDuration: ms(raw.leaderElection.leaseDuration),
      renewDeadline: ms(raw.leaderElection.renewDeadline),
      retryPeriod: ms(raw.leaderElection.retryPeriod),
    },
    server: raw.server,
    kubernetes: {
      requestsInFlight: raw.kubernetes.requestsInFlight,
      requestTimeout: ms(raw.kubernetes.requestTimeout),
    },
    log: raw.log,
  };
}

function ms(text: string): DurationMs {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new ConfigError(parsed.message);
  return parsed.value;
}

/** Keys have no place in an address: it shows in logs and conditions. */
function isHttpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && search === '';
}

/** What a schema can't say. */
function contradictionsIn({ circuitBreaker, planning, leaderElection }: Config): readonly string[] {
  const problems: string[] = [];
  if (planning.slot < SECOND_MS || planning.slot > HOUR_MS) problems.push('planning.slot must be from 1s to 1h');
  if (planning.interval <= planning.settle) problems.push('planning.interval must be longer than planning.settle');
  if (circuitBreaker.firstPause < SECOND_MS) problems.push('providers.circuitBreaker.firstPause must be 1s or longer');
  if (circuitBreaker.longestPause < circuitBreaker.firstPause) {
    problems.push('providers.circuitBreaker.longestPause must not be shorter than providers.circuitBreaker.firstPause');
  }
  if (leaderElection.leaseDuration <= leaderElection.renewDeadline) {
    problems.push('leaderElection.leaseDuration must be longer than leaderElection.renewDeadline');
  }
  if (leaderElection.renewDeadline <= leaderElection.retryPeriod) {
    problems.push('leaderElection.renewDeadline must be longer than leaderElection.retryPeriod');
  }
  return problems;
}

function describe(error: ErrorObject): string {
  const field = error.instancePath.slice(1).replaceAll('/', '.');
  const value = typeof error.data === 'object' ? '' : ` is ${JSON.stringify(error.data)}`;
  switch (error.keyword) {
    case 'additionalProperties':
      return `${inside(field, String(error.params.additionalProperty))} is unknown; remove it or correct its name`;
    case 'required':
      return `${inside(field, String(error.params.missingProperty))} is missing; add it`;
    case 'format':
      return `${field}${value}; write ${error.params.format === 'sunward-url' ? 'an address like https://api.example.com/v4, without a user or a key in it' : 'a length of time like 5m, 90s or 1h30m'}`;
    case 'enum':
      return `${field}${value}; it must be one of ${(error.params.allowedValues as string[]).join(', ')}`;
    default:
      return `${field}${value}: it ${error.message ?? 'is wrong'}`;
  }
}

function inside(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}
