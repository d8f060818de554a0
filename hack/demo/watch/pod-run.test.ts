import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PodFacts } from './pod-facts.ts';
import { precise, runOf, stretches, withEnd, withFacts, type PodRun } from './pod-run.ts';

const facts = (overrides: Partial<PodFacts> = {}): PodFacts => ({
  uid: 'u',
  name: 'train-0',
  namespace: 'sunward-demo',
  job: 'train',
  jobUid: 'j',
  node: 'sunward-demo-warsaw-0-0',
  gpus: 8,
  phase: 'Pending',
  startedAt: undefined,
  endedAt: undefined,
  unschedulable: false,
  region: undefined,
  ...overrides,
});

const run = (startedAt: number, endedAt?: number): PodRun =>
  withFacts(
    withFacts(undefined, facts({ phase: 'Running', startedAt }), startedAt),
    endedAt === undefined ? facts({ phase: 'Running', startedAt }) : facts({ phase: 'Succeeded', startedAt, endedAt }),
    endedAt ?? startedAt,
  );

describe('a time that was cut to the second', () => {
  test('is what we saw, where that is in the same second', () => {
    expect(precise(5_000, 5_730)).toBe(5_730);
  });

  test('is the end of its second where we saw it later, and its begin where our clock is behind', () => {
    expect(precise(5_000, 9_100)).toBe(5_999);
    expect(precise(5_000, 4_200)).toBe(5_000);
  });
});

describe('the run of a pod', () => {
  test('begins when its container does, and ends when it has terminated', () => {
    let seen = withFacts(undefined, facts(), 1_000);
    expect(runOf(seen, 2_000)).toBeUndefined();
    seen = withFacts(seen, facts({ phase: 'Running', startedAt: 2_000 }), 2_100);
    expect(runOf(seen, 3_000)).toEqual({ startsAt: 2_100, endsAt: 3_000 });
    seen = withFacts(seen, facts({ phase: 'Succeeded', startedAt: 2_000, endedAt: 4_000 }), 4_050);
    expect(runOf(seen, 9_000)).toEqual({ startsAt: 2_100, endsAt: 4_050 });
    expect(seen.succeeded).toBe(true);
  });

  test('keeps its first times, whatever comes again later', () => {
    const first = run(2_000, 4_000);
    const again = withFacts(first, facts({ phase: 'Succeeded', startedAt: 2_000, endedAt: 4_000 }), 8_000);
    expect(again).toEqual(first);
  });

  test('ends when the pod is gone, at the latest', () => {
    expect(withEnd(run(2_000), 5_000).endedAt).toBe(5_000);
    expect(withEnd(run(2_000, 4_000), 5_000).endedAt).toBe(4_000);
    expect(withEnd(withFacts(undefined, facts(), 1_000), 5_000).endedAt).toBeUndefined();
  });
});

describe('stretches', () => {
  test('bridge the moment between one pod and the next, and show a pause', () => {
    const pods = [run(0, 5_000), run(0, 5_100), run(6_000, 9_000), run(20_000, 25_000)];
    expect(stretches(pods, 3_000, 30_000)).toEqual([
      { startsAt: 0, endsAt: 9_000 },
      { startsAt: 20_000, endsAt: 25_000 },
    ]);
  });

  test('are in order, apart by more than the gap, and hold every run', () => {
    const aRun = fc.tuple(fc.nat(100_000), fc.nat(20_000)).map(([from, length]) => run(from, from + length));
    fc.assert(
      fc.property(fc.array(aRun), fc.nat(5_000), (runs, gap) => {
        const found = stretches(runs, gap, 200_000);
        found.slice(1).forEach((next, i) => expect(next.startsAt).toBeGreaterThan((found[i]?.endsAt ?? 0) + gap));
        for (const { startedAt = 0, endedAt = 0 } of runs) {
          expect(found.some(({ startsAt, endsAt }) => startsAt <= startedAt && endedAt <= endsAt)).toBe(true);
        }
      }),
    );
  });
});
