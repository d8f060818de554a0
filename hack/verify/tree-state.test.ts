import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from '@jest/globals';

import { changedPaths, readTreeState } from './tree-state.ts';

let folder: string;
const git = (...args: string[]): void => void execFileSync('git', args, { cwd: folder, stdio: 'ignore' });
const write = (path: string, content: string): void => {
  writeFileSync(join(folder, path), content);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sunward-tree-'));
  git('init');
  write('kept.txt', 'one');
  write('.gitignore', 'out.txt\n');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-m', 'first');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('a check that leaves files as they were changes nothing, also where there was work in progress', async () => {
  write('kept.txt', 'work in progress');
  const before = await readTreeState(folder);
  write('out.txt', 'what git ignores');
  expect(changedPaths(before, await readTreeState(folder))).toEqual([]);
});

test('a check that writes, rewrites or removes a file is found out', async () => {
  write('draft.txt', 'first draft');
  const before = await readTreeState(folder);
  write('draft.txt', 'second draft');
  write('new.txt', 'new');
  rmSync(join(folder, 'kept.txt'));
  expect(changedPaths(before, await readTreeState(folder))).toEqual(['draft.txt', 'kept.txt', 'new.txt']);
});
