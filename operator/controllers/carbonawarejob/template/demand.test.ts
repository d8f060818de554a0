import { describe, expect, test } from '@jest/globals';
import { aJobTemplate } from '../../../../test/builders/carbon-aware-job.ts';
import { demandOf, productLabelOf } from './demand.ts';

const gpus = (count: number | string, resource = 'nvidia.com/gpu') => ({
  resources: { limits: { [resource]: count } },
});
const devices = (podSpec: object, spec: object = {}) =>
  demandOf(aJobTemplate({ podSpec: { ...podSpec }, spec: { ...spec } })).devices;

describe('the accelerators that a template holds', () => {
  test('are those of all containers of a pod', () => {
    expect(devices({ containers: [gpus('2'), gpus('1')] })).toBe(3);
  });

  test('are those of all pods that run at once', () => {
    const podSpec = { containers: [gpus('8')] };
    expect(devices(podSpec, { parallelism: 4 })).toBe(32);
    expect(devices(podSpec, { parallelism: 4, completions: 2 })).toBe(16);
    expect(devices(podSpec, { completions: 10 })).toBe(8);
    expect(devices(podSpec, { parallelism: 0 })).toBe(0);
  });

  test('count an init container only where it needs more than the rest', () => {
    expect(devices({ initContainers: [gpus('1')], containers: [gpus('2')] })).toBe(2);
    expect(devices({ initContainers: [gpus('4')], containers: [gpus('2')] })).toBe(4);
  });

  test('count a sidecar beside the containers', () => {
    expect(devices({ initContainers: [{ ...gpus('1'), restartPolicy: 'Always' }], containers: [gpus('2')] })).toBe(3);
  });

  test('may be written as a number', () => {
    expect(devices({ containers: [gpus(4)] })).toBe(4);
  });

  test('are of the first vendor that the template asks for', () => {
    const template = aJobTemplate({ podSpec: { containers: [gpus('2', 'amd.com/gpu')] } });
    expect(demandOf(template)).toMatchObject({ resource: 'amd.com/gpu', devices: 2, otherPower: 0 });
    expect(productLabelOf('amd.com/gpu')).toBe('amd.com/gpu.product-name');
  });

  test('are none where it asks for none; then its CPUs draw power', () => {
    const podSpec = { containers: [{ resources: { requests: { cpu: '1500m' } } }, { name: 'no-request' }] };
    const demand = demandOf(aJobTemplate({ podSpec, spec: { parallelism: 2 } }));
    expect(demand.devices).toBe(0);
    expect(demand.otherPower).toBeCloseTo(2 * 2.5 * 2.12, 6);
  });

  test.each([undefined, 'text', { spec: { parallelism: 'four', template: { spec: { containers: 'none' } } } }])(
    'are none in a template of a wrong shape: %j',
    (template) => {
      expect(demandOf(template).devices).toBe(0);
    },
  );
});
