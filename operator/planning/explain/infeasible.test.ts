import { describe, expect, test } from '@jest/globals';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours } from '../../../test/builders/planning.ts';
import type { Decision } from '../../domain/decision.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { plan } from '../plan.ts';

const FLAT = Array.from({ length: 48 }, () => 100);

function decide(jobs: readonly PlannableJob[], sites: readonly Site[]): Decision | undefined {
  return plan(aSnapshot({ sites, jobs })).decisions.get('research/train');
}

describe('a job whose deadline no option meets', () => {
  test('is told the earliest finish, by how much that is late, and what is left of the time', () => {
    const job = aPlannableJob({ remainingWork: hours(6), totalWork: hours(6), deadline: atHour(4) });
    const decision = decide([job], [aSite('north', FLAT)]);
    expect(decision).toMatchObject({ reason: 'DeadlineAtRisk', deadlineAtRisk: true });
    expect(decision?.message).toBe(
      'no option meets the deadline: the earliest finish, at north, is 2.0 h late; it takes 6.0 h and 4.0 h are left: ' +
        'it needs a deadline at 2026-06-01T06:00:00Z or later, or a faster accelerator',
    );
  });

  test('is told how many devices would help where others hold them', () => {
    const before = aPlannableJob({ key: 'research/before', phase: 'Running', devices: 6, remainingWork: hours(10) });
    const running = { ...before, current: { site: 'north', product: aPool().product, windows: [] } };
    const job = aPlannableJob({ devices: 4, deadline: atHour(5) });
    const decision = decide([running, job], [aSite('north', FLAT, { pools: [aPool({ capacity: 8 })] })]);
    expect(decision?.message).toBe(
      'no option meets the deadline: the earliest finish, at north, is 7.0 h late; ' +
        'it needs a deadline at 2026-06-01T12:00:00Z or later, or 2 more of NVIDIA-H100-80GB-HBM3 free at north',
    );
  });

  test('is told of a site that a rule closes to it', () => {
    const rules = aPlannableJob().placementRules;
    const before = aPlannableJob({ key: 'research/before', phase: 'Running', devices: 8, remainingWork: hours(10) });
    const running = { ...before, current: { site: 'north', product: aPool().product, windows: [] } };
    const job = aPlannableJob({ deadline: atHour(5), placementRules: { ...rules, jobDenies: ['south'] } });
    const decision = decide([running, job], [aSite('north', FLAT), aSite('south', FLAT)]);
    expect(decision?.message).toMatch(/or another site \(spec\.placement\.sites\.deny names south\)$/);
  });
});
