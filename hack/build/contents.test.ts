import { expect, test } from '@jest/globals';

import { bundledPackages, importedByProject, packagesOf, strayPackages } from './contents.ts';

const file = (...imports: readonly string[]) => ({ imports: imports.map((path) => ({ path })) });

const INPUTS = {
  'operator/main.ts': file('node:os', 'operator/log.ts', 'node_modules/pino/pino.js'),
  'operator/log.ts': file('node_modules/@kubernetes/client-node/dist/index.js'),
  'node_modules/pino/lib/tools.js': file(),
  'node_modules/pino/pino.js': file(
    'node_modules/pino/lib/tools.js',
    'node_modules/pino/node_modules/sonic-boom/index.js',
  ),
  'node_modules/@kubernetes/client-node/dist/index.js': file(),
  'node_modules/pino/node_modules/sonic-boom/index.js': file(),
};
const LOCKFILE = {
  packages: {
    'node_modules/pino': { version: '10.4.0', integrity: 'sha512-cGlubw==', license: 'MIT' },
    'node_modules/@kubernetes/client-node': { version: '2.0.1', integrity: 'sha512-azhz', license: 'Apache-2.0' },
    'node_modules/pino/node_modules/sonic-boom': { version: '4.2.1', integrity: 'sha512-Ym9vbQ==' },
    'node_modules/jest': { version: '30.5.2', integrity: 'sha512-amVzdA==', license: 'MIT' },
  },
};

test('the packages of a bundle are named once, scoped and nested ones too', () => {
  expect(packagesOf({ inputs: INPUTS })).toEqual(['@kubernetes/client-node', 'pino', 'sonic-boom']);
});

test('a development package in the bundle is found', () => {
  const manifest = JSON.stringify({
    dependencies: { pino: '10.4.0' },
    devDependencies: { '@dot-i/k8s-operator': '1.3.9' },
  });
  expect(strayPackages(['@dot-i/k8s-operator', 'pino'], manifest)).toEqual(['@dot-i/k8s-operator']);
});

test('each package in the bundle has the version of the lockfile, and what it imports there', () => {
  expect(bundledPackages({ inputs: INPUTS }, LOCKFILE)).toEqual([
    {
      folder: 'node_modules/@kubernetes/client-node',
      name: '@kubernetes/client-node',
      version: '2.0.1',
      integrity: 'sha512-azhz',
      licence: 'Apache-2.0',
      imports: [],
    },
    {
      folder: 'node_modules/pino',
      name: 'pino',
      version: '10.4.0',
      integrity: 'sha512-cGlubw==',
      licence: 'MIT',
      imports: ['node_modules/pino/node_modules/sonic-boom'],
    },
    {
      folder: 'node_modules/pino/node_modules/sonic-boom',
      name: 'sonic-boom',
      version: '4.2.1',
      integrity: 'sha512-Ym9vbQ==',
      licence: undefined,
      imports: [],
    },
  ]);
  expect(importedByProject({ inputs: INPUTS })).toEqual(['node_modules/@kubernetes/client-node', 'node_modules/pino']);
});

test('an alias has the name of the package that it stands for', () => {
  const inputs = { 'node_modules/request/index.js': file() };
  const packages = {
    'node_modules/request': { name: '@cypress/request', version: '3.0.9', integrity: 'sha512-cmVx', license: 'MIT' },
  };
  expect(bundledPackages({ inputs }, { packages })).toMatchObject([{ name: '@cypress/request', version: '3.0.9' }]);
});

test('a package that the lockfile does not know is refused by name', () => {
  expect(() => bundledPackages({ inputs: INPUTS }, { packages: {} })).toThrow(
    'node_modules/@kubernetes/client-node is in the bundle, but package-lock.json has no version and checksum of it',
  );
});
