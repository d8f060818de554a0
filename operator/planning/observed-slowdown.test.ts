import { describe, expect, test } from '@jest/globals';
import { aLink, GIGABIT, streamedData } from '../../test/builders/data.ts';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, H100, hours, MIDNIGHT } from '../../test/builders/planning.ts';
import { anObservation } from '../../test/builders/slowdown.ts';
import type { Decision } from '../domain/decision.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { ObservedSlowdown } from '../domain/length/observed-slowdown.ts';
import type { Site } from '../domain/site.ts';
import { plan, planOn } from './plan.ts';
import { whatIfs } from './what-if/changes.ts';
import { optionsOf } from './what-if/options.ts';

const day = (figure: number): readonly number[] => Array.from({ length: 72 }, () => figure);
const HOME = aSite('home', day(400));
const AWAY = aSite('away', day(300), { links: [aLink('home')] });

const slowerBy = (share: number, overrides: Partial<ObservedSlowdown> = {}): Partial<PlannableJob> => ({
  home: 'home',
  observedSlowdowns: [anObservation({ share, certainShare: share, ...overrides })],
});

function snapshotWith(job: Partial<PlannableJob>, sites: readonly Site[] = [AWAY, HOME]) {
  const tuning = { ...aSnapshot().tuning, indifferenceShare: 0, maxAlternatives: 9 };
  return aSnapshot({ sites, jobs: [aPlannableJob(job)], tuning });
}

function decisionOf(job: Partial<PlannableJob>, sites?: readonly Site[]): Decision {
  const decision = plan(snapshotWith(job, sites)).decisions.get('research/train');
  if (decision === undefined) throw new Error('the job has no decision');
  return decision;
}

describe('a job whose like took longer at a site', () => {
  test('is planned to take as much longer there, and emits as much more', () => {
    const usual = decisionOf({ home: 'home' });
    const { chosen, message } = decisionOf(slowerBy(0.2));
    expect(chosen).toMatchObject({ site: 'away', windows: [{ startsAt: MIDNIGHT, endsAt: MIDNIGHT + hours(2.4) }] });
    expect(chosen?.expected.carbon?.grams).toBeCloseTo(1.2 * (usual.chosen?.expected.carbon?.grams ?? NaN), 6);
    expect(message).toContain('measured: jobs like it took 20 % longer at away (12 runs) than at home (30 runs)');
  });

  test('says nothing of what is no difference', () => {
    expect(decisionOf(slowerBy(0.004)).message).not.toContain('measured');
    expect(decisionOf(slowerBy(0.006)).message).toContain('0.6 % longer');
  });

  test('stays where that takes more than the cleaner power gives', () => {
    expect(decisionOf(slowerBy(0.4)).chosen?.site).toBe('home');
    expect(decisionOf(slowerBy(0.4, { product: 'A100' })).chosen?.site).toBe('away');
  });

  test('is planned there for as long as that takes, where it may go nowhere else', () => {
    const rules = aPlannableJob().placementRules;
    const long = { remainingWork: hours(60), totalWork: hours(60), deadline: atHour(2_000) };
    const denied = { ...slowerBy(3), ...long, placementRules: { ...rules, jobDenies: ['home'] } };
    const day24 = [aSite('away', day(300).slice(0, 24)), aSite('home', day(400).slice(0, 24))];
    expect(decisionOf(denied, day24).chosen).toMatchObject({
      site: 'away',
      windows: [{ startsAt: MIDNIGHT, endsAt: MIDNIGHT + hours(240) }],
    });
    // The same where the other place just failed it.
    const avoid = [{ site: 'home', product: H100, until: atHour(1_900), cause: 'Idle' as const, message: '' }];
    expect(decisionOf({ ...slowerBy(3), ...long, avoid }, day24).chosen?.site).toBe('away');
  });

  test('goes where it took less, in as much less time', () => {
    const { chosen, message } = decisionOf(slowerBy(-0.25), [aSite('away', day(500)), HOME]);
    expect(chosen).toMatchObject({ site: 'away', windows: [{ startsAt: MIDNIGHT, endsAt: MIDNIGHT + hours(1.5) }] });
    expect(message).toContain('measured: jobs like it took 25 % less at away');
  });

  test('has a baseline of home as it is', () => {
    expect(decisionOf(slowerBy(0.2)).baseline).toEqual(decisionOf({ home: 'home' }).baseline);
  });

  test('takes as much longer again where its data are far', () => {
    const far = aSite('away', day(2), { links: [aLink('home', { bitsPerSecond: 20 * GIGABIT })] });
    const job = { ...slowerBy(0.2), data: [streamedData()] };
    const { chosen } = decisionOf(job, [far, HOME]);
    expect(chosen?.slowdown).toBeCloseTo(1, 9);
    expect(chosen?.windows.at(-1)?.endsAt).toBeCloseTo(MIDNIGHT + hours(2 * 2 * 1.2), -1);
    const planned = planOn(undefined, snapshotWith(job, [far, HOME]));
    const places = optionsOf(planned, 'research/train').places.map(({ site, slowdown }) => [site, slowdown]);
    expect(places).toEqual([
      ['away', expect.closeTo(1.4, 9)],
      ['home', 0],
    ]);
  });

  test('is planned to the end at the one site there is, however tight the deadline', () => {
    const { chosen, deadlineAtRisk } = decisionOf({ ...slowerBy(2), deadline: atHour(3) }, [AWAY]);
    expect(deadlineAtRisk).toBe(true);
    expect(chosen?.expected.finishesAt).toBe(MIDNIGHT + hours(6));
  });
});

