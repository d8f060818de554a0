import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { FakeClock, settle } from '../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../test/fixtures/recording-logger.ts';
import { KubernetesApiError } from '../ports/kubernetes-api.ts';
import { ControllerMetrics } from '../telemetry/controller-metrics.ts';
import { Controller } from './controller.ts';
import type { ControllerOptions, ReconcileResult } from './controller.ts';
import { LeadershipLostError } from './leadership/leadership-lost.ts';

type Reconcile = (key: string, abort: AbortSignal) => Promise<ReconcileResult>;

function start(reconcile: Reconcile, overrides: Partial<ControllerOptions> = {}) {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const registry = new Registry();
  const controller = new Controller({
    reconciler: { name: 'jobs', reconcile },
    clock,
    random: () => 0,
    logger,
    metrics: new ControllerMetrics(registry),
    ...overrides,
  });
  const process = new AbortController();
  let returned = false;
  const running = controller.run(process.signal).finally(() => (returned = true));
  return { clock, logger, registry, controller, process, running, returned: () => returned };
}

const rejectWith = Promise.reject.bind(Promise) as (reason: unknown) => Promise<never>;

const untilAborted: Reconcile = (_key, abort) =>
  new Promise((_resolve, reject) => {
    abort.addEventListener('abort', () => {
      reject(abort.reason as Error);
    });
  });

async function stop(run: ReturnType<typeof start>): Promise<void> {
  run.process.abort();
  await run.running;
}

describe('a controller', () => {
  test('reconciles each key that is enqueued', async () => {
    const seen: string[] = [];
    const run = start((key) => Promise.resolve(void seen.push(key)).then(() => ({})));
    run.controller.enqueue('a');
    run.controller.enqueueAfter('b', 1_000);
    await run.clock.advance(999);
    expect(seen).toEqual(['a']);
    await run.clock.advance(1);
    expect(seen).toEqual(['a', 'b']);
    await stop(run);
  });

  test('comes back when the reconciler asked for it', async () => {
    let reconciles = 0;
    const run = start(() => Promise.resolve({ ...(++reconciles < 3 && { requeueAfterMs: 60_000 }) }));
    run.controller.enqueue('a');
    await run.clock.advance(59_999);
    expect(reconciles).toBe(1);
    await run.clock.advance(3_600_000);
    expect(reconciles).toBe(3);
    await stop(run);
  });

  test('waits for the caches before the first reconcile', async () => {
    let inSync: () => void = () => undefined;
    const synced = new Promise<void>((resolve) => (inSync = resolve));
    let reconciles = 0;
    const count = (): Promise<ReconcileResult> => {
      reconciles += 1;
      return Promise.resolve({});
    };
    const run = start(count, { waitForSync: [() => synced] });
    run.controller.enqueue('a');
    await settle();
    expect(reconciles).toBe(0);
    inSync();
    await settle();
    expect(reconciles).toBe(1);
    await stop(run);
  });

  test('rejects when a cache can not be waited for', async () => {
    const run = start(() => Promise.resolve({}), {
      waitForSync: [() => Promise.reject(new Error('listing jobs: forbidden'))],
    });
    await expect(run.running).rejects.toThrow('listing jobs: forbidden');
  });

  test('returns when it is stopped while it waits for caches', async () => {
    const clock = new FakeClock();
    const run = start(() => Promise.resolve({}), { clock, waitForSync: [(abort) => clock.sleep(1_000, abort)] });
    await settle();
    await stop(run);
  });

  test('reconciles as many keys at once as it may, and no key twice at once', async () => {
    const working: string[] = [];
    let most = 0;
    const clock = new FakeClock();
    const run = start(
      async (key, abort) => {
        expect(working).not.toContain(key);
        working.push(key);
        most = Math.max(most, working.length);
        await clock.sleep(100, abort);
        working.splice(working.indexOf(key), 1);
        return {};
      },
      { clock, concurrency: 3 },
    );
    for (let i = 0; i < 40; i++) run.controller.enqueue(`k${i % 8}`);
    await clock.advance(50);
    for (let i = 0; i < 8; i++) run.controller.enqueue(`k${i}`);
    await clock.advance(10_000);
    expect(most).toBe(3);
    run.process.abort();
    await run.running;
  });

  test('refuses a concurrency that makes no sense', () => {
    expect(() => start(() => Promise.resolve({}), { concurrency: 0 })).toThrow('concurrency of controller jobs is 0');
  });

  test('lets timers run while it works through many keys that need no waiting', async () => {
    let reconciles = 0;
    const run = start(() => {
      const until = performance.now() + 0.2;
      while (performance.now() < until);
      reconciles += 1;
      return Promise.resolve({});
    });
    for (let i = 0; i < 2_000; i++) run.controller.enqueue(`k${i}`);
    await setTimeout(1);
    expect(reconciles).toBeLessThan(1_000);
    await stop(run);
  });
});

