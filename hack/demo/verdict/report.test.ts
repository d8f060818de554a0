import { expect, test } from '@jest/globals';
import { anOutcome, DAY } from '../../../test/builders/demo.ts';
import { timeAt } from '../day/demo-day.ts';
import { reportOf } from './report.ts';
import { verdictOn } from './verdict.ts';

test('the report tells when the provider was away, and when it was noticed that it was back', () => {
  const [startsAt, endsAt, recoveredAt] = [timeAt(DAY, 6), timeAt(DAY, 9), timeAt(DAY, 10)];
  const outage = { startsAt, endsAt, recoveredAt };
  const outcome = anOutcome({}, { carbon: { source: 'electricity-maps', outageAsked: true, outage } });
  expect(reportOf(outcome, verdictOn(outcome))).toMatchObject({
    carbon: {
      outage: {
        startsAt: '2026-11-22T10:00:36.000Z',
        endsAt: '2026-11-22T10:00:54.000Z',
        recoveredAt: '2026-11-22T10:01:00.000Z',
      },
    },
  });
});

test('the report has plan, run and verdict of every job as plain JSON, with times in RFC 3339', () => {
  const outcome = anOutcome();
  const report = JSON.parse(JSON.stringify(reportOf(outcome, verdictOn(outcome)))) as Record<string, unknown>;
  expect(report).toMatchObject({
    holds: true,
    day: { midnight: '2026-11-22T10:00:00.000Z', hourSeconds: 6 },
    operator: { kills: 0, unexpected: 0, killsAsked: 0 },
    totals: { plannedGrams: 30 },
    carbon: { source: 'file', outageAsked: false },
  });
  expect((report['sites'] as object[])[0]).toMatchObject({
    name: 'stockholm',
    zone: 'SE-SE3',
    rungs: [{ at: '2026-11-22T10:00:18.000Z', rung: 'LiveForecast', source: 'file' }],
  });
  expect((report['jobs'] as object[])[0]).toMatchObject({
    name: 'evaluation',
    home: 'warsaw',
    sites: ['stockholm'],
    deadline: '2026-11-22T10:00:54.000Z',
    planned: { site: 'stockholm', startsAt: '2026-11-22T10:00:25.200Z', grams: 5 },
    runs: [{ startsAt: '2026-11-22T10:00:25.200Z', endsAt: '2026-11-22T10:00:36.000Z' }],
    end: { outcome: 'Complete', at: '2026-11-22T10:00:36.000Z' },
    jobs: 1,
  });
});
