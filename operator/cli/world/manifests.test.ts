import { describe, expect, test } from '@jest/globals';
import { aCarbonAwareJob } from '../../../test/builders/carbon-aware-job.ts';
import { aComputeSite, aNode, aPod } from '../../../test/builders/cluster.ts';
import { UsageError } from '../answer.ts';
import { readManifests } from './manifests.ts';

function manifestsOf(...objects: readonly object[]) {
  return readManifests(objects.map((object) => JSON.stringify(object)).join('\n---\n'), 'all.yaml');
}

/** What it says of them, line by line. */
function refusalOf(...objects: readonly object[]): readonly string[] {
  try {
    manifestsOf(...objects);
  } catch (error) {
    if (error instanceof UsageError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const POD = { apiVersion: 'v1', kind: 'Pod', ...aPod('p', 'gpu-1') };

describe('objects of the right shape', () => {
  test('are as they are in the file', () => {
    const node = { apiVersion: 'v1', kind: 'Node', ...aNode('gpu-1') };
    const objects = [aComputeSite('stockholm'), aCarbonAwareJob(), POD, node];
    expect(manifestsOf(...objects).objects).toEqual(objects);
  });

  test('lack what stands there as null', () => {
    const pod = { ...POD, metadata: { ...POD.metadata, creationTimestamp: null, labels: null }, status: null };
    const { status: _, ...rest } = POD;
    expect(manifestsOf(pod).objects).toEqual([rest]);
  });
});

describe('objects of another shape', () => {
  test.each<[string, object, string]>([
    [
      'the status of a site',
      { ...aComputeSite('x'), status: { accelerators: 'foo' } },
      'ComputeSite x, status.accelerators: "foo" is not a list; write its members below it, each after a dash',
    ],
    [
      'the status of a job',
      { ...aCarbonAwareJob({ metadata: { name: 'j', namespace: 'research' } }), status: { attempts: [{ number: 1 }] } },
      'CarbonAwareJob research/j, status.attempts[0].site is missing; write it',
    ],
    [
      'the owners of a pod',
      { ...POD, metadata: { ...POD.metadata, ownerReferences: 'foo' } },
      'Pod research/p, metadata.ownerReferences: "foo" is not a list; write its members below it, each after a dash',
    ],
    [
      'the containers of a pod',
      { ...POD, spec: { containers: [null] } },
      'Pod research/p, spec.containers[0] is missing; write it, or take its dash away',
    ],
    [
      'the labels of a node',
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'gpu-1', labels: { rack: 7 } } },
      'Node gpu-1, metadata.labels.rack: 7 is not a text; put it in quotes',
    ],
    [
      'the conditions of a Job',
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j' }, status: { conditions: {} } },
      'Job j, status.conditions is not a list; write its members below it, each after a dash',
    ],
    [
      'the owners of what pods are a part of',
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'r', ownerReferences: [{ kind: 'Deployment' }] } },
      'ReplicaSet r, metadata.ownerReferences[0].name is missing; write it',
    ],
  ])('are refused with file, object and field: %s', (_, object, expected) => {
    const [first, ...lines] = refusalOf(object);
    expect(first).toBe("all.yaml can't be used:");
    expect(lines).toContain(`  ${expected}`);
  });

  test('are refused all at once', () => {
    const odd = (name: string) => ({ ...POD, metadata: { name }, spec: 'foo' });
    expect(refusalOf(odd('a'), POD, odd('b'))).toEqual([
      "all.yaml can't be used:",
      '  Pod a, spec: "foo" is not an object; write fields below it',
      '  Pod b, spec: "foo" is not an object; write fields below it',
    ]);
  });

  test('are left to who reads specs of ours, and says what is wrong with them', () => {
    expect(refusalOf({ ...aComputeSite('x'), spec: 'foo' })).toEqual([]);
  });
});
