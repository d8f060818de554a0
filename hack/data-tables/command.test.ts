import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDataTable, type DataTable } from './command.ts';

let folder: string;
let rowsPath: string;
let pagePath: string;
let said: string[];
const report = (line: string) => said.push(line);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-data-table-'));
  rowsPath = join(folder, 'rows.ts');
  pagePath = join(folder, 'page.md');
  await Promise.all([rowsPath, pagePath].map((path) => writeFile(path, 'old\n')));
  said = [];
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A table of one number: the data folder's name says what it should be, the committed rows what it is. */
function tableOf(committed: string, problems: readonly string[] = []): DataTable {
  const files = (rows: string) => [
    { path: rowsPath, content: `export const ROWS = ${rows};\n` },
    { path: pagePath, content: `# Rows: ${rows}\n` },
  ];
  return {
    script: 'hack/update-x.ts',
    render: (dataFolder) => Promise.resolve(files(dataFolder)),
    committed: () => files(committed),
    problems: () => Promise.resolve(problems),
  };
}

describe('the command of a data table', () => {
  test('writes everything from the data, and a check is content with it', async () => {
    expect(await runDataTable(tableOf('0'), ['--data', '1'], report)).toBe(0);
    expect(await readFile(rowsPath, 'utf8')).toBe('export const ROWS = 1;\n');
    expect(await readFile(pagePath, 'utf8')).toBe('# Rows: 1\n');

    said = [];
    expect(await runDataTable(tableOf('1'), ['--check'], report)).toBe(0);
    expect(await runDataTable(tableOf('1'), ['--check', '--data', '1'], report)).toBe(0);
    expect(said).toEqual([]);
  });

  test('without the data writes the page alone, so that rows changed by hand stay found out', async () => {
    expect(await runDataTable(tableOf('2'), [], report)).toBe(0);
    expect(await readFile(rowsPath, 'utf8')).toBe('old\n');
    expect(await readFile(pagePath, 'utf8')).toBe('# Rows: 2\n');
    expect(await runDataTable(tableOf('2'), ['--check'], report)).toBe(1);
  });

  test('fails a check, and says what to run, when the data gives something else', async () => {
    await runDataTable(tableOf('1'), ['--data', '1'], report);
    said = [];
    expect(await runDataTable(tableOf('1'), ['--check', '--data', '3'], report)).toBe(1);
    expect(said.join('\n')).toContain('run "node hack/update-x.ts --data 3"');
  });

  test('fails a check when the committed table shows a problem by itself', async () => {
    await runDataTable(tableOf('1'), ['--data', '1'], report);
    said = [];
    expect(await runDataTable(tableOf('1', ['a row is odd']), ['--check'], report)).toBe(1);
    expect(said).toEqual(['a row is odd']);
  });
});
