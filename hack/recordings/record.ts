import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { AxiosClient } from '../../operator/adapters/http/axios-client.ts';
import { carbonExpectation, priceExpectation, type Questions } from './expectation.ts';
import { clockFixedAt } from './fixed-clock.ts';
import type { Credentials, Provider, Settings } from './providers.ts';
import { RecordingProxy } from './recording-proxy.ts';
import type { Recording } from './recording.ts';
import { Scrubber } from './scrubber.ts';

export interface RecordOptions {
  readonly provider: Provider;
  readonly settings: Settings;
  readonly credentials: Credentials;
  readonly questions: Questions;
  readonly baseUrl: string;
  /** What the recording calls the base URL's origin. Default: what it is. */
  readonly shownOrigin?: string;
  readonly note: string;
}

/** A recording that holds no secret. */
export interface CleanRecording {
  readonly recording: Recording;
  /** As it is to be written. */
  readonly text: string;
}

/** The provider could not be asked, so that there is nothing to record. */
export class NotReachedError extends Error {
  override readonly name = 'NotReachedError';
}

/**
 * Asks a provider through its adapter all that the contract suite asks, and keeps what was said. Throws
 * {@link NotReachedError}, SourceError where a key can't be read, and SecretError rather than let a secret out.
 */
export async function record(options: RecordOptions, abort: AbortSignal): Promise<CleanRecording> {
  const scrubber = new Scrubber(await secretsIn(options.credentials));
  const { origin } = new URL(options.baseUrl);
  const { shownOrigin = origin } = options;
  const proxy = await RecordingProxy.start({ origin, shownOrigin });
  try {
    const expect = await expectationOf(options, options.baseUrl.replace(origin, proxy.origin), abort);
    const [failure] = proxy.failures;
    if (failure !== undefined) throw new NotReachedError(failure);
    const { provider, questions, settings, note, baseUrl } = options;
    const recording = scrubber.scrub({
      provider: provider.name,
      port: provider.port,
      recordedAt: new Date(questions.now).toISOString(),
      baseUrl: baseUrl.replace(origin, shownOrigin),
      note,
      zone: questions.zone,
      settings,
      expect: JSON.parse(JSON.stringify(expect).replaceAll(proxy.origin, shownOrigin)) as Recording['expect'],
      exchanges: proxy.exchanges,
    } as Recording);
    const text = await written(recording);
    scrubber.assertClean(text);
    return { recording, text };
  } finally {
    await proxy.stop();
  }
}

/** Throws where there is such a file, unless it is to be replaced. */
export async function writeRecording(file: string, text: string, { force }: { force: boolean }): Promise<void> {
  await writeFile(file, text, { flag: force ? 'w' : 'wx' });
}

async function expectationOf(
  { provider, questions, settings, credentials }: RecordOptions,
  baseUrl: string,
  abort: AbortSignal,
): Promise<Recording['expect']> {
  const clock = clockFixedAt(questions.now);
  const http = new AxiosClient({ clock });
  const surroundings = { http, clock, baseUrl, zone: questions.zone, settings, credentials };
  try {
    if (provider.port === 'price') return await priceExpectation(provider.source(surroundings), questions, abort);
    const signal = provider.signal(settings);
    return await carbonExpectation(provider.source(surroundings), { ...questions, signal }, abort);
  } finally {
    http.close();
  }
}

/** And the two of an account together, as they are sent. */
async function secretsIn({ key, username, password }: Credentials): Promise<readonly string[]> {
  const secrets = await Promise.all([key, username, password].map(async (secret) => secret?.read()));
  const [, name, word] = secrets;
  const account = name === undefined || word === undefined ? [] : [`${name}:${word}`];
  return [...secrets.filter((secret) => secret !== undefined), ...account];
}

async function written(recording: Recording): Promise<string> {
  return format(JSON.stringify(recording), { ...(await resolveConfig('recording.json')), parser: 'json' });
}
