import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TOOL_SETUP_MS } from '../../../hack/controlplane/binaries/ensure.ts';
import { startControlPlane } from '../../../hack/controlplane/control-plane.ts';
import type { ControlPlane } from '../../../hack/controlplane/control-plane.ts';
import { loadKubeConfig } from '../../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../../operator/adapters/kubernetes/client/rest-client.ts';
import type { KubernetesObject } from '../../../operator/ports/kubernetes-api.ts';
import { eventually } from '../../fixtures/eventually.ts';
import type { RecordingLogger } from '../../fixtures/recording-logger.ts';
import { restClient } from '../../fixtures/rest-client.ts';
import { CONFIG_MAPS, kubernetesApiContract, WIDGETS } from './contract.ts';
import type { ConfigMap, Widget } from './contract.ts';

const OURS = { fieldManager: 'ours' };
const NAMESPACES = { group: '', version: 'v1', plural: 'namespaces', kind: 'Namespace', namespaced: false };
const LEASES = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', kind: 'Lease', namespaced: true };
const JOBS = { group: 'batch', version: 'v1', plural: 'jobs', kind: 'Job', namespaced: true };
const never = new AbortController().signal;

const WIDGET_DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.dev' },
  spec: {
    group: 'example.dev',
    scope: 'Namespaced',
    names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', properties: { size: { type: 'string', enum: ['small', 'large'] } } },
              status: { type: 'object', properties: { state: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};

let plane: ControlPlane;
let api: RestClient;
let logger: RecordingLogger;
let namespaces = 0;

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  const [cluster] = plane.clusters;
  await cluster.applyManifests([WIDGET_DEFINITION]);
  ({ api, logger } = restClient(await loadKubeConfig({ path: cluster.adminKubeconfig.path })));
  await eventually('widgets are served', () =>
    api
      .listWatch(WIDGETS)
      .list({ limit: 1 }, never)
      .then(
        () => true,
        () => false,
      ),
  );
}, TOOL_SETUP_MS);

afterAll(async () => {
  api.close();
  await plane.stop();
});

async function newNamespace(): Promise<string> {
  namespaces += 1;
  const metadata = { name: `contract-${namespaces}` };
  await api.create(NAMESPACES, { metadata }, OURS, never);
  return metadata.name;
}

kubernetesApiContract(
  'the REST client on a real API server',
  () => Promise.resolve({ api, newNamespace, close: () => Promise.resolve() }),
  TOOL_SETUP_MS,
);