describe('maxSlowdownPercent', () => {
  const limit = { maxSlowdownShare: 0.1 };
  const refusalIn = ({ alternatives }: Decision) => alternatives.find(({ reason }) => reason === 'SlowdownExceeded');

  test('shuts a site out where jobs like it took longer than that, and says that this was measured', () => {
    const decision = decisionOf({ ...slowerBy(0.2), ...limit });
    expect(decision.chosen?.site).toBe('home');
    expect(refusalIn(decision)?.message).toBe(
      'measured: jobs like it took 20 % longer at away (12 runs) than at home (30 runs), spec.placement.maxSlowdownPercent allows 10 %',
    );
  });

  test('shuts none out for what chance may have made', () => {
    expect(decisionOf({ ...slowerBy(0.2, { certainShare: 0.05 }), ...limit }).chosen?.site).toBe('away');
    expect(decisionOf({ ...slowerBy(0.2, { certainShare: 0.1 }), ...limit }).chosen?.site).toBe('away');
  });

  test('judges what is reckoned and what was measured together, and names both', () => {
    const far = aSite('away', day(20), { links: [aLink('home', { bitsPerSecond: 37 * GIGABIT })] });
    const reads = { data: [streamedData()], ...limit };
    expect(decisionOf({ home: 'home', ...reads }, [far, HOME]).chosen?.site).toBe('away');
    const both = decisionOf({ ...slowerBy(0.05), ...reads }, [far, HOME]);
    expect(both.chosen?.site).toBe('home');
    expect(refusalIn(both)?.message).toMatch(/^reads 5\.0 GB\/s, .*; measured: jobs like it took 5 % longer/);
  });

  test('is a limit that could be lifted', () => {
    const planned = planOn(undefined, snapshotWith({ ...slowerBy(0.2), ...limit }));
    expect(whatIfs(planned, 'research/train').changes).toMatchObject([
      { change: { kind: 'NoSlowdownLimit' }, decision: { chosen: { site: 'away' } } },
    ]);
  });

  test('stops no job that runs at the site already', () => {
    const current = { site: 'away', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] };
    const running = { ...slowerBy(0.2), ...limit, phase: 'Running' as const, current };
    expect(decisionOf(running)).toMatchObject({ reason: 'RunsOn', chosen: { site: 'away' } });
  });
});

test('a promise at two places as fast as one another does not stand once they are not', () => {
  const windows = (from: number, to: number) => [{ startsAt: atHour(from), endsAt: atHour(to) }];
  const current = {
    site: 'home',
    product: H100,
    windows: windows(2, 3),
    moves: [{ site: 'away', product: H100, windows: windows(6, 7) }],
  };
  const interruptible = { minimumRun: hours(1), restartOverhead: 0, maxPauses: 4 };
  const dear = [
    aSite('away', [...day(400).slice(0, 6), 100, ...day(400)], { pools: [aPool()] }),
    aSite('home', [400, 400, 100, ...day(400)], { pools: [aPool()] }),
  ];
  const promised = { home: 'home', current, interruptible };
  expect(decisionOf(promised, dear)).toMatchObject({ kept: true, chosen: { moves: [{ site: 'away' }] } });
  const apart = decisionOf({ ...promised, ...slowerBy(0.2) }, dear);
  expect(apart.kept).toBe(false);
  const legs = [apart.chosen, ...(apart.chosen?.moves ?? [])].flatMap((leg) => leg?.windows ?? []);
  expect(legs.reduce((sum, { startsAt, endsAt }) => sum + endsAt - startsAt, 0)).toBeGreaterThanOrEqual(hours(2));
});
