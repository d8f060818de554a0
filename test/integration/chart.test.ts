import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import type { Revisions } from '../../hack/chart/crd-revisions.ts';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { updateGenerated } from '../../hack/generated-files.ts';
import { helm, install, lint, template, uninstall, upgrade } from '../../hack/helm/helm.ts';
import { NAMESPACE, renderManifests } from '../../hack/render-manifests.ts';

const CHART = 'charts/sunward';
const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const SITE = { region: 'eu-north-1', cluster: { local: {} } };

jest.setTimeout(60_000);

beforeAll(async () => {
  await ensureBinaries(['helm']);
}, TOOL_SETUP_MS);

/** What Helm says to these values. */
async function refusalOf(values: object): Promise<string> {
  const { code, stderr } = await helm(['template', 'sunward', CHART, `--set-json=${JSON.stringify(values)}`]);
  expect(code).not.toBe(0);
  return stderr;
}

describe('the chart, without a cluster', () => {
  test.each([
    ['its own values', []],
    ['the example for production', [`${CHART}/values-production.yaml`]],
  ])('has nothing that a strict lint minds, with %s', async (_, valuesFiles) => {
    expect((await lint(CHART, { strict: true, valuesFiles })).stdout).toContain('0 chart(s) failed');
  });

  test('comes to what deploy/ and test/golden/chart show', async () => {
    const stale: string[] = [];
    const report = (line: string): number => stale.push(line);
    await updateGenerated(await renderManifests(), { check: true, command: 'node hack/render-manifests.ts', report });
    expect(stale).toEqual([]);
  });

  test.each([
    ['a number that is none', { replicas: 'two' }, "at '/replicas': got string, want integer"],
    ['a misspelt value', { replcas: 2 }, "additional properties 'replcas' not allowed"],
    ['a misspelt one far below', { image: { tagg: 'x' } }, "at '/image': additional properties 'tagg' not allowed"],
    ['a site without a spec', { sites: [{ name: 'a' }] }, "at '/sites/0': missing property 'spec'"],
    [
      'a site with a misspelt field',
      { sites: [{ name: 'a', spec: { ...SITE, zoone: 'DE' } }] },
      "at '/sites/0/spec': additional properties 'zoone' not allowed",
    ],
    [
      'a policy that selects nothing in words',
      { policies: [{ name: 'a', spec: { objective: 'Carbon' } }] },
      "at '/policies/0/spec': missing property 'namespaceSelector'",
    ],
    [
      'configuration of the operator that there is not',
      { config: { carbon: { sorces: [] } } },
      "at '/config/carbon': additional properties 'sorces' not allowed",
    ],
    [
      'a length of time without a unit',
      { config: { planning: { slot: '5' } } },
      "at '/config/planning/slot': '5' does not match pattern",
    ],
    [
      'what the chart decides itself',
      { config: { server: { port: 9 } } },
      "at '/config': additional properties 'server' not allowed",
    ],
    [
      'a key that is given in two ways',
      {
        providerKeys: { electricityMaps: { secretName: 'keys' } },
        config: { providers: { electricityMaps: { keyFile: '/key' } } },
      },
      'config.providers.electricityMaps.keyFile and providerKeys.electricityMaps are both set: leave one of them out',
    ],
    [
      'two policies for every namespace',
      { policies: [{ name: 'all', spec: { namespaceSelector: {} } }] },
      'policies all and default each select every namespace, and one namespace has one policy: give all but one a namespaceSelector, or set defaultPolicy.create=false',
    ],
  ])('refuses %s, and says where', async (_, values, message) => {
    expect(await refusalOf(values)).toContain(message);
  });

  test('has no right to all of anything, and none to read Secrets', async () => {
    const rights = await template(CHART, { args: ['--show-only=templates/rbac/operator.yaml'] });
    expect(rights).not.toContain('*');
    expect(await template(CHART)).not.toMatch(/resources: .*secrets/);
  });
});

