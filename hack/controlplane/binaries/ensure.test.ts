import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureBinaries } from './ensure.ts';
import { isolatedSettings, temporaryDirectory, writeExecutable, writeFakeGo } from './fixtures.ts';

let directory: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(() => rm(directory, { recursive: true }));

async function builtPackages(): Promise<string[]> {
  const log = await readFile(join(directory, 'builds.log'), 'utf8').catch(() => '');
  return log.split('\n').filter((line) => line !== '');
}

describe('what is missing is built', () => {
  test('only that, one after the other, with progress, into the cache', async () => {
    const etcd = await writeExecutable(join(directory, 'bin', 'etcd'));
    const folders = [{ variable: 'SUNWARD_CONTROLPLANE_BIN', path: join(directory, 'bin') }];
    const settings = isolatedSettings(directory, { folders, go: await writeFakeGo(directory) });
    const said: string[] = [];
    const binaries = await ensureBinaries(['etcd', 'kwok', 'kubectl'], {
      settings,
      progress: (line) => said.push(line),
    });
    expect(binaries.path('etcd')).toBe(etcd);
    expect(await readFile(binaries.path('kwok'), 'utf8')).toContain('built');
    expect(await builtPackages()).toEqual(['sigs.k8s.io/kwok/cmd/kwok', 'k8s.io/kubernetes/cmd/kubectl']);
    expect(said).toEqual([
      'building kwok v0.8.0 (1 of 2) …',
      expect.stringMatching(/^built kwok v0\.8\.0 in \d+ s$/),
      'building kubectl v1.36.4 (2 of 2) …',
      expect.stringMatching(/^built kubectl v1\.36\.4 in \d+ s$/),
    ]);
    expect((await readdir(settings.cacheDirectory)).filter((name) => name !== 'binaries')).toEqual([]);
  });

  test('once, when two ask at the same time', async () => {
    const settings = isolatedSettings(directory, { go: await writeFakeGo(directory) });
    const options = { settings, progress: () => undefined };
    const both = await Promise.all([ensureBinaries(['etcd'], options), ensureBinaries(['etcd'], options)]);
    expect(both.map((binaries) => binaries.path('etcd'))).toHaveLength(2);
    expect(await builtPackages()).toHaveLength(1);
  });

  test("with the compiler's words when it fails, and leaves nothing half-made", async () => {
    const go = await writeFakeGo(directory, { build: 'echo "main.go:1: syntax error"; exit 2' });
    const settings = isolatedSettings(directory, { go });
    await expect(ensureBinaries(['etcd'], { settings, progress: () => undefined })).rejects.toThrow(
      'building etcd v3.6.14: go build ended with code 2:\nmain.go:1: syntax error',
    );
    await expect(ensureBinaries(['etcd'], { settings: { ...settings, go: 'no-such-go' } })).rejects.toThrow(
      'missing: etcd',
    );
  });

  test('until it is asked to stop', async () => {
    const stop = new AbortController();
    const go = await writeFakeGo(directory, { build: 'exec sleep 60' });
    const building = ensureBinaries(['etcd'], {
      settings: isolatedSettings(directory, { go }),
      abort: stop.signal,
      progress: () => {
        stop.abort(new Error('enough'));
      },
    });
    await expect(building).rejects.toThrow('enough');
  });
});

describe('without a Go that can build them, one error', () => {
  const remedies = [
    'install Go 1.26.0 or newer',
    'BINARIES=download',
    'SUNWARD_CONTROLPLANE_BIN=',
    'KUBEBUILDER_ASSETS=',
  ];

  test('says what is missing, where it was looked for, and each remedy', async () => {
    const settings = isolatedSettings(directory, { folders: [{ variable: 'KUBEBUILDER_ASSETS', path: '/assets' }] });
    const error = await ensureBinaries(['etcd', 'kube-apiserver'], { settings }).catch((caught: unknown) => caught);
    const { message } = error as Error;
    expect(message).toContain('Binaries are missing: etcd v3.6.14, kube-apiserver v1.36.4.');
    expect(message).toContain(`Looked in KUBEBUILDER_ASSETS (/assets), the cache (${settings.cacheDirectory}).`);
    expect(message).toContain('is not installed');
    for (const remedy of remedies) expect(message).toContain(remedy);
  });

  test('says which Go is too old', async () => {
    const settings = isolatedSettings(directory, { go: await writeFakeGo(directory, { version: '1.19.8' }) });
    await expect(ensureBinaries(['kwok'], { settings })).rejects.toThrow(
      'needs Go 1.26.0 or newer, and this is Go 1.19.8',
    );
  });
});
