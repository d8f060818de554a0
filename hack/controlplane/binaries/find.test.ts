import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findBinary } from './find.ts';
import { isolatedSettings, temporaryDirectory, writeExecutable } from './fixtures.ts';
import type { BinarySettings } from './settings.ts';
import { cachedPath, settingsFromEnvironment } from './settings.ts';
import { toolNamed } from './tools.ts';

const etcd = toolNamed('etcd');
let directory: string;
let settings: BinarySettings;

beforeEach(async () => {
  directory = await temporaryDirectory();
  const { folders } = settingsFromEnvironment({
    SUNWARD_CONTROLPLANE_BIN: join(directory, 'ours'),
    KUBEBUILDER_ASSETS: join(directory, 'envtest'),
  });
  settings = isolatedSettings(directory, { folders });
});

afterEach(() => rm(directory, { recursive: true }));

describe('finding a binary', () => {
  test('finds nothing where nothing is', async () => {
    expect(await findBinary(etcd, settings)).toBeUndefined();
  });

  test('goes by SUNWARD_CONTROLPLANE_BIN, then KUBEBUILDER_ASSETS, then the cache', async () => {
    const cached = await writeExecutable(cachedPath(etcd, settings));
    expect(await findBinary(etcd, settings)).toEqual({ path: cached, from: 'cache' });
    const assets = await writeExecutable(join(directory, 'envtest', 'etcd'));
    expect(await findBinary(etcd, settings)).toEqual({ path: assets, from: 'KUBEBUILDER_ASSETS' });
    const ours = await writeExecutable(join(directory, 'ours', 'etcd'));
    expect(await findBinary(etcd, settings)).toEqual({ path: ours, from: 'SUNWARD_CONTROLPLANE_BIN' });
  });

  test('passes over a file that is not executable', async () => {
    await chmod(await writeExecutable(join(directory, 'ours', 'etcd')), 0o644);
    expect(await findBinary(etcd, settings)).toBeUndefined();
  });
});

describe('settings from the environment', () => {
  test('the cache is outside the work tree, by SUNWARD_CACHE, then XDG_CACHE_HOME', () => {
    expect(settingsFromEnvironment({ SUNWARD_CACHE: '/a', XDG_CACHE_HOME: '/b' }).cacheDirectory).toBe('/a');
    expect(settingsFromEnvironment({ XDG_CACHE_HOME: '/b' }).cacheDirectory).toBe('/b/sunward');
    expect(settingsFromEnvironment({}).cacheDirectory).toMatch(/\/\.cache\/sunward$/);
  });

  test('the cache is keyed by tool, version and platform', () => {
    expect(cachedPath(etcd, isolatedSettings('/x'))).toBe(
      `/x/cache/binaries/etcd/${etcd.source.version}/linux-amd64/etcd`,
    );
  });

  test('an empty variable is as none', () => {
    expect(settingsFromEnvironment({ SUNWARD_CONTROLPLANE_BIN: '', BINARIES: ' ' })).toMatchObject({
      folders: [],
      missing: 'build',
    });
  });

  test('BINARIES must be build or download', () => {
    expect(settingsFromEnvironment({ BINARIES: 'download' }).missing).toBe('download');
    expect(() => settingsFromEnvironment({ BINARIES: 'fetch' })).toThrow(
      'BINARIES is "fetch": it must be "build" (the default) or "download"',
    );
  });
});
