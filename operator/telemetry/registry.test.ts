import { expect, test } from '@jest/globals';
import { createRegistry } from './registry.ts';

test('a registry shows the process, and knows nothing of another', async () => {
  const [one, other] = [createRegistry(), createRegistry()];
  expect(await one.metrics()).toContain('process_resident_memory_bytes');
  expect(one.getSingleMetric('process_cpu_user_seconds_total')).not.toBe(
    other.getSingleMetric('process_cpu_user_seconds_total'),
  );
});
