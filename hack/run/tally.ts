/** The part of jest's JSON report that the closing line needs. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly JestFileResult[];
}

interface JestFileResult {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped' | 'focused';
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  /** One line for each failure that jest itself doesn't print as one. */
  readonly remarks: readonly string[];
}

export interface StageOutcome {
  readonly title: string;
  readonly exitCode: number;
  /** Absent when jest ended before it could write one. */
  readonly report: JestReport | undefined;
  /** Only tests with a certain name were asked for: the others of the same file are left out, not skipped. */
  readonly selectedByName: boolean;
}

const LEFT_OUT = new Set(['pending', 'skipped', 'todo', 'disabled']);

/**
 * Counts a stage. As failed count: failed tests, files that could not run, skipped tests (they are defects),
 * a stage that ran no test, and an exit code of jest that no failed test explains.
 */
export function tally(outcome: StageOutcome): Tally {
  const { title, report, exitCode } = outcome;
  if (report === undefined) {
    return { passed: 0, failed: 1, remarks: [`${title}: jest ended with exit code ${exitCode} and wrote no report`] };
  }
  const remarks = [...report.testResults.flatMap(filesThatCouldNotRun), ...skippedTests(outcome, report)];
  if (report.numPassedTests + report.numFailedTests === 0 && remarks.length === 0) {
    remarks.push(`${title}: no test ran`);
  }
  if (exitCode !== 0 && report.numFailedTests + remarks.length === 0) {
    remarks.push(`${title}: every test passed, yet jest ended with exit code ${exitCode}`);
  }
  return { passed: report.numPassedTests, failed: report.numFailedTests + remarks.length, remarks };
}

function filesThatCouldNotRun(file: JestFileResult): string[] {
  const hasFailedTest = file.assertionResults.some((test) => test.status === 'failed');
  return file.status === 'failed' && !hasFailedTest ? [`could not run: ${file.name}`] : [];
}

function skippedTests(outcome: StageOutcome, report: JestReport): string[] {
  if (outcome.selectedByName) return [];
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => LEFT_OUT.has(test.status))
      .map((test) => `skipped, which counts as failed: ${test.fullName} (${file.name})`),
  );
}

export function sum(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((total, each) => total + each.passed, 0),
    failed: tallies.reduce((total, each) => total + each.failed, 0),
    remarks: tallies.flatMap((each) => each.remarks),
  };
}

/** The plain last line of every test run. */
export function closingLine({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}
