import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { helm, HelmError, install, lint, rollback, template, uninstall, upgrade } from '../../hack/helm/helm.ts';

const CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: lamp\nversion: 0.1.0\n',
  'values.yaml': 'light: { colour: white, watts: 5 }\n',
  'values.schema.json': JSON.stringify({
    properties: { light: { properties: { colour: { enum: ['white', 'green', 'red'] } } } },
  }),
  'templates/lamp.yaml': `
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data:
  colour: {{ .Values.light.colour }}
  watts: {{ .Values.light.watts | quote }}
  kubernetes: {{ .Capabilities.KubeVersion.Version }}
  isWatched: {{ .Capabilities.APIVersions.Has "example.com/v1/Watch" | quote }}
`,
};

const directories: string[] = [];
let plane: ControlPlane;
let chart: string;
let release: { kubeconfig: string; release: string; namespace: string };

/** Writes the chart, with other contents of some files. */
async function chartWith(changes: Partial<typeof CHART> = {}): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sunward-chart-test-'));
  directories.push(directory);
  for (const [name, content] of Object.entries({ ...CHART, ...changes })) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  return directory;
}

beforeAll(async () => {
  await ensureBinaries(['helm']);
  chart = await chartWith();
  plane = await startControlPlane({ components: [] });
  release = { kubeconfig: plane.clusters[0].adminKubeconfig.path, release: 'desk', namespace: 'default' };
}, TOOL_SETUP_MS);

afterAll(async () => {
  await plane.stop();
  for (const directory of directories) await rm(directory, { recursive: true });
});

/** What the ConfigMap of the release says. */
async function lamp(): Promise<Record<string, string> | undefined> {
  const { items } = await plane.clusters[0].request<{
    items: readonly { metadata: { name: string }; data: Record<string, string> }[];
  }>('/api/v1/namespaces/default/configmaps');
  return items.find(({ metadata }) => metadata.name === 'desk')?.data;
}

const refusal = async (work: Promise<unknown>): Promise<HelmError> => {
  const error = await work.catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HelmError);
  return error as HelmError;
};

describe('a release in a cluster', () => {
  test('is installed, upgraded, rolled back and taken away', async () => {
    await install(chart, { ...release, values: { light: { colour: 'green' } } });
    expect(await lamp()).toEqual({
      colour: 'green',
      watts: '5',
      kubernetes: expect.stringMatching(/^v1\.\d+\.\d+$/),
      isWatched: 'false',
    });

    await upgrade(chart, { ...release, values: { light: { watts: 9 } } });
    expect(await lamp()).toMatchObject({ colour: 'white', watts: '9' });

    await rollback(release);
    expect(await lamp()).toMatchObject({ colour: 'green', watts: '5' });
    await rollback({ ...release, revision: 2 });
    expect(await lamp()).toMatchObject({ colour: 'white', watts: '9' });

    const { stdout } = await uninstall(release);
    expect(stdout).toBe('release "desk" uninstalled\n');
    expect(await lamp()).toBeUndefined();
  });

  test('is refused in Helm’s words where its values are not what the schema says', async () => {
    const error = await refusal(install(chart, { ...release, values: { light: { colour: 'blue' } } }));
    expect(error.message).toMatch(/^helm install desk ended with code 1:\n/);
    expect(error.message).toContain("at '/light/colour': value must be one of 'white', 'green', 'red'");
    expect(error.result).toMatchObject({ code: 1, stdout: '' });
    expect(await lamp()).toBeUndefined();
  });

  test('is refused in the words of the API server where that refuses it', async () => {
    const broken = await chartWith({
      'templates/lamp.yaml': CHART['templates/lamp.yaml'].replace('Name }}', 'Name }}_'),
    });
    const { message } = await refusal(install(broken, release));
    expect(message).toContain('Invalid value: "desk_"');
  });

  test('is waited for as long as was said, and Helm tells for what', async () => {
    const claim = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: never }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;
    const slow = { ...release, release: 'slow', timeoutMs: 1_000 };
    const { message } = await refusal(
      install(await chartWith({ 'templates/lamp.yaml': claim }), { ...slow, args: ['--wait'] }),
    );
    expect(message).toMatch(/PersistentVolumeClaim\/default\/never not ready/);
    await uninstall(slow);
  });
});

describe('a chart without a cluster', () => {
  test('is rendered as if for the cluster that is told of', async () => {
    const files = await chartWith({ 'values.yaml': 'light: { colour: red, watts: 7 }\n' });
    const text = await template(chart, {
      release: 'hall',
      valuesFiles: [join(files, 'values.yaml')],
      values: { light: { watts: 8 } },
      kubeVersion: '1.31.0',
      apiVersions: ['example.com/v1/Watch'],
    });
    expect(parse(text)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'hall' },
      data: { colour: 'red', watts: '8', kubernetes: 'v1.31.0', isWatched: 'true' },
    });
  });

  test('is found to be sound, and what only advises is wrong where one is strict', async () => {
    expect((await lint(chart)).stdout).toContain('1 chart(s) linted, 0 chart(s) failed');
    const misnamed = await chartWith({ 'Chart.yaml': CHART['Chart.yaml'].replace('0.1.0', '"1"') });
    await lint(misnamed);
    const { message } = await refusal(lint(misnamed, { strict: true }));
    expect(message).toContain('WARNING');
  });
});

describe('what the user has of their own', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = before;
  });

  test('is neither seen nor touched', async () => {
    const own = { HELM_NAMESPACE: 'elsewhere', XDG_CONFIG_HOME: '/elsewhere', KUBECONFIG: release.kubeconfig };
    Object.assign(process.env, own);
    const { stdout } = await helm(['env']);
    expect(stdout).toContain('HELM_NAMESPACE="default"');
    const home = /^HELM_CONFIG_HOME="(.*\/sunward-helm-[^/]+)\//m.exec(stdout)?.[1] ?? '';
    expect(stdout).toContain(`HELM_DATA_HOME="${home}/`);
    expect(stdout).toContain(`HELM_CACHE_HOME="${home}/`);
    expect(await helm(['list'])).toMatchObject({ code: 1, stderr: expect.stringContaining('unreachable') });
    expect(await helm(['list'], release)).toMatchObject({ code: 0 });
  });
});
