import { expect, test } from '@jest/globals';
import type { CarbonAwareJobStatus } from '../../../api/v1alpha1/carbon-aware-job.generated.ts';
import { changedMaterially } from './material.ts';

test('attempts are the same in whatever order the API server returns their fields', () => {
  const attempt = { number: 1, site: 'north', job: 'train', jobUID: 'u', startedAt: '2026-06-01T00:00:00Z' };
  const written: CarbonAwareJobStatus = { attempts: [attempt] };
  const returned: CarbonAwareJobStatus = {
    attempts: [{ job: 'train', jobUID: 'u', number: 1, site: 'north', startedAt: '2026-06-01T00:00:00Z' }],
  };
  const tolerance = { slot: 0, finish: 0 };
  expect(changedMaterially(returned, written, tolerance)).toBe(false);
  const ended = { attempts: [{ ...attempt, endedAt: '2026-06-01T01:00:00Z' }] };
  expect(changedMaterially(returned, ended, tolerance)).toBe(true);
});
