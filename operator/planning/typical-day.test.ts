import { describe, expect, test } from '@jest/globals';
import {
  aPlannableJob,
  aSite,
  aSnapshot,
  atHour,
  H100,
  hours,
  MIDNIGHT,
  series,
  someCarbon,
} from '../../test/builders/planning.ts';
import { PRESETS } from '../api/v1alpha1/objectives.ts';
import type { Decision, ExpectedCost } from '../domain/decision.ts';
import type { IntensitySample, Rung } from '../domain/intensity.ts';
import type { PlannableJob } from '../domain/job.ts';
import type { Site } from '../domain/site.ts';
import { kilowattHours } from '../domain/units.ts';
import { plan } from './plan.ts';

/** A day that is dirty but for noon to three. */
const SOLAR_DAY = Array.from({ length: 48 }, (_, hour) => (hour % 24 >= 12 && hour % 24 < 15 ? 50 : 400));

function decide(job: PlannableJob, sites: readonly Site[], now = MIDNIGHT): Decision {
  const decision = plan(aSnapshot({ sites, jobs: [job], now })).decisions.get(job.key);
  if (decision === undefined) throw new Error('the plan has no decision for the job');
  return decision;
}

function onRung(name: string, rung: Rung, scale = 1, past: readonly IntensitySample[] = []): Site {
  const begins = past.at(-1)?.endsAt ?? MIDNIGHT;
  const ahead = series(SOLAR_DAY.map((figure) => figure * scale));
  const samples = [...past, ...ahead.samples.filter(({ startsAt }) => startsAt >= begins)];
  return { ...aSite(name, undefined), outlooks: { Average: { series: { ...ahead, samples }, rung } } };
}

/** What the first plan, at midnight, expected of berlin. */
function kept(rung: Rung): ExpectedCost {
  return {
    ...{ site: 'berlin', energy: kilowattHours(2), carbon: someCarbon(800, { rung }) },
    ...{ money: 0, currency: 'EUR', startsAt: MIDNIGHT, finishesAt: atHour(2) },
  };
}

const NOT_COMPARABLE = 'carbon not comparable (figures of a typical day against those of a provider)';

describe('a saving', () => {
  test('is told by a typical day where all rests on it', () => {
    const decision = decide(aPlannableJob(), [onRung('berlin', 'TypicalDay')]);
    expect(decision.message).toContain('700 g less (88 %)');
    expect(decision.baseline?.carbon?.rung).toBe('TypicalDay');
    expect(decision.chosen?.expected.carbon?.rung).toBe('TypicalDay');
  });

  test('is not told of a typical day against a baseline of a provider, and the plan does not change for that', () => {
    const job = aPlannableJob({ baseline: kept('LiveForecast') });
    const byTypicalDay = decide(job, [onRung('berlin', 'TypicalDay', 3)], atHour(1));
    expect(byTypicalDay.baseline).toEqual(kept('LiveForecast'));
    expect(byTypicalDay.message).toBe(`against starting at once at berlin: ${NOT_COMPARABLE}, finishes 12.0 h later`);
    const byForecast = decide(job, [onRung('berlin', 'LiveForecast', 3)], atHour(1));
    expect(byTypicalDay.chosen?.windows).toEqual(byForecast.chosen?.windows);
  });

  test('is told of lesser rungs of a provider: their level is that of these days', () => {
    const job = aPlannableJob({ baseline: kept('LiveForecast') });
    const decision = decide(job, [onRung('berlin', 'Persistence')], atHour(1));
    expect(decision.message).toContain('700 g less (88 %)');
  });

  test('is not told where a part of what the job emits is of a typical day', () => {
    const running = (spentOn: Rung, ahead: Rung, baseline: Rung): Decision => {
      const current = { site: 'berlin', product: H100, windows: [{ startsAt: MIDNIGHT, endsAt: atHour(2) }] };
      const spent = { energy: kilowattHours(1), carbon: someCarbon(300, { rung: spentOn }), money: 0 };
      const work = { remainingWork: hours(1), spent, current, phase: 'Running' as const };
      const known = series([undefined, 300]).samples;
      const site = onRung('berlin', ahead, 1, known);
      return decide(aPlannableJob({ ...work, baseline: kept(baseline) }), [site], atHour(1));
    };
    expect(running('LiveForecast', 'TypicalDay', 'LiveForecast').message).toContain(
      'carbon not comparable (figures of a typical day in part against those of a provider)',
    );
    expect(running('TypicalDay', 'LiveForecast', 'TypicalDay').message).toContain('carbon not comparable');
    expect(running('TypicalDay', 'TypicalDay', 'TypicalDay').message).toContain('200 g less (25 %)');
  });
});

