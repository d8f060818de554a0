import { expect, test } from '@jest/globals';
import type { DemoDay } from './demo-day.ts';
import { pressed } from './press.ts';

const day: DemoDay = { midnight: Date.parse('2026-11-22T10:00:00Z'), hour: 6_000 };

test('lengths and times of our resources are pressed, wherever they stand', () => {
  const manifest = {
    spec: {
      expectedDuration: '2h',
      completeBy: '2026-06-21T17:00:00Z',
      interruptible: { minimumRun: '30m', restartOverhead: '5m', moveOverhead: '10m', maxPauses: 2 },
      accelerators: [{ product: 'X', provisioningTime: '90m' }],
    },
  };
  expect(pressed(manifest, day)).toEqual({
    spec: {
      expectedDuration: '12s',
      completeBy: '2026-11-22T10:01:42.000Z',
      interruptible: { minimumRun: '3s', restartOverhead: '500ms', moveOverhead: '1s', maxPauses: 2 },
      accelerators: [{ product: 'X', provisioningTime: '9s' }],
    },
  });
});

test('what is inside the template of the Job is left alone', () => {
  const manifest = { spec: { template: { expectedDuration: '2h', completeBy: 'x' } } };
  expect(pressed(manifest, day)).toEqual(manifest);
});

test('a length that is none is refused with its field', () => {
  expect(() => pressed({ maxDelay: 'soon' }, day)).toThrow('maxDelay: "soon" is not a length of time');
});
