import { describe, expect, test } from '@jest/globals';
import { aSlice } from '../../../test/builders/cluster.ts';
import { projectSlice } from './slice-facts.ts';

describe('a ResourceSlice', () => {
  test('of accelerators says whose node has how many', () => {
    expect(projectSlice(aSlice('s', 'a', 4))).toEqual({ name: 's', node: 'a', driver: 'gpu.nvidia.com', devices: 4 });
  });

  test('of other devices, of no node, or without devices is left out', () => {
    expect(projectSlice(aSlice('s', 'a', 4, 'dra.net'))).toBeUndefined();
    expect(projectSlice(aSlice('s', '', 4))).toBeUndefined();
    expect(projectSlice(aSlice('s', 'a', 0))).toBeUndefined();
    expect(projectSlice({ metadata: { name: 's' } })).toBeUndefined();
  });

  test('of a driver that the operator is told of counts as well', () => {
    expect(projectSlice(aSlice('s', 'a', 4, 'gpu.example.dev'), ['gpu.example.dev'])?.devices).toBe(4);
  });
});