describe('a reconcile that fails', () => {
  test('is logged with what caused it, and retried later and later until it succeeds', async () => {
    const at: number[] = [];
    const clock = new FakeClock();
    const startedAt = clock.now();
    const run = start(
      () => {
        at.push(clock.now() - startedAt);
        if (at.length > 3) return Promise.resolve({});
        return Promise.reject(new Error('suspending job: refused', { cause: new Error('connect ECONNREFUSED') }));
      },
      { clock },
    );
    run.controller.enqueue('default/a');
    await clock.advance(60_000);
    expect(at).toEqual([0, 100, 300, 700]);
    expect(run.controller.queue.retries('default/a')).toBe(0);
    expect(run.logger.of('error').map((line) => line.fields)).toMatchObject([
      { controller: 'jobs', key: 'default/a', retries: 1, retryInMs: 100, causes: ['connect ECONNREFUSED'] },
      { retries: 2, retryInMs: 200, error: 'suspending job: refused' },
      { retries: 3, retryInMs: 400 },
    ]);
    await stop(run);
  });

  test.each([
    [
      'throws before its first await',
      () => {
        throw new Error('no promise');
      },
    ],
    ['throws what is no error', () => rejectWith('a string')],
    ['throws undefined', () => rejectWith(undefined)],
    ['answers undefined', () => Promise.resolve(undefined as unknown as ReconcileResult)],
    ['asks to come back after NaN', () => Promise.resolve({ requeueAfterMs: Number.NaN })],
    ['asks to come back before now', () => Promise.resolve({ requeueAfterMs: -1 })],
    ['asks to come back never', () => Promise.resolve({ requeueAfterMs: Infinity })],
  ] as [string, Reconcile][])('is retried and hurts no other key when it %s', async (_how, broken) => {
    const seen: string[] = [];
    const run = start((key, abort) => {
      seen.push(key);
      return key === 'broken' ? broken(key, abort) : Promise.resolve({});
    });
    run.controller.enqueue('broken');
    run.controller.enqueue('sound');
    await run.clock.advance(100);
    expect(seen).toEqual(['broken', 'sound', 'broken']);
    expect(run.logger.of('error')).toHaveLength(2);
    await stop(run);
  });

  test('is retried even when the logger throws', async () => {
    let reconciles = 0;
    const logger = new RecordingLogger();
    logger.child = () => logger;
    logger.error = () => {
      throw new Error('disk full');
    };
    const run = start(() => (reconciles++ === 0 ? Promise.reject(new Error('once')) : Promise.resolve({})), { logger });
    run.controller.enqueue('a');
    await run.clock.advance(100);
    expect(reconciles).toBe(2);
    await stop(run);
  });

  test('with a conflict is repeated soon and without noise', async () => {
    const conflict = new KubernetesApiError({
      status: 409,
      reason: 'Conflict',
      message: 'the object has been modified',
    });
    let reconciles = 0;
    const run = start(() => (reconciles++ === 0 ? Promise.reject(conflict) : Promise.resolve({})));
    run.controller.enqueue('a');
    await run.clock.advance(100);
    expect(reconciles).toBe(2);
    expect(run.logger.of('error')).toEqual([]);
    expect(run.logger.of('warn')).toEqual([]);
    expect(await run.registry.metrics()).toContain('sunward_reconciles_total{controller="jobs",result="Conflict"} 1');
    await stop(run);
  });

  test('with an object that exists already is an error like any other', async () => {
    const exists = new KubernetesApiError({ status: 409, reason: 'AlreadyExists', message: 'jobs "a" already exists' });
    const run = start(() => Promise.reject(exists));
    run.controller.enqueue('a');
    await settle();
    expect(run.logger.of('error')).toHaveLength(1);
    await stop(run);
  });

  test('because the server asks for patience is not retried earlier than it said', async () => {
    const busy = new KubernetesApiError({
      status: 429,
      reason: 'TooManyRequests',
      message: 'busy',
      retryAfterMs: 5_000,
    });
    let reconciles = 0;
    const run = start(() => (reconciles++ === 0 ? Promise.reject(busy) : Promise.resolve({})));
    run.controller.enqueue('a');
    await run.clock.advance(4_999);
    expect(reconciles).toBe(1);
    await run.clock.advance(1);
    expect(reconciles).toBe(2);
    await stop(run);
  });

  test('by running too long hears it by its signal, and is retried', async () => {
    let reconciles = 0;
    const run = start((key, abort) => (reconciles++ === 0 ? untilAborted(key, abort) : Promise.resolve({})), {
      reconcileTimeoutMs: 30_000,
    });
    run.controller.enqueue('a');
    await run.clock.advance(29_999);
    expect(run.logger.of('warn')).toEqual([]);
    await run.clock.advance(1);
    expect(run.logger.of('warn')).toMatchObject([{ fields: { key: 'a', timeoutMs: 30_000 } }]);
    expect(await run.registry.metrics()).toContain('result="TimedOut"} 1');
    await run.clock.advance(100);
    expect(reconciles).toBe(2);
    await stop(run);
  });

  test('to heed its time-out keeps its key: it does not run twice at once', async () => {
    let letGo: (result: ReconcileResult) => void = () => undefined;
    let reconciles = 0;
    const deaf: Reconcile = () => {
      reconciles += 1;
      return new Promise((resolve) => (letGo = resolve));
    };
    const run = start(deaf, { reconcileTimeoutMs: 1_000, concurrency: 2 });
    run.controller.enqueue('a');
    await run.clock.advance(10_000);
    run.controller.enqueue('a');
    await run.clock.advance(10_000);
    expect(reconciles).toBe(1);
    letGo({});
    await settle();
    expect(reconciles).toBe(2);
    letGo({});
    await stop(run);
  });
});