describe('what only a real API server judges', () => {
  const widget = (namespace: string, spec: object): Widget => ({
    apiVersion: 'example.dev/v1',
    kind: 'Widget',
    metadata: { namespace, name: 'a' },
    spec,
  });

  test('an unknown field is refused where Strict is asked for, by every way to write', async () => {
    const namespace = await newNamespace();
    const strict = { ...OURS, fieldValidation: 'Strict' } as const;
    const refused = { status: 400, reason: 'BadRequest' };
    const typo = widget(namespace, { size: 'small', sise: 'small' });
    await expect(api.create(WIDGETS, typo, strict, never)).rejects.toMatchObject(refused);
    await expect(api.create(WIDGETS, typo, strict, never)).rejects.toThrow('unknown field "spec.sise"');
    await expect(api.apply(WIDGETS, typo, strict, never)).rejects.toThrow('.spec.sise: field not declared in schema');
    await api.create(WIDGETS, widget(namespace, { size: 'small' }), strict, never);
    const patched = api.mergePatch(WIDGETS, typo.metadata, { spec: { sise: 'large' } }, strict, never);
    await expect(patched).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
  });

  test('an unknown field is dropped otherwise, and the warning is logged', async () => {
    const namespace = await newNamespace();
    const typo = widget(namespace, { size: 'small', sise: 'small' });
    const created = await api.create(WIDGETS, typo, { ...OURS, fieldValidation: 'Warn' }, never);
    expect(created.spec).toEqual({ size: 'small' });
    expect(logger.of('warn').map(({ fields }) => fields['warning'])).toContain('unknown field "spec.sise"');
  });

  test('a value that the schema forbids is Invalid, and its causes name the field', async () => {
    const namespace = await newNamespace();
    const created = api.create(WIDGETS, widget(namespace, { size: 'huge' }), OURS, never);
    await expect(created).rejects.toMatchObject({ status: 422, reason: 'Invalid', causes: [{ field: 'spec.size' }] });
  });

  test('a Job is judged by a dry run, and not stored', async () => {
    const namespace = await newNamespace();
    const job = (template: object): KubernetesObject => ({
      ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { namespace, name: 'a' } },
      ...{ spec: { template: { spec: template } } },
    });
    const dryRun = { ...OURS, dryRun: true, fieldValidation: 'Strict' } as const;
    const containers = [{ name: 'main', image: 'example.com/image' }];
    await api.create(JOBS, job({ restartPolicy: 'Never', containers }), dryRun, never);
    const wrong = api.create(JOBS, job({ restartPolicy: 'Always', containers }), dryRun, never);
    await expect(wrong).rejects.toMatchObject({ status: 422, causes: [{ field: 'spec.template.spec.restartPolicy' }] });
    await expect(api.get(JOBS, { namespace, name: 'a' }, never)).rejects.toMatchObject({ status: 404 });
  });

  test('a manager that applied a whole Job, and then a part of it, would take the rest back', async () => {
    const namespace = await newNamespace();
    const containers = [{ name: 'main', image: 'example.com/image' }];
    const metadata = { namespace, name: 'a' };
    const head = { apiVersion: 'batch/v1', kind: 'Job', metadata };
    const spec = { suspend: true, template: { spec: { restartPolicy: 'Never', containers } } };
    await api.apply(JOBS, { ...head, spec } as KubernetesObject, OURS, never);
    const part = { ...head, spec: { suspend: false } } as KubernetesObject;
    await expect(api.apply(JOBS, part, OURS, never)).rejects.toMatchObject({ status: 422, reason: 'Invalid' });
    const other = api.apply(JOBS, part, { fieldManager: 'another' }, never);
    await expect(other).rejects.toMatchObject({ status: 409, causes: [{ field: '.spec.suspend' }] });
  });

  test('a replace creates a Lease that is not there, whatever its resourceVersion: only a uid guards it', async () => {
    const namespace = await newNamespace();
    const lease = (metadata: object = {}): KubernetesObject => ({
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' },
      metadata: { namespace, name: 'a', ...metadata },
    });
    const remove = () => api.delete(LEASES, { namespace, name: 'a' }, { propagationPolicy: 'Background' }, never);
    const { uid, resourceVersion } = (await api.replace(LEASES, lease(), OURS, never)).metadata;
    await remove();
    const second = await api.replace(LEASES, lease({ resourceVersion }), OURS, never);
    expect(second.metadata.uid).not.toBe(uid);
    await remove();
    const third = api.replace(LEASES, lease({ uid, resourceVersion }), OURS, never);
    await expect(third).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
  });

  test('a namespace that is not there is NotFound', async () => {
    const created = api.create(WIDGETS, widget('nowhere', { size: 'small' }), OURS, never);
    await expect(created).rejects.toMatchObject({ status: 404, reason: 'NotFound' });
  });

  test('who has no right is Forbidden, and who is unknown is Unauthorized', async () => {
    const nobody = await plane.clusters[0].kubeconfigFor({ user: 'nobody' });
    const kubeConfig = await loadKubeConfig({ path: nobody.path });
    const { api: forbidden } = restClient(kubeConfig);
    const list = (by: RestClient) => by.listWatch<ConfigMap>(CONFIG_MAPS).list({ limit: 1 }, never);
    await expect(list(forbidden)).rejects.toMatchObject({ status: 403, reason: 'Forbidden' });
    forbidden.close();

    const read = async () => {
      const { cert: _cert, key: _key, ...tls } = (await kubeConfig.read()).tls;
      return { headers: { Authorization: 'Bearer of-nobody' }, tls };
    };
    const { api: unknown } = restClient({ server: kubeConfig.server, read });
    await expect(list(unknown)).rejects.toMatchObject({ status: 401, reason: 'Unauthorized' });
    unknown.close();
  });
});
