import { expect, test } from '@jest/globals';

import { packagesOf, strayPackages } from './contents.ts';

test('the packages of a bundle are named once, scoped and nested ones too', () => {
  const inputs = {
    'operator/main.ts': {},
    'node_modules/pino/lib/tools.js': {},
    'node_modules/pino/pino.js': {},
    'node_modules/@kubernetes/client-node/dist/index.js': {},
    'node_modules/pino/node_modules/sonic-boom/index.js': {},
  };
  expect(packagesOf({ inputs })).toEqual(['@kubernetes/client-node', 'pino', 'sonic-boom']);
});

test('a development package in the bundle is found', () => {
  const manifest = JSON.stringify({
    dependencies: { pino: '10.4.0' },
    devDependencies: { '@dot-i/k8s-operator': '1.3.9' },
  });
  expect(strayPackages(['@dot-i/k8s-operator', 'pino'], manifest)).toEqual(['@dot-i/k8s-operator']);
});