describe('a controller that is stopped', () => {
  test('returns at once when nothing is in flight, and starts nothing that waits', async () => {
    const seen: string[] = [];
    const clock = new FakeClock();
    const run = start(
      async (key, abort) => {
        seen.push(key);
        await clock.sleep(100, abort);
        return {};
      },
      { clock },
    );
    run.controller.enqueue('a');
    run.controller.enqueue('b');
    await settle();
    run.process.abort();
    await clock.advance(100);
    await run.running;
    expect(seen).toEqual(['a']);
    expect(clock.sleeping).toBe(0);
  });

  test('lets what is in flight finish within the grace, without its signal firing', async () => {
    let finished = false;
    const clock = new FakeClock();
    const run = start(
      async (_key, abort) => {
        await clock.sleep(3_000, abort);
        finished = true;
        return {};
      },
      { clock, shutdownGraceMs: 5_000 },
    );
    run.controller.enqueue('a');
    await settle();
    run.process.abort();
    await clock.advance(2_999);
    expect(run.returned()).toBe(false);
    await clock.advance(1);
    await run.running;
    expect(finished).toBe(true);
  });

  test('fires the signal of what is in flight when the grace is over', async () => {
    const run = start(untilAborted, { shutdownGraceMs: 5_000 });
    run.controller.enqueue('a');
    await settle();
    run.process.abort();
    await run.clock.advance(4_999);
    expect(run.returned()).toBe(false);
    await run.clock.advance(1);
    await run.running;
    expect(await run.registry.metrics()).toContain('result="Aborted"} 1');
    expect(run.logger.of('error')).toEqual([]);
  });

  test('gives up what does not heed its signal, and names it', async () => {
    const run = start(() => new Promise(() => undefined), { shutdownGraceMs: 5_000 });
    run.controller.enqueue('stuck');
    await settle();
    run.process.abort();
    await run.clock.advance(6_000);
    await run.running;
    expect(run.logger.of('info').at(-1)?.fields).toMatchObject({ unfinished: ['stuck'] });
  });

  test('because it no longer leads gives no grace', async () => {
    const run = start(untilAborted);
    run.controller.enqueue('a');
    await settle();
    run.process.abort(new LeadershipLostError('lease not renewed in time'));
    await run.running;
  });
});

test('the metrics of a controller show results, duration and workers', async () => {
  const clock = new FakeClock();
  const run = start(
    async (_key, abort) => {
      await clock.sleep(2_000, abort);
      return { requeueAfterMs: 60_000 };
    },
    { clock, concurrency: 4 },
  );
  run.controller.enqueue('a');
  await settle();
  expect(await run.registry.metrics()).toContain('sunward_reconcile_active_workers{controller="jobs"} 1\n');
  await clock.advance(2_000);
  const text = await run.registry.metrics();
  expect(text).toContain('sunward_reconcile_active_workers{controller="jobs"} 0\n');
  expect(text).toContain('sunward_reconcile_workers{controller="jobs"} 4\n');
  expect(text).toContain('sunward_reconciles_total{controller="jobs",result="RequeueAfter"} 1\n');
  expect(text).toContain('sunward_reconcile_seconds_sum{controller="jobs"} 2\n');
  await stop(run);
});
