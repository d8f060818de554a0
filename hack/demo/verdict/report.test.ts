import { expect, test } from '@jest/globals';
import { anOutcome } from '../../../test/builders/demo.ts';
import { reportOf } from './report.ts';
import { verdictOn } from './verdict.ts';

test('the report has plan, run and verdict of every job as plain JSON, with times in RFC 3339', () => {
  const outcome = anOutcome();
  const report = JSON.parse(JSON.stringify(reportOf(outcome, verdictOn(outcome)))) as Record<string, unknown>;
  expect(report).toMatchObject({
    holds: true,
    day: { midnight: '2026-11-22T10:00:00.000Z', hourSeconds: 6 },
    operator: { kills: 0, unexpected: 0, killsAsked: 0 },
    totals: { plannedGrams: 30 },
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
