import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Registry } from 'prom-client';
import { FakeClock, settle } from '../../test/fixtures/fake-clock.ts';
import { WorkQueueMetrics } from '../telemetry/work-queue-metrics.ts';
import { WorkQueue } from './work-queue.ts';

const never = new AbortController().signal;

function build(options: { random?: () => number } = {}) {
  const clock = new FakeClock();
  const registry = new Registry();
  const metrics = new WorkQueueMetrics(registry);
  const queue = new WorkQueue({
    name: 'jobs',
    clock,
    random: options.random ?? (() => 0),
    metrics,
    backoff: { initialMs: 100, maxMs: 1_000 },
  });
  return { clock, queue, registry };
}

describe('the work queue', () => {
  test('hands keys out in the order they came', async () => {
    const { queue } = build();
    queue.add('a');
    queue.add('b');
    expect(await queue.get(never)).toBe('a');
    expect(await queue.get(never)).toBe('b');
  });

  test('a key that waits is not added a second time', () => {
    const { queue } = build();
    queue.add('a');
    queue.add('a');
    expect(queue.depth).toBe(1);
  });

  test('a key that is added while a worker has it runs once more, after that worker is done', async () => {
    const { queue } = build();
    queue.add('a');
    await queue.get(never);
    queue.add('a');
    queue.add('a');
    expect(queue.depth).toBe(0);
    queue.done('a');
    expect(queue.depth).toBe(1);
    await queue.get(never);
    queue.done('a');
    expect(queue.depth).toBe(0);
  });

  test('a worker that came before the key gets it as soon as it is there', async () => {
    const { queue } = build();
    const first = queue.get(never);
    const second = queue.get(never);
    queue.add('a');
    queue.add('b');
    expect(await Promise.all([first, second])).toEqual(['a', 'b']);
  });

  test('a worker that stops waiting takes no key with it', async () => {
    const { queue } = build();
    const abort = new AbortController();
    const waiting = queue.get(abort.signal);
    abort.abort();
    expect(await waiting).toBeUndefined();
    queue.add('a');
    expect(await queue.get(abort.signal)).toBeUndefined();
    expect(queue.depth).toBe(1);
  });

  test('done with a key that nobody has changes nothing', async () => {
    const { queue } = build();
    queue.add('a');
    queue.done('a');
    expect(await queue.get(never)).toBe('a');
  });
});

describe('a delayed add', () => {
  test('comes when its time has come', async () => {
    const { clock, queue } = build();
    queue.addAfter('a', 500);
    await clock.advance(499);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(1);
  });

  test('without a delay comes at once', () => {
    const { queue } = build();
    queue.addAfter('a', 0);
    queue.addAfter('b', -5);
    expect(queue.depth).toBe(2);
  });

  test('comes at the earlier of two times, and once', async () => {
    const { clock, queue } = build();
    queue.addAfter('a', 500);
    queue.addAfter('a', 200);
    queue.addAfter('a', 900);
    await clock.advance(200);
    expect(await queue.get(never)).toBe('a');
    queue.done('a');
    await clock.advance(10_000);
    expect(queue.depth).toBe(0);
  });

  test('longer than a timer can hold comes at its time', async () => {
    const { clock, queue } = build();
    const sixtyDaysMs = 60 * 86_400_000;
    queue.addAfter('a', sixtyDaysMs);
    await clock.advance(sixtyDaysMs - 1);
    expect(queue.depth).toBe(0);
    await clock.advance(1);
    expect(queue.depth).toBe(1);
  });

  test('uses one timer for all keys', () => {
    const { clock, queue } = build();
    for (let i = 0; i < 1_000; i++) queue.addAfter(`k${i}`, 10_000 - i);
    expect(clock.sleeping).toBe(1);
  });
});

describe('a retry', () => {
  test('waits twice as long each time, up to the limit, until the key succeeds', () => {
    const { queue } = build();
    const delays = Array.from({ length: 6 }, () => queue.addRateLimited('a'));
    expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    expect(queue.retries('a')).toBe(6);
    queue.forget('a');
    expect(queue.retries('a')).toBe(0);
    expect(queue.addRateLimited('a')).toBe(100);
  });

  test('is shortened by up to half at random, so that keys that failed together do not come back together', () => {
    expect(build({ random: () => 0.5 }).queue.addRateLimited('a')).toBe(75);
    expect(build({ random: () => 0.999_999 }).queue.addRateLimited('a')).toBeCloseTo(50, 1);
  });

  test('comes no earlier than the server allows', () => {
    expect(build().queue.addRateLimited('a', 7_000)).toBe(7_000);
  });

  test('stays finite after a thousand failures', () => {
    const { queue } = build();
    for (let i = 0; i < 2_000; i++) queue.addRateLimited('a');
    expect(queue.addRateLimited('a')).toBe(1_000);
  });
});

describe('a queue that is shut down', () => {
  test('hands out what it has, takes no more, and then says that it is empty', async () => {
    const { queue } = build();
    queue.add('a');
    queue.shutDown();
    queue.add('b');
    expect(await queue.get(never)).toBe('a');
    const next = queue.get(never);
    queue.done('a');
    expect(await next).toBeUndefined();
    await queue.drained();
  });

  test('drops delayed keys and its timer', async () => {
    const { clock, queue } = build();
    queue.addAfter('a', 100);
    queue.shutDown();
    queue.addAfter('b', 100);
    queue.addRateLimited('c');
    expect(clock.sleeping).toBe(0);
    await queue.drained();
    expect(await queue.get(never)).toBeUndefined();
  });

  test('is not drained before the last worker is done', async () => {
    const { queue } = build();
    queue.add('a');
    await queue.get(never);
    queue.shutDown();
    let drained = false;
    const waiting = queue.drained().then(() => (drained = true));
    await settle();
    expect(drained).toBe(false);
    queue.done('a');
    await waiting;
  });
});

