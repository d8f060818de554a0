import { describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import type { Access } from './kubeconfig.ts';
import { kubeconfigObject } from './kubeconfig.ts';

const access: Access = {
  cluster: 'cluster-1',
  server: 'https://127.0.0.1:20000',
  authorityCertificate: 'CA',
  user: 'admin',
  credentials: { certificate: 'CERT', privateKey: 'KEY' },
};

function load(...accesses: [Access, ...Access[]]): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(kubeconfigObject(accesses)));
  return config;
}

describe('a kubeconfig', () => {
  test('carries server, authority and client certificate inline', () => {
    const config = load(access);
    expect(config.getCurrentCluster()).toMatchObject({ server: access.server, caData: btoa('CA') });
    expect(config.getCurrentUser()).toMatchObject({ certData: btoa('CERT'), keyData: btoa('KEY') });
  });

  test('carries a token instead', () => {
    expect(load({ ...access, credentials: { token: 'secret' } }).getCurrentUser()).toMatchObject({ token: 'secret' });
  });

  test('has a context a cluster, the first is current, and users of the same name stay apart', () => {
    const config = load(access, { ...access, cluster: 'cluster-2', credentials: { token: 'other' } });
    expect(config.getContexts().map(({ name }) => name)).toEqual(['cluster-1', 'cluster-2']);
    expect(config.getCurrentContext()).toBe('cluster-1');
    config.setCurrentContext('cluster-2');
    expect(config.getCurrentUser()).toMatchObject({ token: 'other' });
  });
});
