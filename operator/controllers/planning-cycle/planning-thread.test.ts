import { afterEach, expect, test } from '@jest/globals';
import { aPlannableJob, aSite, aSnapshot } from '../../../test/builders/planning.ts';
import { plan } from '../../planning/plan.ts';
import { bySize, planHere, type Planner } from './planner.ts';
import { PlanningThread } from './planning-thread.ts';

const snapshot = aSnapshot({
  sites: [
    aSite(
      'berlin',
      Array.from({ length: 48 }, (_, hour) => 100 + hour),
    ),
  ],
  jobs: [aPlannableJob()],
});
const thread = new PlanningThread(new URL('./plan-worker.ts', import.meta.url));
const never = new AbortController().signal;

afterEach(() => thread.stop());

test('a thread beside makes the same plan', async () => {
  expect(await thread.plan(snapshot, never)).toEqual(plan(snapshot));
});

test('plan after plan is the same as one made here, whatever changes between them', async () => {
  const here = planHere();
  const jobs = ['a', 'b', 'c'].map((name) => aPlannableJob({ key: `research/${name}` }));
  const [first = aPlannableJob(), ...others] = jobs;
  const last = { ...first, deadline: first.deadline - 3_600_000 };
  for (const some of [jobs, others, [...others, last], [last, ...others], []]) {
    const one = { ...snapshot, jobs: some };
    const beside = await thread.plan(one, never);
    expect([...beside.decisions]).toEqual([...(await here.plan(one, never)).decisions]);
  }
});

test('after a plan that failed the next one is answered by a new thread', async () => {
  const broken = { ...snapshot, jobs: [{ ...aPlannableJob(), objective: undefined }] } as unknown as typeof snapshot;
  await expect(thread.plan(broken, never)).rejects.toThrow('planning in the thread beside');
  expect(await thread.plan(snapshot, never)).toEqual(plan(snapshot));
});

test('a plan that is given up does not answer the next question', async () => {
  const stop = new AbortController();
  const givenUp = thread.plan(snapshot, stop.signal);
  stop.abort();
  await expect(givenUp).rejects.toThrow();
  expect((await thread.plan({ ...snapshot, jobs: [] }, never)).decisions.size).toBe(0);
});

test('small snapshots are planned here, large ones beside', async () => {
  const asked: string[] = [];
  const named = (name: string): Planner => ({
    plan: (s, abort) => {
      asked.push(name);
      return planHere().plan(s, abort);
    },
  });
  const planner = bySize({ here: named('here'), beside: named('beside'), largeFrom: 2 });
  await planner.plan(snapshot, never);
  await planner.plan({ ...snapshot, jobs: [aPlannableJob(), aPlannableJob({ key: 'research/other' })] }, never);
  expect(asked).toEqual(['here', 'beside']);
});
