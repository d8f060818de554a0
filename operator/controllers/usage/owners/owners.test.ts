import { describe, expect, test } from '@jest/globals';
import { RecordingLogger } from '../../../../test/fixtures/recording-logger.ts';
import {
  KubernetesApiError,
  type KubernetesObject,
  type ObjectReference,
  type OwnerReference,
  type ResourceType,
} from '../../../ports/kubernetes-api.ts';
import { Owners, type Owned } from './owners.ts';

const never = new AbortController().signal;

interface Item {
  readonly kind: string;
  /** Default: the kind in small letters. */
  readonly name?: string;
  readonly apiVersion?: string;
  readonly above?: Item;
  readonly uid?: string;
}

function referenceTo({ apiVersion = 'apps/v1', kind, name = kind.toLowerCase(), ...item }: Item): OwnerReference {
  return { apiVersion, kind, name, uid: item.uid ?? `uid-${kind}-${name}`, controller: true };
}

const pytorch: Item = { kind: 'PyTorchJob', apiVersion: 'kubeflow.org/v1' };
const rayJob: Item = { kind: 'RayJob', apiVersion: 'ray.io/v1' };
const cluster: Item = { kind: 'RayCluster', apiVersion: 'ray.io/v1', above: rayJob };
const deployment: Item = { kind: 'Deployment' };
const replicaSet: Item = { kind: 'ReplicaSet', above: deployment };
const trainJob: Item = { kind: 'TrainJob', apiVersion: 'trainer.kubeflow.org/v1alpha1' };
const jobSet: Item = { kind: 'JobSet', apiVersion: 'jobset.x-k8s.io/v1alpha2', above: trainJob };
const job: Item = { kind: 'Job', apiVersion: 'batch/v1', above: jobSet };

/** Each group of a LeaderWorkerSet has a leader, a pod, that controls the StatefulSet of its workers. */
const group: Item = { kind: 'LeaderWorkerSet', name: 'vllm', apiVersion: 'leaderworkerset.x-k8s.io/v1' };
const leaders: Item = { kind: 'StatefulSet', name: 'vllm', above: group };
const leader: Item = { kind: 'Pod', name: 'vllm-0', apiVersion: 'v1', above: leaders };
const workers: Item = { kind: 'StatefulSet', name: 'vllm-0', above: leader };

/** An API server of these, which counts what it is asked. */
function world(items: readonly Item[], failures: Readonly<Record<string, number>> = {}) {
  const asked: string[] = [];
  const logger = new RecordingLogger();
  const failing = new Map(Object.entries(failures));
  const api = {
    get: <T extends KubernetesObject>(resource: ResourceType, ref: ObjectReference): Promise<T> => {
      asked.push(resource.kind);
      const item = items.find((one) => one.kind === resource.kind && referenceTo(one).name === ref.name);
      const status = failing.get(resource.kind) ?? (item === undefined ? 404 : undefined);
      if (status !== undefined || item === undefined) {
        return Promise.reject(new KubernetesApiError({ status: status ?? 404, reason: 'No', message: 'no' }));
      }
      const { name, uid } = referenceTo(item);
      const ownerReferences = item.above === undefined ? [] : [referenceTo(item.above)];
      return Promise.resolve({ metadata: { name, uid, ownerReferences } } as unknown as T);
    },
  };
  return { owners: new Owners({ api, logger }), asked, logger, failing };
}

const podOf = (item: Item): Owned => ({ namespace: 'research', first: referenceTo(item) });

