import { describe, expect, test } from '@jest/globals';
import { HOUR_MS } from '../../domain/units.ts';
import { LengthHistory, type FinishedJob, type WorkloadIdentity } from './length-history.ts';

const WAIT = 12 * HOUR_MS;

function identity(overrides: Partial<WorkloadIdentity> = {}): WorkloadIdentity {
  return { namespace: 'research', template: 'train', workload: undefined, owner: undefined, ...overrides };
}

function finished(count: number, overrides: Partial<WorkloadIdentity>, hours = 2): FinishedJob[] {
  const told = { identity: identity(overrides), homes: new Set<string>(), work: () => hours * HOUR_MS };
  return Array.from({ length: count }, () => told);
}

const sourceOf = (jobs: readonly FinishedJob[], of: Partial<WorkloadIdentity> = {}) =>
  new LengthHistory(jobs).beliefOf(identity(of), WAIT).learntFrom;

describe('a length is learnt', () => {
  test('from jobs of the same template before all others', () => {
    const jobs = [...finished(1, {}), ...finished(20, { template: 'other', workload: 'llama', owner: 'Workflow/x' })];
    expect(sourceOf(jobs, { workload: 'llama', owner: 'Workflow/x' })).toEqual({ kinship: 'Template', runs: 1 });
  });

  test('from the label, then the owner, then the namespace, each where there are enough', () => {
    const template = 'other';
    const of = { workload: 'llama', owner: 'Workflow/x' };
    expect(sourceOf(finished(2, { template, ...of }), of)).toEqual({ kinship: 'Workload', runs: 2 });
    expect(sourceOf(finished(3, { template, owner: 'Workflow/x' }), of)).toEqual({ kinship: 'Owner', runs: 3 });
    expect(sourceOf(finished(10, { template }), of)).toEqual({ kinship: 'Namespace', runs: 10 });
  });

  test('from nobody where too few have finished', () => {
    expect(sourceOf(finished(9, { template: 'other', workload: 'llama' }), { workload: 'bert' })).toBeUndefined();
    expect(sourceOf(finished(1, { template: 'other', workload: 'llama' }), { workload: 'llama' })).toBeUndefined();
  });

  test('never from another namespace', () => {
    expect(sourceOf(finished(50, { namespace: 'finance' }))).toBeUndefined();
  });

  test('and is then that of those jobs', () => {
    const { points } = new LengthHistory(finished(30, {}, 5)).beliefOf(identity(), WAIT);
    const shareAt = (hours: number) => points.findLast(({ work }) => work <= hours * HOUR_MS)?.share ?? 1;
    expect(shareAt(4.9)).toBeGreaterThan(0.95);
    expect(shareAt(5)).toBeLessThan(0.05);
  });

  test('as it would be from the home of the job that asks', () => {
    const work = (home: string | undefined): number => (home === 'south' ? 5 : 2) * HOUR_MS;
    const history = new LengthHistory([{ identity: identity(), homes: new Set(['south']), work }]);
    const hasPointAt = (hours: number, home: string | undefined) =>
      history.beliefOf(identity(), WAIT, home).points.some((point) => point.work === hours * HOUR_MS);
    expect([hasPointAt(5, 'south'), hasPointAt(2, 'south')]).toEqual([true, false]);
    for (const home of ['invented', undefined])
      expect([hasPointAt(5, home), hasPointAt(2, home)]).toEqual([false, true]);
  });
});
