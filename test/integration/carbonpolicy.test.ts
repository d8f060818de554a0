import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startControlPlane, type Cluster, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { installResources } from '../../hack/resources/install.ts';
import type { CarbonPolicy, CarbonPolicySpec } from '../../operator/api/v1alpha1/carbon-policy.generated.ts';
import { OPERATOR_NAME, OPERATOR_NAMESPACE } from '../../operator/api/v1alpha1/labels.ts';
import { eventually } from '../fixtures/eventually.ts';
import { startPolicyOperator, type RunningOperator } from '../fixtures/site-operator.ts';

const START_TIMEOUT_MS = 120_000;
const POLICIES = '/apis/sunward.dev/v1alpha1/carbonpolicies';

jest.setTimeout(60_000);

let plane: ControlPlane;
let cluster: Cluster;
let operator: RunningOperator;

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  cluster = plane.clusters[0];
  await installResources(cluster);
  const { path } = await cluster.kubeconfigForServiceAccount(OPERATOR_NAMESPACE, OPERATOR_NAME);
  operator = await startPolicyOperator(path);
}, START_TIMEOUT_MS);

afterAll(async () => {
  await operator.stop();
  await plane.stop();
});

const research = { matchLabels: { team: 'research' } };

async function createNamespace(name: string, labels: Record<string, string>): Promise<void> {
  const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  await cluster.request('/api/v1/namespaces', { method: 'POST', body });
}

async function label(namespace: string, labels: Record<string, string | null>): Promise<void> {
  const contentType = 'application/merge-patch+json';
  const body = { metadata: { labels } };
  await cluster.request(`/api/v1/namespaces/${namespace}`, { method: 'PATCH', contentType, body });
}

async function createPolicy(name: string, spec: CarbonPolicySpec): Promise<void> {
  const body = { apiVersion: 'sunward.dev/v1alpha1', kind: 'CarbonPolicy', metadata: { name }, spec };
  await cluster.request(POLICIES, { method: 'POST', body });
}

async function statusOnce(name: string, wanted: { reason: string; namespaces: number }): Promise<string> {
  let last: CarbonPolicy['status'];
  const isWanted = async (): Promise<boolean> => {
    last = (await cluster.request<CarbonPolicy>(`${POLICIES}/${name}`)).status;
    return last?.conditions?.[0]?.reason === wanted.reason && last.namespaces === wanted.namespaces;
  };
  await eventually(`policy ${name} is as wanted`, isWanted, 15_000).catch((cause: unknown) => {
    throw new Error(`the status of ${name} is ${JSON.stringify(last)}`, { cause });
  });
  return last?.conditions?.[0]?.message ?? '';
}

describe('the status of a policy', () => {
  test('follows the namespaces that come and their labels', async () => {
    await createPolicy('research', { namespaceSelector: research });
    await statusOnce('research', { reason: 'SelectsNothing', namespaces: 0 });
    await createNamespace('vision', { team: 'research' });
    await statusOnce('research', { reason: 'Governs', namespaces: 1 });
    await createNamespace('audio', {});
    await label('audio', { team: 'research' });
    expect(await statusOnce('research', { reason: 'Governs', namespaces: 2 })).toBe('governs 2 namespaces');
    await label('audio', { team: null });
    await statusOnce('research', { reason: 'Governs', namespaces: 1 });
  });

  test('follows the policies that go before it, and those that go away', async () => {
    await createPolicy('vision-only', {
      namespaceSelector: {
        ...research,
        matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['vision'] }],
      },
    });
    await statusOnce('vision-only', { reason: 'Governs', namespaces: 1 });
    const message = await statusOnce('research', { reason: 'Overruled', namespaces: 0 });
    expect(message).toContain('vision (vision-only)');
    await cluster.request(`${POLICIES}/vision-only`, { method: 'DELETE' });
    await statusOnce('research', { reason: 'Governs', namespaces: 1 });
  });

  test('follows its own selector', async () => {
    const contentType = 'application/merge-patch+json';
    const body = { spec: { namespaceSelector: { matchLabels: { team: 'nobody' } } } };
    await cluster.request(`${POLICIES}/research`, { method: 'PATCH', contentType, body });
    await statusOnce('research', { reason: 'SelectsNothing', namespaces: 0 });
    const { metadata, status } = await cluster.request<CarbonPolicy>(`${POLICIES}/research`);
    expect(status?.observedGeneration).toBe(metadata.generation);
    expect(metadata.generation).toBe(2);
  });
});

test('nothing went wrong on the way', () => {
  expect(operator.logger.of('error')).toEqual([]);
});
