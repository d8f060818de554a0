import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import type { ProgramResult } from '../../hack/controlplane/process/run-program.ts';
import { installResources, readManifests } from '../../hack/resources/install.ts';

const START_TIMEOUT_MS = 120_000;
const SAMPLES = 'crds/samples';
const samples = readdirSync(SAMPLES).map((name) => join(SAMPLES, name));

const INSTALLED = ['crds', 'deploy'];

// A busy machine may take seconds for what takes tenths of one alone.
jest.setTimeout(60_000);

let plane: ControlPlane;
const installation: ProgramResult[] = [];
const kubectl = (...args: readonly string[]) => plane.clusters[0].kubectl(args);

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  for (const folder of INSTALLED) {
    installation.push(await kubectl('apply', '--validate=strict', '-f', folder));
    await kubectl('wait', '--for=condition=Established', 'crd', '--all');
  }
  await installResources(plane.clusters[0]);
}, START_TIMEOUT_MS);

afterAll(() => plane.stop());

/** What kubectl printed, where it had nothing to warn of. */
async function quietly(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await kubectl(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

describe('what is installed', () => {
  test('is created by kubectl apply, client-side, without a warning', () => {
    expect(installation.map(({ code, stderr }) => [code, stderr])).toEqual(INSTALLED.map(() => [0, '']));
    expect(
      installation.flatMap(({ stdout }) => stdout.trim().split('\n')).filter((line) => !/ created$/.test(line)),
    ).toEqual([]);
  });

  test.each(INSTALLED)('%s: is applied server-side without a warning', async (folder) => {
    await quietly('apply', '--server-side', '--force-conflicts', '--validate=strict', '-f', folder);
  });
});

describe('each sample', () => {
  test('is one of a job, a site or a policy, and all three are there', async () => {
    const kinds = (await readManifests(SAMPLES)).map(({ kind }) => kind);
    expect([...new Set(kinds)].sort()).toEqual(['CarbonAwareJob', 'CarbonPolicy', 'ComputeSite']);
  });

  describe.each([
    ['client-side', [], 'created'],
    ['server-side', ['--server-side'], 'serverside-applied'],
  ])('is created by kubectl apply, %s, and the same again changes nothing', (_side, flags, done) => {
    test.each(samples)('%s', async (file) => {
      const apply = ['apply', ...flags, '--validate=strict', '-f', file];
      const version = () =>
        quietly('get', '-o', 'jsonpath={.metadata.generation} {.metadata.resourceVersion}', '-f', file);
      expect(await quietly(...apply)).toMatch(new RegExp(` ${done}\n$`));
      const before = await version();
      await quietly(...apply);
      expect(await version()).toBe(before);
      await quietly('delete', '--timeout=30s', '-f', file);
    });
  });

  test('of a job has a template that the API server takes as a Job, strictly', async () => {
    for (const sample of await readManifests(SAMPLES)) {
      if (sample.kind !== 'CarbonAwareJob') continue;
      const { template } = (sample as unknown as { spec: { template: object } }).spec;
      await plane.clusters[0].request('/apis/batch/v1/namespaces/default/jobs?dryRun=All&fieldValidation=Strict', {
        method: 'POST',
        body: { apiVersion: 'batch/v1', kind: 'Job', ...template, metadata: { name: sample.metadata.name } },
      });
    }
  });
});

describe('kubectl get', () => {
  const patchStatus = async (type: string, name: string, status: object) => {
    await quietly('patch', type, name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));
  };

  beforeAll(async () => {
    await quietly('apply', '-f', SAMPLES);
    await patchStatus('caj', 'llama-finetune', {
      observedGeneration: 1,
      phase: 'Waiting',
      policy: 'everyone',
      plan: {
        site: 'stockholm',
        accelerator: 'NVIDIA-H100-80GB-HBM3',
        starts: '2035-11-22T22:00:00Z',
        windows: [{ start: '2035-11-22T22:00:00Z', end: '2035-11-23T04:00:00Z' }],
        expected: {
          energyKWh: '36.2',
          carbonGrams: '905',
          cost: '100.8',
          currency: 'EUR',
          finish: '2035-11-23T04:00:00Z',
        },
        saves: '93%',
        deadline: '2035-11-23T08:00:00Z',
        reason: 'BetterSite',
        message: 'stockholm is 93% cleaner than frankfurt now',
      },
    });
    await patchStatus('site', 'stockholm', {
      zone: 'SE-SE3',
      conditions: [condition('Ready', 'True', 'Ready', '8 nodes in eu-north-1')],
      intensity: {
        gramsPerKWh: 25,
        signal: 'Average',
        scope: 'Lifecycle',
        source: 'typical-day',
        estimated: true,
        at: '2026-11-22T08:00:00Z',
      },
      forecastUntil: '2026-11-29T08:00:00Z',
      devices: { capacity: 64, free: 24 },
      accelerators: [
        { product: 'NVIDIA-H100-80GB-HBM3', resource: 'nvidia.com/gpu', capacity: 64, allocated: 40, maxCapacity: 64 },
      ],
      nodes: 8,
    });
    await patchStatus('cpol', 'everyone', { namespaces: 12 });
  });

  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: '2026-11-22T08:00:00Z',
  });

  test('caj: phase, site, start, saving, finish and age', async () => {
    expect(await table('caj', 'llama-finetune')).toEqual({
      NAME: 'llama-finetune',
      PHASE: 'Waiting',
      SITE: 'stockholm',
      STARTS: '2035-11-22T22:00:00Z',
      SAVES: '93%',
      FINISH: '2035-11-23T04:00:00Z',
      AGE: expect.stringMatching(/^\d+[sm]$/) as unknown,
    });
  });

  test('caj -o wide: also accelerator, policy, deadline, carbon and why', async () => {
    expect(await table('caj', 'llama-finetune', '-o', 'wide')).toMatchObject({
      ACCELERATOR: 'NVIDIA-H100-80GB-HBM3',
      POLICY: 'everyone',
      DEADLINE: '2035-11-23T08:00:00Z',
      CARBON: '905',
      MESSAGE: 'stockholm is 93% cleaner than frankfurt now',
    });
  });

  test('caj before there is a plan: its name and age, and nothing that looks like an error', async () => {
    expect(await table('caj', 'nightly-embeddings')).toEqual({
      NAME: 'nightly-embeddings',
      AGE: expect.stringMatching(/^\d+[sm]$/) as unknown,
    });
  });

  test('site: region, zone, intensity with its source, GPUs, free ones, ready and age', async () => {
    expect(await table('site', 'stockholm')).toEqual({
      NAME: 'stockholm',
      REGION: 'eu-north-1',
      ZONE: 'SE-SE3',
      'G/KWH': '25',
      SOURCE: 'typical-day',
      GPUS: '64',
      FREE: '24',
      READY: 'True',
      AGE: expect.stringMatching(/^\d+[sm]$/) as unknown,
    });
    expect(await table('site', 'stockholm', '-o', 'wide')).toMatchObject({
      'FORECAST UNTIL': '2026-11-29T08:00:00Z',
      NODES: '8',
      MESSAGE: '8 nodes in eu-north-1',
    });
  });

  test('cpol: objective, signal, what holds without data, how many namespaces, and age', async () => {
    expect(await table('cpol', 'everyone')).toEqual({
      NAME: 'everyone',
      OBJECTIVE: 'Balanced',
      SIGNAL: 'Average',
      WITHOUTDATA: 'Run',
      NAMESPACES: '12',
      AGE: expect.stringMatching(/^\d+[sm]$/) as unknown,
    });
  });

  test('sunward: all three kinds; ml: the jobs', async () => {
    const kindsOf = async (category: string) =>
      new Set(
        (await quietly('get', category, '-o', 'name'))
          .trim()
          .split('\n')
          .map((name) => name.split('/')[0]),
      );
    expect(await kindsOf('sunward')).toEqual(
      new Set(['carbonawarejob.sunward.dev', 'computesite.sunward.dev', 'carbonpolicy.sunward.dev']),
    );
    expect(await kindsOf('ml')).toEqual(new Set(['carbonawarejob.sunward.dev']));
  });

  /** The row of one object by column, without the columns that are empty. */
  async function table(...args: readonly string[]): Promise<Record<string, string>> {
    const [header = '', row = ''] = (await quietly('get', ...args)).split('\n');
    const columns = [...header.matchAll(/\S+(?: \S+)*/g)];
    const cells = columns.map(({ 0: name, index }, i) => [name, row.slice(index, columns[i + 1]?.index).trim()]);
    return Object.fromEntries(cells.filter(([, cell]) => cell !== '')) as Record<string, string>;
  }
});

describe('kubectl explain', () => {
  test('caj.spec.completeBy: the format, what it means, and what it excludes', async () => {
    const text = (await quietly('explain', 'caj.spec.completeBy')).replaceAll(/\s+/g, ' ');
    expect(text).toContain('a time in RFC 3339 with a time zone, such as 2026-11-23T08:00:00Z');
    expect(text).toContain('Set this or maxDelay, not both');
  });
});
