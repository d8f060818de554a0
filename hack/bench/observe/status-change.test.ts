import { describe, expect, test } from '@jest/globals';
import type { CarbonAwareJobStatus } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { judgeWrites, saysSomethingNew } from './status-change.ts';

const SLOT = 5 * 60_000;

const PLANNED = {
  phase: 'Waiting',
  conditions: [
    { type: 'Planned', status: 'True', reason: 'BetterWindow', message: 'Starts at 12:00.', lastTransitionTime: '' },
  ],
  plan: {
    site: 'stockholm',
    starts: '2026-11-23T12:00:00Z',
    windows: [{ start: '2026-11-23T12:00:00Z', end: '2026-11-23T15:00:00Z' }],
    saves: '40%',
    message: 'Starts at 12:00.',
  },
} as const satisfies CarbonAwareJobStatus;

function planned(plan: Partial<CarbonAwareJobStatus['plan']>): CarbonAwareJobStatus {
  return { ...PLANNED, plan: { ...PLANNED.plan, ...plan } };
}

describe('a status says something new', () => {
  test.each<[string, CarbonAwareJobStatus]>([
    ['the site changed', planned({ site: 'frankfurt' })],
    [
      'the start moved by more than a slot',
      planned({ windows: [{ start: '2026-11-23T12:06:00Z', end: '2026-11-23T15:06:00Z' }] }),
    ],
    ['there is a pause that there was not', planned({ windows: [...PLANNED.plan.windows, ...PLANNED.plan.windows] })],
    ['it is to go on elsewhere', planned({ moves: [{ site: 'frankfurt', windows: PLANNED.plan.windows }] })],
    ['the saving moved by five points', planned({ saves: '45%' })],
    ['a condition changed', { ...PLANNED, conditions: [{ ...PLANNED.conditions[0], status: 'False' }] }],
    ['the phase changed', { ...PLANNED, phase: 'Running' }],
  ])('where %s', (_, after) => {
    expect(saysSomethingNew(PLANNED, after, SLOT)).toBe(true);
  });

  test.each<[string, CarbonAwareJobStatus]>([
    ['only words changed', planned({ message: 'Starts at noon.' })],
    [
      'the start moved by a slot',
      planned({ windows: [{ start: '2026-11-23T12:05:00Z', end: '2026-11-23T15:05:00Z' }] }),
    ],
    ['the saving moved by four points', planned({ saves: '36%' })],
    ['a message changed', { ...PLANNED, conditions: [{ ...PLANNED.conditions[0], message: 'Starts at noon.' }] }],
  ])('not where %s', (_, after) => {
    expect(saysSomethingNew(PLANNED, after, SLOT)).toBe(false);
  });
});

test('writes are counted, with the jobs that they were about and those without need', () => {
  const moved = { key: 'a/one', at: 0, before: PLANNED, after: planned({ site: 'frankfurt' }) };
  const back = { key: 'a/one', at: 0, before: planned({ site: 'frankfurt' }), after: PLANNED };
  const reworded = { key: 'a/two', at: 0, before: PLANNED, after: planned({ message: 'Starts at noon.' }) };
  expect(judgeWrites([moved, back, reworded], SLOT)).toEqual({
    writes: 3,
    jobs: new Set(['a/one', 'a/two']),
    needless: [reworded],
  });
});
