import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asksForHelp, readLaunch } from './read-config.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sunward-config-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('without arguments every default holds, and the pod says who and where it is', () => {
  const launch = readLaunch([], { POD_NAMESPACE: 'operators', POD_NAME: 'sunward-0' }, 'host');
  expect(launch).toMatchObject({ namespace: 'operators', identity: 'sunward-0', kubeconfig: undefined });
  expect(launch.config.planning.slot).toBe(300_000);
});

test('outside a pod it is the host, in the namespace of the manifests', () => {
  expect(readLaunch([], {}, 'host')).toMatchObject({ namespace: 'sunward-system', identity: 'host' });
});

test('a file is read from where the argument says', () => {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, 'planning: {slot: 15m}\n');
  expect(readLaunch(['--config', path, '--kubeconfig', 'k'], {}, 'host')).toMatchObject({
    kubeconfig: 'k',
    config: { planning: { slot: 900_000 } },
  });
});

test.each([
  [['--config', '/does/not/exist'], "--config /does/not/exist can't be read"],
  [['--verbose'], "Unknown option '--verbose'"],
  [['run'], 'usage: sunward'],
])('%j is refused in words', (args, words) => {
  expect(() => readLaunch(args, {}, 'host')).toThrow(words);
});

test.each([['--help'], ['-h']])('%s asks for help', (arg) => {
  expect(asksForHelp([arg])).toBe(true);
  expect(asksForHelp([])).toBe(false);
});
