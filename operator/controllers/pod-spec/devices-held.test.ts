import { describe, expect, test } from '@jest/globals';
import { devicesHeld, type RawContainer } from './devices-held.ts';

const GPU = 'nvidia.com/gpu';
const container = (gpus: number, restartPolicy?: string): RawContainer => ({
  resources: { requests: { [GPU]: String(gpus) }, limits: { [GPU]: String(gpus) } },
  ...(restartPolicy !== undefined && { restartPolicy }),
});
const sidecar = (gpus: number): RawContainer => container(gpus, 'Always');

describe('a pod holds', () => {
  test('what its containers ask for together', () => {
    expect(devicesHeld({ containers: [container(2), container(1)] }, GPU)).toBe(3);
  });

  test('nothing of what it does not ask for', () => {
    expect(devicesHeld({ containers: [{ resources: { requests: { cpu: '4' } } }, {}] }, GPU)).toBe(0);
    expect(devicesHeld({}, GPU)).toBe(0);
    expect(devicesHeld({ containers: [container(2)] }, 'amd.com/gpu')).toBe(0);
  });

  test('what a limit alone says, before the API server has filled in the request', () => {
    expect(devicesHeld({ containers: [{ resources: { limits: { [GPU]: '4' } } }] }, GPU)).toBe(4);
  });

  test('what an init container needs, where that is more', () => {
    expect(devicesHeld({ containers: [container(1)], initContainers: [container(4), container(2)] }, GPU)).toBe(4);
    expect(devicesHeld({ containers: [container(5)], initContainers: [container(4)] }, GPU)).toBe(5);
  });

  test('what its sidecars ask for beside its containers', () => {
    expect(devicesHeld({ containers: [container(2)], initContainers: [sidecar(1)] }, GPU)).toBe(3);
  });

  test('what an init container needs beside the sidecars that were started before it, not those after', () => {
    const initContainers = [sidecar(1), container(4), sidecar(2)];
    expect(devicesHeld({ containers: [container(1)], initContainers }, GPU)).toBe(5);
  });
});
