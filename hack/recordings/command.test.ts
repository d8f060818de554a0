import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { ElectricityMapsStandIn } from '../stand-ins/electricity-maps.ts';
import { OctopusStandIn } from '../stand-ins/octopus.ts';
import type { StandIn, StandInReply } from '../stand-ins/stand-in.ts';
import { WattTimeStandIn } from '../stand-ins/watttime.ts';
import { runRecorder } from './command.ts';
import { readRecording } from './recording.ts';
import { MADE_UP_TOKEN } from './scrubber.ts';

const NOW = Date.parse('2026-11-23T10:22:00Z');
const KEY = 'a-key+of/4711';
const [USERNAME, PASSWORD] = ['someone@example.com', 'åpen sesam:4711'];
const NEVER = new AbortController().signal;

let folder: string;
let standIn: StandIn;
let said: string[];
let complaints: string[];
let suites: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-recorder-'));
  await writeFile(join(folder, 'key'), `${KEY}\n`);
  await writeFile(join(folder, 'username'), USERNAME);
  await writeFile(join(folder, 'password'), PASSWORD);
  [said, complaints, suites] = [[], [], []];
});
afterEach(async () => {
  await standIn.stop();
  await rm(folder, { recursive: true });
});

const fileAt = () => join(folder, 'out', 'recording.json');
const textOf = () => readFile(fileAt(), 'utf8');

function run(args: readonly string[], { suiteHolds = true, abort = NEVER } = {}): Promise<number> {
  return runRecorder(
    [...args, '--out', fileAt()],
    {
      now: NOW,
      print: (line) => said.push(line),
      complain: (line) => complaints.push(line),
      runSuite: (file) => {
        suites.push(file);
        return Promise.resolve(suiteHolds);
      },
    },
    abort,
  );
}

describe('recording a provider with a key', () => {
  const args = (...others: readonly string[]) => [
    ...['electricity-maps', '--zone', 'SE-SE3', '--other-zone', 'DE', '--base-url', `${standIn.url}/v4`],
    ...['--key-file', join(folder, 'key'), ...others],
  ];
  beforeEach(async () => {
    const zones = ['SE-SE3', 'DE'];
    standIn = await new ElectricityMapsStandIn({ key: KEY, zones, figures: () => 20, now: () => NOW }).start();
  });

  test('keeps what it says to the questions of the suite, and runs the suite on that', async () => {
    expect(await run(args())).toBe(0);
    expect(suites).toEqual([fileAt()]);
    const recording = await readRecording(fileAt());
    expect(recording).toMatchObject({
      ...{ provider: 'electricity-maps', port: 'carbon', recordedAt: '2026-11-23T10:22:00.000Z', zone: 'SE-SE3' },
      ...{ baseUrl: `${standIn.url}/v4`, settings: {} },
      expect: { reviewed: false, scope: 'Lifecycle', otherZones: ['DE'] },
    });
    expect(recording.exchanges.map(({ path, status }) => `${status} ${path}`)).toEqual([
      '200 /v4/carbon-intensity/forecast',
      '200 /v4/carbon-intensity/forecast',
      '404 /v4/carbon-intensity/forecast',
      '200 /v4/carbon-intensity/history',
    ]);
    expect(said.join('\n')).toMatch(
      /200 \/v4\/carbon-intensity\/history\?zone=SE-SE3[^]*"expect"[^]*SUNWARD_RECORDING=/,
    );
  });

  test('asks with the key, and writes it nowhere', async () => {
    await run(args());
    expect(standIn.requests.every(({ headers }) => headers['auth-token'] === KEY)).toBe(true);
    expect([await textOf(), ...said, ...complaints].join('\n')).not.toContain('a-key');
  });

  test('takes the key out of a reply that says it', async () => {
    const saying = (reply: StandInReply): StandInReply => ({
      ...reply,
      body: { ...(reply.body as object), customer: KEY, links: [`https://x.example/?k=${encodeURIComponent(KEY)}`] },
    });
    standIn.failAlways(saying);
    expect(await run(args())).toBe(0);
    expect(await textOf()).toContain('"customer": "REDACTED"');
    expect(await textOf()).toContain('https://x.example/?k=REDACTED');
    expect(await textOf()).not.toContain('a-key');
  });

  test('writes nothing where a part of the key is left', async () => {
    standIn.failAlways({ body: { forecast: [], zone: 'SE-SE3', hint: `yours begins with ${KEY.slice(0, 12)}` } });
    expect(await run(args())).toBe(1);
    expect(complaints.join()).toContain('a secret or a part of one that could not be taken out');
    expect(await readdir(folder)).not.toContain('out');
  });

  test('keeps a refusal as it is, and does not run the suite on it', async () => {
    standIn.failAlways({ status: 401, body: { error: `Invalid auth-token ${KEY}` } });
    expect(await run(args())).toBe(1);
    expect(suites).toEqual([]);
    expect(complaints.join()).toContain('the first question has no answer. Unauthorised: ');
    expect(complaints.join()).not.toContain('a-key');
    const recording = await readRecording(fileAt());
    expect(recording.exchanges).toMatchObject([{ status: 401, json: { error: 'Invalid auth-token REDACTED' } }]);
    expect(recording.expect).toMatchObject({
      reviewed: false,
      noAnswerBecause: expect.stringContaining('Unauthorised: '),
    });
  });

  test('says so where the provider is not there', async () => {
    await standIn.stop();
    expect(await run(args())).toBe(1);
    expect(complaints).toEqual([expect.stringMatching(/no answer from http.*ECONNREFUSED/)]);
    expect(await readdir(folder)).not.toContain('out');
  });

  test('does not replace a file, and does not ask for nothing, unless it is told to', async () => {
    await run(args());
    const before = standIn.requests.length;
    expect(await run(args())).toBe(2);
    expect(complaints.join()).toContain('is there already; --force replaces it');
    expect(standIn.requests).toHaveLength(before);
    expect(await run(args('--force'))).toBe(0);
    expect(standIn.requests.length).toBeGreaterThan(before);
  });

  test('says that the suite does not hold', async () => {
    expect(await run(args(), { suiteHolds: false })).toBe(1);
  });

  test('says so where the key can not be read', async () => {
    expect(await run(args('--key-file', join(folder, 'nowhere')))).toBe(1);
    expect(complaints).toEqual([expect.stringContaining('ENOENT')]);
  });

  test('ends when it is interrupted, and writes nothing', async () => {
    expect(await run(args(), { abort: AbortSignal.abort() })).toBe(1);
    expect(complaints).toEqual(['interrupted; nothing was written']);
    expect(await readdir(folder)).not.toContain('out');
  });

  test('says what is wrong with the command line, and how it is used', async () => {
    expect(await run(['electricity-maps'])).toBe(2);
    expect(complaints).toEqual(['--zone is missing; name a grid zone, such as SE-SE3']);
    expect(await run(['--help'])).toBe(0);
    expect(said[0]).toContain('node hack/record-provider.ts PROVIDER --zone Z');
  });
});

