import { describe, expect, test } from '@jest/globals';

import { type JestReport, type StageOutcome, closingLine, sum, tally } from './tally.ts';

const file = (status: 'passed' | 'failed', ...tests: string[]): JestReport['testResults'][number] => ({
  name: 'operator/domain/interval.test.ts',
  status,
  assertionResults: tests.map((each) => ({ fullName: `a test that is ${each}`, status: each })),
});

const report = (...testResults: JestReport['testResults']): JestReport => {
  const statuses = testResults.flatMap((each) => each.assertionResults.map((test) => test.status));
  return {
    numPassedTests: statuses.filter((status) => status === 'passed').length,
    numFailedTests: statuses.filter((status) => status === 'failed').length,
    testResults,
  };
};

const outcome = (partial: Partial<StageOutcome>): StageOutcome => ({
  title: 'unit tests',
  exitCode: 0,
  report: report(file('passed', 'passed')),
  selectedByName: false,
  ...partial,
});

describe('counting a stage of the test run', () => {
  test('counts passed and failed tests as jest does', () => {
    const counted = tally(outcome({ exitCode: 1, report: report(file('failed', 'passed', 'passed', 'failed')) }));
    expect(counted).toEqual({ passed: 2, failed: 1, remarks: [] });
  });

  test('a file that could not run is a failure', () => {
    const counted = tally(outcome({ exitCode: 1, report: report(file('passed', 'passed'), file('failed')) }));
    expect(counted).toMatchObject({ passed: 1, failed: 1, remarks: [expect.stringContaining('could not run')] });
  });

  test.each(['pending', 'skipped', 'todo', 'disabled'])('a test that is left out as %s is a failure', (status) => {
    const counted = tally(outcome({ report: report(file('passed', 'passed', status)) }));
    expect(counted).toMatchObject({ passed: 1, failed: 1, remarks: [expect.stringContaining('skipped')] });
  });

  test('tests that a name did not select are no failure', () => {
    const counted = tally(outcome({ selectedByName: true, report: report(file('passed', 'passed', 'pending')) }));
    expect(counted).toEqual({ passed: 1, failed: 0, remarks: [] });
  });

  test('a name that selects nothing is a failure', () => {
    const counted = tally(outcome({ selectedByName: true, report: report(file('passed', 'pending')) }));
    expect(counted).toMatchObject({ passed: 0, failed: 1, remarks: ['unit tests: no test ran'] });
  });

  test('a stage without any test is a failure', () => {
    expect(tally(outcome({ exitCode: 1, report: report() }))).toMatchObject({ passed: 0, failed: 1 });
  });

  test('a run that wrote no report is a failure', () => {
    expect(tally(outcome({ exitCode: 134, report: undefined }))).toMatchObject({ passed: 0, failed: 1 });
  });

  test('an exit code that no failed test explains is a failure', () => {
    const counted = tally(outcome({ exitCode: 1 }));
    expect(counted).toMatchObject({ passed: 1, failed: 1, remarks: [expect.stringContaining('exit code 1')] });
  });
});

test('the closing line sums over all stages', () => {
  const total = sum([tally(outcome({})), tally(outcome({ report: undefined, exitCode: 1 })), tally(outcome({}))]);
  expect(closingLine(total)).toBe('2 passed, 1 failed');
});