describe('a kept baseline', () => {
  const baselineAt = (site: Site, baseline: ExpectedCost) =>
    decide(aPlannableJob({ baseline }), [site], atHour(1)).baseline;

  test('of a typical day is weighed anew where the figures of a provider cover its run', () => {
    expect(baselineAt(onRung('berlin', 'LiveForecast', 0.5), kept('TypicalDay'))).toEqual({
      ...kept('LiveForecast'),
      carbon: someCarbon(400),
    });
  });

  test('of a typical day stays where they do not reach back, or what is kept of that time is of a typical day', () => {
    const [, ...fromOneOn] = series(SOLAR_DAY).samples;
    const sinceOne = { Average: { series: { ...series([]), samples: fromOneOn }, rung: 'LiveForecast' } } as const;
    expect(baselineAt(aSite('berlin', undefined, { outlooks: sinceOne }), kept('TypicalDay'))).toEqual(
      kept('TypicalDay'),
    );
    const past = series([200]).samples.map((sample) => ({ ...sample, rung: 'TypicalDay' as const }));
    expect(baselineAt(onRung('berlin', 'LiveForecast', 0.5, past), kept('TypicalDay'))).toEqual(kept('TypicalDay'));
  });

  test('of a provider is never weighed by a typical day, whatever its grams count', () => {
    const typicalDay = onRung('berlin', 'TypicalDay', 0.5);
    expect(baselineAt(typicalDay, kept('CachedForecast'))).toEqual(kept('CachedForecast'));
    const direct = { ...kept('LiveForecast'), carbon: someCarbon(800, { scope: 'Direct' }) };
    expect(baselineAt(typicalDay, direct)).toEqual(direct);
  });

  test('without grams takes those of a typical day', () => {
    const unknown = { ...kept('LiveForecast'), carbon: undefined };
    expect(baselineAt(onRung('berlin', 'TypicalDay'), unknown)?.carbon).toEqual(
      someCarbon(800, { rung: 'TypicalDay' }),
    );
  });
});

describe('sites on a typical day and on a forecast', () => {
  test('are chosen among as before, and no share is told between them', () => {
    const job = aPlannableJob({ home: 'berlin' });
    const against = (typicalDay: Site) => decide(job, [onRung('berlin', 'LiveForecast'), typicalDay]);
    const dirtier = against(onRung('warsaw', 'TypicalDay', 2));
    expect(dirtier.chosen?.site).toBe('berlin');
    expect(dirtier.alternatives.find(({ site }) => site === 'warsaw')).toMatchObject({
      reason: 'NotBetterByEnough',
      message: NOT_COMPARABLE,
    });
    const cleaner = against(onRung('warsaw', 'TypicalDay', 0.5));
    expect(cleaner).toMatchObject({ reason: 'BetterSiteAndWindow', chosen: { site: 'warsaw' } });
    expect(cleaner.message).toContain(NOT_COMPARABLE);
  });

  test('have the reasons of money and time where carbon does not count', () => {
    const dear = { ...onRung('warsaw', 'TypicalDay'), electricityPricePerKilowattHour: 0.5 };
    const job = aPlannableJob({ home: 'berlin', objective: PRESETS.Cost });
    const { alternatives } = decide(job, [onRung('berlin', 'LiveForecast'), dear]);
    expect(alternatives).toMatchObject([{ site: 'warsaw', reason: 'MoreMoney' }]);
  });
});
