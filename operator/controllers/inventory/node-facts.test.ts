import { describe, expect, test } from '@jest/globals';
import { aNode } from '../../../test/builders/cluster.ts';
import { H100 } from '../../../test/builders/planning.ts';
import { ACCELERATOR_RESOURCES } from '../../domain/accelerators/accelerator-resource.ts';
import { projectNode, sameNode, type RawNode } from './node-facts.ts';

const facts = (node: RawNode) => projectNode(node, ACCELERATOR_RESOURCES);

describe('a node', () => {
  test('has its region, its product and its devices', () => {
    expect(facts(aNode('a'))).toEqual({
      name: 'a',
      region: 'north',
      acceptsWork: true,
      accelerators: [{ resource: 'nvidia.com/gpu', product: H100, allocatable: 8 }],
    });
  });

  test('of another vendor is known by the label of that vendor', () => {
    const status = { ...aNode('a').status, allocatable: { 'amd.com/gpu': '4' } };
    const node = aNode('a', { status, labels: { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM' } });
    expect(facts(node).accelerators).toEqual([
      { resource: 'amd.com/gpu', product: 'AMD_Instinct_MI300X_OAM', allocatable: 4 },
    ]);
  });

  test('without a product label has accelerators of no known product', () => {
    const { metadata, ...rest } = aNode('a');
    const node = { ...rest, metadata: { ...metadata, labels: { 'topology.kubernetes.io/region': 'north' } } };
    expect(facts(node).accelerators).toEqual([{ resource: 'nvidia.com/gpu', product: undefined, allocatable: 8 }]);
  });

  test('whose device plugin offers none has none, and neither has one that never reported', () => {
    const status = { ...aNode('a').status, allocatable: { 'nvidia.com/gpu': '0' } };
    expect(facts(aNode('a', { status })).accelerators).toEqual([]);
    expect(facts({ metadata: { name: 'bare' } })).toEqual({
      name: 'bare',
      region: undefined,
      acceptsWork: false,
      accelerators: [],
    });
  });

  test('that offers none for a while, and has the label of their product, still tells it', () => {
    const status = { ...aNode('a').status, allocatable: { 'nvidia.com/gpu': '0' } };
    const node = facts(aNode('a', { status }));
    expect(node.withoutDevices).toEqual([{ resource: 'nvidia.com/gpu', product: H100 }]);
    expect(sameNode(node, facts(aNode('a', { status })))).toBe(true);
    expect(sameNode(node, { ...node, withoutDevices: [] })).toBe(false);
  });

  test.each([
    ['is cordoned', { spec: { unschedulable: true } }],
    ['is not Ready', { status: { conditions: [{ type: 'Ready', status: 'False' }] } }],
    ['was not heard of', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }],
    ['is out of reach', { spec: { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] } }],
    ['is to be scaled away', { spec: { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] } }],
    ['is to be replaced', { spec: { taints: [{ key: 'karpenter.sh/disrupted', effect: 'NoSchedule' }] } }],
  ])('accepts no work when it %s', (_, overrides) => {
    expect(facts(aNode('a', overrides)).acceptsWork).toBe(false);
  });

  test('accepts no work when it is being deleted', () => {
    const node = aNode('a');
    const metadata = { ...node.metadata, deletionTimestamp: '2026-06-01T00:00:00Z' };
    expect(facts({ ...node, metadata }).acceptsWork).toBe(false);
  });

  test.each([
    ['it is kept for those who tolerate its taint', { key: 'nvidia.com/gpu', effect: 'NoSchedule' }],
    ['a taint only asks to stay away', { key: 'node.kubernetes.io/memory-pressure', effect: 'PreferNoSchedule' }],
  ])('accepts work when %s', (_, taint) => {
    expect(facts(aNode('a', { spec: { taints: [taint] } })).acceptsWork).toBe(true);
  });
});

test('a heartbeat is no difference, a device less is one', () => {
  const node = facts(aNode('a'));
  expect(sameNode(node, facts(aNode('a')))).toBe(true);
  expect(sameNode(node, { ...node, acceptsWork: false })).toBe(false);
  expect(sameNode(node, { ...node, region: 'south' })).toBe(false);
  expect(sameNode(node, { ...node, accelerators: [] })).toBe(false);
  expect(sameNode(node, { ...node, accelerators: node.accelerators.map((one) => ({ ...one, allocatable: 7 })) })).toBe(
    false,
  );
});