describe('the workload of a pod', () => {
  test.each([
    [replicaSet, [replicaSet, deployment], 'Deployment'],
    [job, [job, jobSet, trainJob], 'TrainJob'],
    [cluster, [cluster, rayJob], 'RayJob'],
    [pytorch, [], 'PyTorchJob'],
  ])('is the end of its chain: %j', async (first, items, kind) => {
    const { owners } = world(items);
    await owners.follow([podOf(first)], never);
    expect(owners.workloadOf(podOf(first))).toMatchObject({ namespace: 'research', kind, name: kind.toLowerCase() });
  });

  test('is not another one because a pod names its uid as that of something else', async () => {
    const { owners } = world([replicaSet, deployment]);
    const { uid } = referenceTo(replicaSet);
    const liar: Owned = {
      namespace: 'elsewhere',
      first: { ...referenceTo({ kind: 'Widget', apiVersion: 'example.com/v1', uid }), name: 'mine' },
    };
    await owners.follow([liar, podOf(replicaSet)], never);
    expect(owners.workloadOf(podOf(replicaSet)).kind).toBe('Deployment');
    expect(owners.workloadOf(liar)).toMatchObject({ namespace: 'elsewhere', kind: 'Widget', name: 'mine' });
    await owners.follow([podOf(replicaSet)], never);
    await owners.follow([liar, podOf(replicaSet)], never);
    expect(owners.workloadOf(liar).kind).toBe('Widget');
  });

  test('is what controls the pod until the rest is known', () => {
    expect(world([]).owners.workloadOf(podOf(replicaSet)).kind).toBe('ReplicaSet');
  });

  test('without a controller is the pod', async () => {
    const { owners } = world([]);
    const pod = podOf({ kind: 'Pod', apiVersion: 'v1' });
    await owners.follow([pod], never);
    expect(owners.workloadOf(pod)).toEqual({
      namespace: 'research',
      apiVersion: 'v1',
      kind: 'Pod',
      name: 'pod',
      uid: 'uid-Pod-pod',
    });
  });

  test('is the same LeaderWorkerSet for the leader and the workers of a group', async () => {
    const { owners, asked } = world([workers, leader, leaders, group]);
    const pods = [podOf(leaders), podOf(workers)];
    await owners.follow(pods, never);
    const [ofLeader, ofWorkers] = pods.map((pod) => owners.workloadOf(pod));
    expect(ofLeader).toMatchObject({ kind: 'LeaderWorkerSet', name: 'vllm' });
    expect(ofWorkers).toEqual(ofLeader);
    expect(asked).toEqual(['StatefulSet', 'StatefulSet', 'Pod']);
  });

  test('is the leader of before where another pod has its name by now', async () => {
    const { owners } = world([{ ...workers, above: { ...leader, uid: 'of-before' } }, leader, leaders, group]);
    await owners.follow([podOf(workers)], never);
    expect(owners.workloadOf(podOf(workers))).toMatchObject({ kind: 'Pod', name: 'vllm-0', uid: 'of-before' });
  });

  test('is what is left where an owner is gone, or another has its name', async () => {
    const { owners } = world([]);
    await owners.follow([podOf(replicaSet)], never);
    expect(owners.workloadOf(podOf(replicaSet)).kind).toBe('ReplicaSet');
    const reborn = world([replicaSet]);
    const before = podOf({ ...replicaSet, uid: 'of-before' });
    await reborn.owners.follow([before], never);
    expect(reborn.owners.workloadOf(before).kind).toBe('ReplicaSet');
  });
});

describe('an owner', () => {
  test('is asked for once, however many pods it has and however often', async () => {
    const { owners, asked } = world([replicaSet, deployment]);
    const pods = [podOf(replicaSet), podOf(replicaSet)];
    await owners.follow(pods, never);
    await owners.follow(pods, never);
    expect(asked).toEqual(['ReplicaSet', 'Deployment']);
  });

  test('is forgotten once no pod hangs on it', async () => {
    const { owners, asked } = world([replicaSet, deployment]);
    await owners.follow([podOf(replicaSet)], never);
    await owners.follow([], never);
    await owners.follow([podOf(replicaSet)], never);
    expect(asked).toEqual(['ReplicaSet', 'Deployment', 'ReplicaSet', 'Deployment']);
  });

  test('that could not be asked for is asked for again', async () => {
    const { owners, failing } = world([replicaSet, deployment], { ReplicaSet: 0 });
    await owners.follow([podOf(replicaSet)], never);
    expect(owners.workloadOf(podOf(replicaSet)).kind).toBe('ReplicaSet');
    failing.clear();
    await owners.follow([podOf(replicaSet)], never);
    expect(owners.workloadOf(podOf(replicaSet)).kind).toBe('Deployment');
  });

  test('that may not be read is asked for once, and that is said once of its kind', async () => {
    const { owners, asked, logger } = world([], { Job: 403 });
    await owners.follow([podOf(job), podOf({ ...job, uid: 'another' })], never);
    await owners.follow([podOf({ ...job, uid: 'third' })], never);
    await owners.follow([podOf({ ...job, uid: 'third' })], never);
    expect(asked).toHaveLength(3);
    expect(logger.of('warn')).toHaveLength(1);
    expect(owners.workloadOf(podOf(job)).kind).toBe('Job');
  });

  test.each([
    ['.', 'apps/v1'],
    ['../secrets/key', 'apps/v1'],
    ['', 'apps/v1'],
    ['chat', 'apps/v1/namespaces'],
    ['chat', 'apps/..'],
  ])('that is called %j of %j is asked for nowhere', async (name, apiVersion) => {
    const { owners, asked } = world([replicaSet, deployment]);
    await owners.follow([{ namespace: 'research', first: { ...referenceTo(replicaSet), name, apiVersion } }], never);
    expect(asked).toEqual([]);
  });

  test('that controls itself ends the chain', async () => {
    const round: { kind: string; above?: Item } = { kind: 'ReplicaSet' };
    round.above = round;
    const { owners } = world([round]);
    await owners.follow([podOf(round)], never);
    expect(owners.workloadOf(podOf(round)).kind).toBe('ReplicaSet');
  });

  test('is not asked for once everything is called off', async () => {
    const { owners, asked } = world([replicaSet]);
    const abort = AbortSignal.abort(new Error('stopping'));
    await expect(owners.follow([podOf(replicaSet)], abort)).rejects.toThrow('stopping');
    expect(asked).toEqual([]);
  });
});
