import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { installResources } from '../../hack/resources/install.ts';
import { RequestBudgets } from '../../operator/adapters/decorators/http/request-budgets.ts';
import { loadKubeConfig } from '../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../operator/adapters/kubernetes/client/rest-client.ts';
import { CONFIG_MAPS, ConfigMapState } from '../../operator/adapters/kubernetes/config-map-state.ts';
import {
  BUDGETS_CONFIG_MAP,
  MEMORY_CONFIG_MAP,
  OPERATOR_NAME,
  OPERATOR_NAMESPACE,
} from '../../operator/api/v1alpha1/labels.ts';
import { ProviderMetrics } from '../../operator/telemetry/provider-metrics.ts';
import { FakeClock } from '../fixtures/fake-clock.ts';
import { RecordingLogger } from '../fixtures/recording-logger.ts';
import { restClient } from '../fixtures/rest-client.ts';

const START_TIMEOUT_MS = 120_000;
const NAMES = [MEMORY_CONFIG_MAP, BUDGETS_CONFIG_MAP];
const namespace = OPERATOR_NAMESPACE;
const never = new AbortController().signal;

jest.setTimeout(60_000);

let plane: ControlPlane;
/** With the rights of the operator's own ServiceAccount, and no more. */
let operator: RestClient;
let admin: RestClient;

beforeAll(async () => {
  plane = await startControlPlane({ components: [] });
  const [cluster] = plane.clusters;
  await installResources(cluster);
  const { path } = await cluster.kubeconfigForServiceAccount(OPERATOR_NAMESPACE, OPERATOR_NAME);
  operator = restClient(await loadKubeConfig({ path })).api;
  admin = restClient(await loadKubeConfig({ path: cluster.adminKubeconfig.path })).api;
}, START_TIMEOUT_MS);

afterAll(async () => {
  operator.close();
  admin.close();
  await plane.stop();
});

beforeEach(() => Promise.all(NAMES.map(remove)));

async function remove(name: string): Promise<void> {
  await admin
    .delete(CONFIG_MAPS, { namespace, name }, { propagationPolicy: 'Background' }, never)
    .catch(() => undefined);
}

const stateOf = (name: string, api = operator): ConfigMapState => new ConfigMapState(api, { namespace, name });

describe.each(NAMES)('what the operator keeps in ConfigMap %s of a real API server', (name) => {
  test('is nothing at first, and then what was written last', async () => {
    const state = stateOf(name);
    expect(await state.load(never)).toBeUndefined();
    for (const text of ['{"version":1}', 'Ærøskøbing ☀️', '']) {
      await state.save(text, never);
      expect(await stateOf(name).load(never)).toBe(text);
    }
  });

  test('holds against another writer, and where someone has deleted it', async () => {
    const state = stateOf(name);
    await state.save('ours', never);
    await stateOf(name).save('theirs', never);
    await state.save('ours again', never);
    expect(await stateOf(name).load(never)).toBe('ours again');
    await remove(name);
    await state.save('ours once more', never);
    expect(await stateOf(name).load(never)).toBe('ours once more');
  });

  test('may be as large as it is allowed to be', async () => {
    // Noise does not compress: some 740 KiB of it are 740 KiB, and what packing adds.
    const text = randomBytes(740 * 1024).toString('latin1');
    const state = stateOf(name);
    const packedWell = Buffer.from(text, 'latin1').toString('base64');
    await state.save(packedWell, never);
    expect(await stateOf(name).load(never)).toBe(packedWell);
  });
});

test('the operator may read no other ConfigMap of its namespace, nor change one', async () => {
  await stateOf('of-another', admin).save('theirs', never);
  await expect(stateOf('of-another').load(never)).rejects.toMatchObject({ status: 403 });
  await expect(stateOf('of-another').save('ours', never)).rejects.toMatchObject({ status: 403 });
  expect(await stateOf('of-another', admin).load(never)).toBe('theirs');
});

test('budgets are taken up by the process that follows, whatever became of the one before', async () => {
  const clock = new FakeClock();
  const limits = new Map([['vendor', { requests: 100, per: 'Hour' } as const]]);
  const processOf = () =>
    new RequestBudgets({
      limits,
      state: stateOf(BUDGETS_CONFIG_MAP),
      clock,
      logger: new RecordingLogger(),
      metrics: new ProviderMetrics(new Registry()),
    });
  let paid = 0;
  for (let life = 0; life < 20; life++) {
    const budgets = processOf();
    await budgets.load(never);
    const all = await Promise.all(Array.from({ length: 7 }, async () => budgets.of('vendor')?.spend(never)));
    paid += all.filter(Boolean).length;
  }
  expect(paid).toBeLessThanOrEqual(100);
  // At most a block of two is lost with each process.
  expect(paid).toBeGreaterThanOrEqual(80);
});
