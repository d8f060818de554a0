import { describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { aPlannableJob, aSite, aSnapshot, atHour, series } from '../../../test/builders/planning.ts';
import { FakeClock, settle } from '../../../test/fixtures/fake-clock.ts';
import { RecordingLogger } from '../../../test/fixtures/recording-logger.ts';
import type { EmissionScope } from '../../domain/intensity.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import { PlanningMetrics } from '../../telemetry/planning-metrics.ts';
import { PlanningCycle } from './planning-cycle.ts';
import { planHere, type Planner } from './planner.ts';

const FLAT = Array.from({ length: 72 }, () => 300);
const DIP = FLAT.map((figure, hour) => (hour === 12 || hour === 13 ? 30 : figure));

function start(options: { planner?: Planner } = {}) {
  const clock = new FakeClock(atHour(0));
  const logger = new RecordingLogger();
  const registry = new Registry();
  const stop = new AbortController();
  const world = { jobs: [aPlannableJob()] as PlannableJob[], figures: FLAT, scope: 'Lifecycle' as EmissionScope };
  const published: (readonly string[])[] = [];
  const gather = (): PlanningSnapshot => {
    const outlook = { series: series(world.figures, { scope: world.scope }), rung: 'LiveForecast' } as const;
    const sites = [aSite('berlin', undefined, { outlooks: { Average: outlook } })];
    return aSnapshot({ now: clock.now(), jobs: world.jobs, sites });
  };
  const cycle = new PlanningCycle({
    clock,
    logger,
    metrics: new PlanningMetrics(registry),
    planner: options.planner ?? planHere(),
    gather,
    publish: (jobs) => published.push(jobs),
    settleMs: 250,
    intervalMs: 60_000,
  });
  const done = cycle.run(stop.signal);
  return { clock, cycle, done, logger, published, registry, stop, world };
}

describe('the planning cycle', () => {
  test('plans at once and publishes every job', async () => {
    const { cycle, published, stop, done } = start();
    await settle();
    expect(published).toEqual([['research/train']]);
    expect(cycle.get('research/train', 'one/1')?.reason).toBe('RunsNow');
    stop.abort();
    await done;
  });

  test('a burst of requests is one cycle', async () => {
    const { clock, cycle, published, stop, done } = start();
    await clock.advance(1_000);
    for (let i = 0; i < 100; i++) cycle.request();
    await clock.advance(249);
    expect(published).toHaveLength(1);
    await clock.advance(1);
    expect(published).toHaveLength(2);
    stop.abort();
    await done;
  });

  test('a plan whose grams count something else is published, though the figures are the same', async () => {
    const { clock, cycle, published, stop, done, world } = start();
    await clock.advance(1_000);
    world.scope = 'Operational';
    cycle.request();
    await clock.advance(250);
    expect(published).toEqual([['research/train'], ['research/train']]);
    stop.abort();
    await done;
  });

  test('a plan that takes long is followed by as long a rest, whatever asks for another', async () => {
    let begun = 0;
    const planner: Planner = {
      async plan(snapshot, abort) {
        begun += 1;
        await Promise.resolve(); // The first plan begins before `start` has returned the clock.
        await clock.sleep(5_000, abort);
        return planHere().plan(snapshot, abort);
      },
    };
    const { clock, cycle, stop, done } = start({ planner });
    await settle();
    await clock.advance(5_000);
    cycle.request();
    await clock.advance(5_000);
    expect(begun).toBe(1);
    await clock.advance(250);
    expect(begun).toBe(2);
    stop.abort();
    await done;
  });

  test('what did not change is not published again', async () => {
    const { clock, published, stop, done } = start();
    await clock.advance(60_000);
    expect(published).toEqual([['research/train'], []]);
    stop.abort();
    await done;
  });

  test('a forecast that changes the plan is', async () => {
    const { clock, cycle, published, stop, done, world } = start();
    await clock.advance(1_000);
    world.figures = DIP;
    cycle.request();
    await clock.advance(250);
    expect(published.at(-1)).toEqual(['research/train']);
    expect(cycle.get('research/train', 'one/1')?.chosen?.expected.startsAt).toBe(atHour(12));
    stop.abort();
    await done;
  });

  test('a job made anew under the same name, or with another spec, is not carried out by the plan for the one before', async () => {
    const { clock, cycle, published, stop, done, world } = start();
    await clock.advance(1_000);
    world.jobs = [aPlannableJob({ revision: 'two/1' })];
    expect(cycle.get('research/train', 'two/1')).toBeUndefined();
    cycle.request();
    await clock.advance(250);
    expect(cycle.get('research/train', 'two/1')?.reason).toBe('RunsNow');
    expect(published.at(-1)).toEqual(['research/train']);
    stop.abort();
    await done;
  });

  test('a promise holds from its publication on, before any status tells it', async () => {
    const { clock, cycle, stop, done, world } = start();
    await clock.advance(1_000);
    const first = cycle.get('research/train', aPlannableJob().revision);
    world.figures = FLAT.map((figure, hour) => (hour === 12 || hour === 13 ? figure - 6 : figure));
    cycle.request();
    await clock.advance(250);
    const again = cycle.get('research/train', aPlannableJob().revision);
    expect(again).toMatchObject({ kept: true, baseline: first?.baseline });
    expect(again?.chosen?.expected.startsAt).toBeLessThan(atHour(1));
    stop.abort();
    await done;
  });

  test('a plan that fails leaves the one before in force, is counted, and is tried again', async () => {
    let failing = false;
    const planner: Planner = {
      plan: (snapshot, abort) => (failing ? Promise.reject(new Error('boom')) : planHere().plan(snapshot, abort)),
    };
    const { clock, cycle, done, logger, registry, stop } = start({ planner });
    await clock.advance(1_000);
    failing = true;
    cycle.request();
    await clock.advance(250);
    expect(cycle.get('research/train', 'one/1')?.reason).toBe('RunsNow');
    expect(logger.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
    expect(await registry.metrics()).toContain('sunward_planning_cycle_failures_total 1');
    failing = false;
    await clock.advance(60_000);
    expect(await registry.metrics()).toContain('sunward_planned_jobs{reason="RunsNow"} 1');
    stop.abort();
    await done;
  });

  test('ends with its signal, also in the middle of a plan', async () => {
    const planner: Planner = {
      plan: (_, abort) =>
        new Promise((_resolve, reject) => {
          abort.addEventListener('abort', () => {
            reject(abort.reason as Error);
          });
        }),
    };
    const { done, logger, stop } = start({ planner });
    await settle();
    stop.abort();
    await done;
    expect(logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