describe('the metrics of a queue', () => {
  test('show depth, adds, waiting, work, retries and what hangs', async () => {
    const { clock, queue, registry } = build();
    queue.add('a');
    queue.add('b');
    queue.addRateLimited('c', 60_000);
    clock.jump(3_000);
    await queue.get(never);
    clock.jump(4_000);
    const text = await registry.metrics();
    expect(text).toContain('sunward_work_queue_depth{queue="jobs"} 1\n');
    expect(text).toContain('sunward_work_queue_adds_total{queue="jobs"} 2\n');
    expect(text).toContain('sunward_work_queue_retries_total{queue="jobs"} 1\n');
    expect(text).toContain('sunward_work_queue_retrying{queue="jobs"} 1\n');
    expect(text).toContain('sunward_work_queue_delayed{queue="jobs"} 1\n');
    expect(text).toContain('sunward_work_queue_wait_seconds_sum{queue="jobs"} 3\n');
    expect(text).toContain('sunward_work_queue_longest_running_seconds{queue="jobs"} 4\n');
    expect(text).toContain('sunward_work_queue_unfinished_seconds{queue="jobs"} 4\n');
    queue.done('a');
    expect(await registry.metrics()).toContain('sunward_work_queue_work_seconds_sum{queue="jobs"} 4\n');
  });
});

describe('whatever happens', () => {
  const action = fc.oneof(
    { weight: 4, arbitrary: fc.record({ add: fc.nat({ max: 6 }) }) },
    { weight: 2, arbitrary: fc.record({ addAfter: fc.nat({ max: 6 }), delayMs: fc.nat({ max: 300 }) }) },
    { weight: 1, arbitrary: fc.record({ retry: fc.nat({ max: 6 }) }) },
    { weight: 3, arbitrary: fc.record({ passMs: fc.nat({ max: 200 }) }) },
  );

  test('no key is in two workers at once, and every add is followed by a run that starts after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { maxLength: 40 }),
        fc.array(fc.nat({ max: 120 }), { minLength: 1, maxLength: 10 }),
        fc.integer({ min: 1, max: 4 }),
        async (actions, workMs, workers) => {
          const { clock, queue } = build({ random: () => 0.3 });
          const working = new Set<string>();
          const lastRun = new Map<string, number>();
          const dueAt = new Map<string, number>();
          let order = 0;
          let runs = 0;
          const due = (key: string): string => {
            dueAt.set(key, order++);
            return key;
          };
          const worker = async (): Promise<void> => {
            for (let key = await queue.get(never); key !== undefined; key = await queue.get(never)) {
              expect(working.has(key)).toBe(false);
              working.add(key);
              lastRun.set(key, order++);
              await clock.sleep(workMs[runs++ % workMs.length] ?? 0, never);
              working.delete(key);
              queue.done(key);
            }
          };
          const all = Array.from({ length: workers }, worker);
          for (const step of actions) {
            if ('add' in step) queue.add(due(`k${step.add}`));
            else if ('addAfter' in step) queue.addAfter(due(`k${step.addAfter}`), step.delayMs);
            else if ('retry' in step) queue.addRateLimited(due(`k${step.retry}`));
            else await clock.advance(step.passMs);
          }
          await clock.advance(60_000);
          for (const [key, at] of dueAt) expect(lastRun.get(key)).toBeGreaterThan(at);
          expect(queue.depth).toBe(0);
          queue.shutDown();
          await Promise.all(all);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('delayed keys come in the order of their times, none before its time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 30 }),
        async (delays) => {
          const { clock, queue } = build();
          const startedAt = clock.now();
          const came: { key: string; atMs: number }[] = [];
          const worker = (async () => {
            for (let key = await queue.get(never); key !== undefined; key = await queue.get(never)) {
              came.push({ key, atMs: clock.now() - startedAt });
              queue.done(key);
            }
          })();
          delays.forEach((delayMs, i) => queue.addAfter(`k${i}`, delayMs));
          await clock.advance(5_000);
          const expected = delays.map((atMs, i) => ({ key: `k${i}`, atMs })).sort((a, b) => a.atMs - b.atMs);
          expect(came).toEqual(expected);
          queue.shutDown();
          await worker;
        },
      ),
      { numRuns: 60 },
    );
  });

  test('100,000 keys cost no more each than 10,000 do', async () => {
    const costPerKey = async (count: number): Promise<number> => {
      const { queue } = build();
      const before = process.cpuUsage();
      for (let i = 0; i < count; i++) queue.add(`default/job-${i}`);
      for (let i = 0; i < count; i++) queue.addAfter(`default/job-${i}`, ((i * 7_919) % count) + 1);
      for (let i = 0; i < count; i++) queue.done((await queue.get(never)) ?? '');
      // Not by the clock: other tests share the cores.
      const { user, system } = process.cpuUsage(before);
      return (user + system) / count;
    };
    const bestOfThree = async (count: number): Promise<number> =>
      Math.min(await costPerKey(count), await costPerKey(count), await costPerKey(count));
    await bestOfThree(10_000); // The code is compiled by then.
    const few = await bestOfThree(10_000);
    // Ten times as much where a step walks over all keys; a logarithm and the caches of the machine leave room.
    expect((await bestOfThree(100_000)) / few).toBeLessThan(4);
  });
});
