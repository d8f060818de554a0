import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { recordingLevels } from './recording-levels.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-rules-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function levelsOf(...rules: readonly object[]): Promise<readonly unknown[]> {
  const path = join(folder, 'rules.yaml');
  await writeFile(path, JSON.stringify({ groups: [{ name: 'one', interval: '1m', rules }] }));
  return (await recordingLevels([path])).map((text) => parse(text) as unknown);
}

const level = (...rules: readonly object[]) => ({ groups: [{ name: 'one', rules }] });

test('what a rule asks for comes before it, in whatever order they are written', async () => {
  const day = { record: 'a:b:sum1d', expr: 'sum_over_time(a:b:sum[1d])' };
  const sum = { record: 'a:b:sum', expr: 'sum(b)' };
  const share = { record: 'a:b:ratio', expr: 'a:b:sum / a:b:sum1d' };
  expect(await levelsOf(day, share, sum)).toEqual([level(sum), level(day), level(share)]);
});

test('alerts are left out, and intervals', async () => {
  const sum = { record: 'a:b:sum', expr: 'sum(b)' };
  expect(await levelsOf({ alert: 'Low', expr: 'a:b:sum < 1' }, sum)).toEqual([level(sum)]);
});

test('rules that ask for each other are refused', async () => {
  const rules = [
    { record: 'a:b:c', expr: 'd:e:f' },
    { record: 'd:e:f', expr: 'a:b:c' },
  ];
  await expect(levelsOf(...rules)).rejects.toThrow('ask for each other in a circle');
});
