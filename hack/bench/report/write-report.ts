import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CaseReport } from './figure.ts';
import { ratioOf } from './figure.ts';
import type { Environment } from './environment.ts';

export interface Report {
  readonly environment: Environment;
  /** What was put on the cluster and how the operator was set up, as far as it differs from the defaults. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly cases: readonly CaseReport[];
}

/** Writes the report as JSON, each figure with its ratio, for scripts that compare runs. */
export async function writeReport(path: string, report: Report): Promise<void> {
  const cases = report.cases.map((one) => ({
    ...one,
    figures: one.figures.map((figure) => ({ ...figure, ratio: ratioOf(figure) })),
  }));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ ...report, cases }, undefined, 2)}\n`);
}
