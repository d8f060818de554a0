import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildBundle } from '../../hack/build/build-bundle.ts';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { install, rollback, uninstall, upgrade } from '../../hack/helm/helm.ts';
import { MEMORY_CONFIG_MAP, OPERATOR_NAME, OPERATOR_NAMESPACE } from '../../operator/api/v1alpha1/labels.ts';
import { HOUR_MS } from '../../operator/domain/units.ts';
import { CHART, ChartWorld } from '../fixtures/chart/chart-world.ts';
import { grantedRights, usesOf } from '../fixtures/chart/used-rights.ts';
import { everyObject } from '../fixtures/whole-cluster.ts';

jest.setTimeout(120_000);

const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases/${OPERATOR_NAME}`;
const LEARNT = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/configmaps/${MEMORY_CONFIG_MAP}`;

beforeAll(async () => {
  await ensureBinaries(['helm']);
  await buildBundle();
}, TOOL_SETUP_MS);

describe.each([
  ['1.35', { emulatedVersion: '1.35' }],
  ['1.36', {}],
])('the chart, installed by Helm on Kubernetes %s', (_, options) => {
  let world: ChartWorld;
  let before: readonly string[];

  beforeAll(async () => {
    world = await ChartWorld.start(options);
    before = await everyObject(world.cluster);
  }, TOOL_SETUP_MS);

  afterAll(() => world.stop());

  test('has pods that become ready, one of which leads', async () => {
    const { stdout } = await install(await world.previousChart('0.0.9'), world.release);
    expect(stdout).toContain('Sunward 0.0.9 is installed in namespace sunward-system.');
    const pods = await world.rollOut();
    const { spec } = await waitFor({ for: 'a leader', timeoutMs: 30_000 }, () =>
      world.cluster.request<{ spec: { holderIdentity: string } }>(LEASE),
    );
    expect(pods).toContain(spec.holderIdentity.split('_')[0]);
  });

  test('runs one job at once, to its end, lets another wait for cleaner power, and misses one that is gone', async () => {
    await world.submit('now', { maxDelay: '1m', ttlSecondsAfterFinished: 0 });
    await world.submit('later', { maxDelay: '12h' });
    await world.submit('long', { maxDelay: '1m', runFor: '10m' });
    await world.submit('lost', { maxDelay: '1m', runFor: '10m' });
    const { status } = await world.until('later', 'Waiting');
    expect(status?.plan).toMatchObject({ site: 'stockholm', dataSource: 'electricity-maps (LiveForecast)' });
    expect(Date.parse(status?.plan?.starts ?? '')).toBeGreaterThan(world.cleanFrom - HOUR_MS);
    await world.until('now', 'Succeeded');
    await world.untilActive('long');
    await world.untilActive('lost');
    await world.deleteJob('lost');
    await world.until('lost', 'Failed');
  });

  test('is upgraded, and rolled back, without a touch on jobs that wait or run', async () => {
    const jobs = await world.whatJobsAre();
    expect((await upgrade(CHART, world.release)).stdout).not.toContain('0.0.9');
    await world.rollOut();
    expect(await world.whatJobsAre()).toEqual(jobs);
    await rollback(world.inCluster);
    await world.rollOut();
    expect(await world.whatJobsAre()).toEqual(jobs);
  });

  test('is taken away with all that it brought but the definitions and what was learnt, and leaves every job', async () => {
    const jobs = await world.whatJobsAre();
    await world.takeDown();
    await uninstall(world.inCluster);
    expect(await world.whatJobsAre()).toEqual(jobs);
    const left = (await everyObject(world.cluster)).filter((object) => !before.includes(object));
    expect(left.filter((object) => object.includes('sunward') && !object.includes(' default/'))).toEqual([
      '/api/v1/configmaps sunward-system/sunward-carbon-memory',
      '/api/v1/configmaps sunward-system/sunward-request-budgets',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions /carbonawarejobs.sunward.dev',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions /carbonpolicies.sunward.dev',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions /computesites.sunward.dev',
      '/apis/apiregistration.k8s.io/v1/apiservices /v1alpha1.sunward.dev',
      '/apis/coordination.k8s.io/v1/leases sunward-system/sunward',
    ]);
  });

  test('is installed again, and goes on where it was', async () => {
    await install(CHART, world.release);
    await world.rollOut();
    await world.submit('after', { maxDelay: '1m' });
    await world.until('after', 'Succeeded');
    await world.until('later', 'Waiting');
    await world.untilActive('long');
  });

  test('tells whose the accelerators are that others hold, by what their pods are a part of', async () => {
    await world.holdAccelerators();
    const holders = await waitFor({ for: 'all of them to be reported', timeoutMs: 30_000 }, async () => {
      const found = (await world.holders()).filter((holder) => !holder.startsWith('CarbonAwareJob'));
      return found.length === 5 && !/ReplicaSet|Job s|Pod /.test(found.join()) ? found : undefined;
    });
    expect([...holders].sort()).toEqual([
      'Deployment chat of speech',
      'JobSet simulation of default',
      'RayCluster tuning of default',
      'StatefulSet index of search',
      'StatefulSet writing of default',
    ]);
  });

  test('keeps, in place of what was learnt before, what it has learnt since', async () => {
    const kept = async () => (await world.cluster.request<{ binaryData: object }>(LEARNT)).binaryData;
    const before = await kept();
    await world.untilMoreIsLearnt();
    await world.takeDown();
    expect(await kept()).not.toEqual(before);
  });

  test('grants each right that the operator has used, and none that it has not', async () => {
    const user = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_NAME}`;
    const events = (await world.cluster.auditEvents()).filter((event) => event.user.username === user);
    expect(events.filter(({ responseStatus }) => responseStatus?.code === 403)).toEqual([]);
    const granted = await grantedRights(world.cluster, OPERATOR_NAMESPACE, OPERATOR_NAME);
    const used = usesOf(events, granted);
    expect(used.filter((right) => !granted.includes(right))).toEqual([]);
    // Asked of nobody: the API server looks for it where a Job's ownerReference blocks a deletion.
    const held = 'update sunward.dev/carbonawarejobs/finalizers';
    expect(granted.filter((right) => !used.includes(right))).toEqual([held]);
  });
});
