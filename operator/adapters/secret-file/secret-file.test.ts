import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SecretFile } from './secret-file.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-secret-'));
  path = join(folder, 'key');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a key in a file', () => {
  test.each([
    ['as it is', 'of-the-test-4711', 'of-the-test-4711'],
    ['without the line end that editors add', 'of-the-test-4711\n', 'of-the-test-4711'],
    ['without white space around it', '\uFEFF \t of-the-test-4711 \r\n\n', 'of-the-test-4711'],
    ['with the spaces within it, as passwords have them', 'correct horse battery', 'correct horse battery'],
  ])('is read %s', async (_, written, key) => {
    await writeFile(path, written);
    expect(await new SecretFile(path).read()).toBe(key);
  });

  test('is read again at each use: it may have changed', async () => {
    const secret = new SecretFile(path);
    await writeFile(path, 'of-yesterday');
    expect(await secret.read()).toBe('of-yesterday');
    await writeFile(path, 'of-today');
    expect(await secret.read()).toBe('of-today');
  });

  test('is read as the kubelet changes it: a link to another folder in the place of the one before', async () => {
    for (const day of ['yesterday', 'today']) {
      await mkdir(join(folder, `..${day}`));
      await writeFile(join(folder, `..${day}`, 'key'), `of-${day}`);
    }
    await symlink('..yesterday', join(folder, '..data'));
    await symlink(join('..data', 'key'), path);
    const secret = new SecretFile(path);
    expect(await secret.read()).toBe('of-yesterday');
    await symlink('..today', join(folder, '..new'));
    await rename(join(folder, '..new'), join(folder, '..data'));
    expect(await secret.read()).toBe('of-today');
  });

  test('that is missing, and comes later, is read then', async () => {
    const secret = new SecretFile(path);
    await expect(secret.read()).rejects.toMatchObject({ code: 'Unauthorised' });
    await writeFile(path, 'of-today');
    expect(await secret.read()).toBe('of-today');
  });
});

describe('a key file', () => {
  test('that is missing is named, with the remedy', async () => {
    await expect(new SecretFile(path).read()).rejects.toMatchObject({
      name: 'SourceError',
      code: 'Unauthorised',
      message: expect.stringMatching(new RegExp(`reading the key file ${path}: .*ENOENT.*; mount the Secret there$`)),
    });
  });

  test('that is a folder is named', async () => {
    await mkdir(path);
    await expect(new SecretFile(path).read()).rejects.toMatchObject({
      code: 'Unauthorised',
      message: expect.stringMatching(new RegExp(`${path}: .*EISDIR`)),
    });
  });

  test.each(['', '\n', ' \t\r\n'])('that holds nothing (%j) is named, with the remedy', async (nothing) => {
    await writeFile(path, nothing);
    await expect(new SecretFile(path).read()).rejects.toMatchObject({
      code: 'Unauthorised',
      message: `the key file ${path} is empty; write the key into it`,
    });
  });

  test('that holds more than one line is named, and what it holds is not told', async () => {
    await writeFile(path, '# key of the test\nof-the-test-4711\n');
    await expect(new SecretFile(path).read()).rejects.toMatchObject({
      code: 'Unauthorised',
      message: `the key file ${path} has more than one line; write the key alone into it`,
    });
  });
});