describe.each([['1.35'], ['1.36']])('the chart on Kubernetes %s', (version) => {
  let plane: ControlPlane;
  let cluster: Cluster;
  let release: { kubeconfig: string; release: string; namespace: string };

  beforeAll(async () => {
    plane = await startControlPlane({
      components: ['kube-controller-manager'],
      ...(version === '1.35' && { emulatedVersion: version }),
    });
    [cluster] = plane.clusters;
    release = { kubeconfig: cluster.adminKubeconfig.path, release: 'sunward', namespace: NAMESPACE.metadata.name };
  }, TOOL_SETUP_MS);

  afterAll(() => plane.stop());

  test('is installed in a namespace that lets in restricted pods only, and tells the next three commands', async () => {
    await cluster.applyManifests([NAMESPACE]);
    const { stdout, stderr } = await install(CHART, release);
    expect(stderr).not.toMatch(/warn/i);
    expect(stdout).toMatch(/1\. Say where.*2\. Run a job.*3\. See when and where/s);
    expect(stdout).not.toContain('NOTE:');
  });

  test('has pods that are let in', async () => {
    const path = `/apis/apps/v1/namespaces/${NAMESPACE.metadata.name}/deployments/sunward`;
    const deployment = await cluster.request<{ spec: { template: object } }>(path);
    const pod = { apiVersion: 'v1', kind: 'Pod', ...deployment.spec.template, metadata: { name: 'one-of-them' } };
    await cluster.request(`/api/v1/namespaces/${NAMESPACE.metadata.name}/pods?dryRun=All`, {
      method: 'POST',
      body: pod,
    });
  });

  test('is not installed a second time beside itself', async () => {
    const second = install(CHART, { ...release, release: 'another', namespace: 'default' });
    await expect(second).rejects.toThrow('invalid ownership metadata');
  });

  test('says which Secret is missing, and that another policy selects every namespace', async () => {
    const spec = { namespaceSelector: {} };
    await cluster.applyManifests([
      { apiVersion: 'sunward.dev/v1alpha1', kind: 'CarbonPolicy', metadata: { name: 'mine' }, spec } as never,
    ]);
    const values = { providerKeys: { electricityMaps: { secretName: 'keys' } } };
    const { stdout } = await upgrade(CHART, { ...release, values });
    expect(stdout).toContain('there is no Secret keys in namespace sunward-system (providerKeys.electricityMaps)');
    expect(stdout).toContain('CarbonPolicy mine selects every namespace');
  });

  test('refuses definitions of an older version, with the command that renews them', async () => {
    const name = 'computesites.sunward.dev';
    const revisions = JSON.parse(await readFile('hack/chart/crd-revisions.json', 'utf8')) as Revisions;
    const needed = revisions[name]?.revision;
    const body = { metadata: { annotations: { 'sunward.dev/revision': '0' } } };
    const contentType = 'application/merge-patch+json';
    await cluster.request(`${CRDS}/${name}`, { method: 'PATCH', body, contentType });
    await expect(upgrade(CHART, release)).rejects.toThrow(
      `the cluster has revision 0 of CustomResourceDefinition ${name}, and this version of Sunward needs ${String(needed)}. Helm never changes definitions, so do that first, with the same --version as here: helm show crds CHART | kubectl apply --server-side --force-conflicts -f -`,
    );
    const { stdout: crds } = await helm(['show', 'crds', CHART]);
    const applied = await cluster.kubectl(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: crds });
    expect(applied).toMatchObject({ code: 0, stderr: '' });
    await upgrade(CHART, release);
  });

  test('is taken away', async () => {
    await uninstall(release);
    const { items } = await cluster.request<{ items: readonly object[] }>(
      `/apis/apps/v1/namespaces/${NAMESPACE.metadata.name}/deployments`,
    );
    expect(items).toEqual([]);
  });
});
