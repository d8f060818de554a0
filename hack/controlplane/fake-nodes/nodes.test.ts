import { describe, expect, test } from '@jest/globals';
import { nodesOf } from './nodes.ts';

const group = { region: 'eu-north-1', product: 'NVIDIA-H100-80GB-HBM3', gpus: 8 };

describe('the nodes of a group', () => {
  test('say where they are and what they have', () => {
    const [node] = nodesOf(group);
    expect(node).toMatchObject({
      metadata: {
        name: 'eu-north-1-nvidia-h100-80gb-hbm3-0',
        annotations: { 'kwok.x-k8s.io/node': 'fake' },
        labels: {
          type: 'kwok',
          'topology.kubernetes.io/region': 'eu-north-1',
          'topology.kubernetes.io/zone': 'eu-north-1a',
          'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
        },
      },
      status: { capacity: { 'nvidia.com/gpu': '8' }, allocatable: { 'nvidia.com/gpu': '8' } },
    });
  });

  test('are as many as asked for, each with a name', () => {
    expect(nodesOf({ ...group, count: 3, namePrefix: 'gpu' }).map(({ metadata }) => metadata.name)).toEqual([
      'gpu-0',
      'gpu-1',
      'gpu-2',
    ]);
  });

  test('may have other accelerators, taints and labels', () => {
    const taints = [{ key: 'sunward.dev/demo', effect: 'NoSchedule' as const }];
    const [node] = nodesOf({ ...group, resource: 'amd.com/gpu', product: 'MI300X', taints, labels: { rack: 'b' } });
    expect(node?.status.capacity).toMatchObject({ 'amd.com/gpu': '8' });
    expect(node?.status.capacity).not.toHaveProperty('nvidia.com/gpu');
    expect(node?.metadata.labels).toMatchObject({ 'amd.com/gpu.product': 'MI300X', rack: 'b' });
    expect(node?.spec.taints).toEqual(taints);
  });
});