test('recording a provider with a login keeps neither the account nor the token that it gave', async () => {
  standIn = await new WattTimeStandIn({
    ...{ username: USERNAME, password: PASSWORD, regions: ['SE'], figures: () => 1_000, now: () => NOW },
  }).start();
  const account = ['--username-file', join(folder, 'username'), '--password-file', join(folder, 'password')];
  const hours = ['--ahead', '1', '--behind', '1'];
  expect(await run(['watttime', '--zone', 'SE-SE3', '--base-url', standIn.url, ...account, ...hours])).toBe(0);
  const sent = standIn.requests.map(({ headers }) => headers.authorization);
  expect(sent.slice(1)).toEqual(sent.slice(1).map(() => 'Bearer token-of-the-stand-in.1'));
  const text = await textOf();
  for (const secret of [USERNAME, PASSWORD, 'token-of-the-stand-in', sent[0]?.slice('Basic '.length) ?? '']) {
    expect(text).not.toContain(secret);
  }
  const { exchanges } = await readRecording(fileAt());
  expect(exchanges[0]).toMatchObject({ path: '/login', status: 200, json: { token: MADE_UP_TOKEN } });
});

test('recording a provider in pages keeps all of them, at the address that the provider has', async () => {
  standIn = await new OctopusStandIn({
    ...{ product: 'AGILE-24-10-01', now: () => NOW, maxPageSize: 3 },
    figures: (_, at) => (at > NOW - 24 * HOUR_MS && at < NOW + 24 * HOUR_MS ? 20 : undefined),
  }).start();
  const product = ['--product', 'AGILE-24-10-01', '--region', 'C', '--ahead', '2'];
  expect(await run(['octopus', '--zone', 'GB', '--base-url', standIn.url, ...product])).toBe(0);
  const { exchanges } = await readRecording(fileAt());
  expect(exchanges.map(({ query }) => new URLSearchParams(query).get('page'))).toEqual([null, '2', null]);
  expect(exchanges[0]?.json).toMatchObject({ next: expect.stringMatching(`^${standIn.url}/v1/.*page=2$`) });
});
