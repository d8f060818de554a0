import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BenchOptions, CaseName } from '../options.ts';
import { step, type Progress } from '../progress.ts';
import { DataFolder } from './data/folder.ts';
import type { QualityRow } from './quality-case.ts';
import { QUALITY_CASES } from './quality-cases.ts';
import { qualityTable } from './quality-table.ts';

/** The cases as the command line knows them. */
export const QUALITY_NAMES: readonly CaseName[] = QUALITY_CASES.map(({ id, title }) => ({
  name: id,
  description: title,
}));

interface Output {
  readonly progress: Progress;
  /** Takes the table of a case as soon as it is measured. */
  readonly print: (table: string) => void;
}

/** Replays the cases, prints and writes what came of them. False where something does not hold that must. */
export async function runQuality(
  { cases, dataDirectory, outputFile, stride }: BenchOptions,
  { progress, print }: Output,
  abort: AbortSignal,
): Promise<boolean> {
  const data = new DataFolder(dataDirectory ?? '.');
  const rows: QualityRow[] = [];
  let everythingHolds = true;
  for (const one of QUALITY_CASES.filter(({ id }) => cases.includes(id))) {
    const result = await step(progress, `Case ${one.id}, ${one.title}`, () =>
      one.run(data, { progress, abort, stride }),
    );
    print(`\n${qualityTable(one, result)}\n`);
    rows.push(...result.rows);
    everythingHolds &&= (result.findings ?? []).every(({ holds }) => holds);
  }
  await writeRows(outputFile, rows);
  return everythingHolds;
}

/** One object a row, for scripts that compare runs. */
async function writeRows(path: string, rows: readonly QualityRow[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify({ cases: rows }, undefined, 2)}\n`);
}
