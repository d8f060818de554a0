import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import type { Cluster } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { KubeConfigCredentials, loadKubeConfig } from './kube-config.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-kube-config-'));
});
afterEach(() => rm(folder, { recursive: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A kubeconfig of two contexts, whose current one has this user. */
async function kubeconfig(user: object, cluster: object = {}): Promise<string> {
  const path = join(folder, 'config');
  const content = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    clusters: [
      { name: 'here', cluster: { server: 'https://here.example:6443/k8s/c-1', ...cluster } },
      { name: 'there', cluster: { server: 'https://there.example' } },
    ],
    users: [{ name: 'me', user }],
    contexts: [
      { name: 'here', context: { cluster: 'here', user: 'me', namespace: 'research' } },
      { name: 'there', context: { cluster: 'there', user: 'me' } },
    ],
  };
  await writeFile(path, stringify(content));
  return path;
}

describe('a kubeconfig', () => {
  test('says where the server is, with its path, and which namespace is meant', async () => {
    const credentials = await loadKubeConfig({ path: await kubeconfig({ token: 'abc' }) });
    expect(credentials.server.href).toBe('https://here.example:6443/k8s/c-1');
    expect(credentials.namespace).toBe('research');
  });

  test('is read for another context where one is asked for', async () => {
    const credentials = await loadKubeConfig({ path: await kubeconfig({ token: 'abc' }), context: 'there' });
    expect(credentials.server.href).toBe('https://there.example/');
    expect(credentials.namespace).toBe('default');
  });

  test('with a context that it does not have is an error that says so', async () => {
    const path = await kubeconfig({ token: 'abc' });
    await expect(loadKubeConfig({ path, context: 'nowhere' })).rejects.toThrow('context nowhere names no cluster');
  });

  test('gives the token', async () => {
    const credentials = await loadKubeConfig({ path: await kubeconfig({ token: 'abc' }) });
    expect((await credentials.read()).headers).toEqual({ Authorization: 'Bearer abc' });
  });

  test('gives user and password', async () => {
    const credentials = await loadKubeConfig({ path: await kubeconfig({ username: 'me', password: 'pw' }) });
    expect((await credentials.read()).headers).toEqual({ Authorization: `Basic ${base64('me:pw')}` });
  });

  test('gives client certificates, inline or as files beside it', async () => {
    await writeFile(join(folder, 'client.key'), 'the key');
    const user = { 'client-certificate-data': base64('the certificate'), 'client-key': 'client.key' };
    const path = await kubeconfig(user, { 'certificate-authority-data': base64('the authority') });
    const { tls } = await (await loadKubeConfig({ path })).read();
    expect([tls.ca, tls.cert, tls.key].map(String)).toEqual(['the authority', 'the certificate', 'the key']);
  });

  test('gives certificates that are rotated in their files', async () => {
    await writeFile(join(folder, 'client.crt'), 'old');
    const credentials = await loadKubeConfig({ path: await kubeconfig({ 'client-certificate': 'client.crt' }) });
    expect(String((await credentials.read()).tls.cert)).toBe('old');
    await writeFile(join(folder, 'client.crt'), 'new');
    expect(String((await credentials.read()).tls.cert)).toBe('new');
  });

  test('gives the token of a token file as it is now, whose path is relative to the kubeconfig', async () => {
    await writeFile(join(folder, 'token'), 'first\n');
    const credentials = await loadKubeConfig({ path: await kubeconfig({ tokenFile: 'token' }) });
    expect((await credentials.read()).headers).toEqual({ Authorization: 'Bearer first' });
    await writeFile(join(folder, 'token'), 'second\n');
    expect((await credentials.read()).headers).toEqual({ Authorization: 'Bearer second' });
  });

  test('gives the name by which the server is known, and whether its certificate counts', async () => {
    const cluster = { 'tls-server-name': 'api.internal', 'insecure-skip-tls-verify': true };
    const credentials = await loadKubeConfig({ path: await kubeconfig({ token: 'abc' }, cluster) });
    expect((await credentials.read()).tls).toMatchObject({ servername: 'api.internal', rejectUnauthorized: false });
  });

  test('gives a proxy', async () => {
    const path = await kubeconfig({ token: 'abc' }, { 'proxy-url': 'http://proxy.example:3128' });
    expect((await (await loadKubeConfig({ path })).read()).proxy).toBeDefined();
  });
});

describe('without a path', () => {
  const { KUBECONFIG } = process.env;
  afterEach(() => {
    process.env['KUBECONFIG'] = KUBECONFIG ?? '';
  });

  test('the file that KUBECONFIG names is read, its token file too', async () => {
    await writeFile(join(folder, 'token'), 'abc\n');
    process.env['KUBECONFIG'] = await kubeconfig({ tokenFile: 'token' });
    const credentials = await loadKubeConfig();
    expect(credentials.server.host).toBe('here.example:6443');
    expect((await credentials.read()).headers).toEqual({ Authorization: 'Bearer abc' });
  });

  test('and without any file, the error says what to do', () => {
    const config = new KubeConfig();
    config.loadFromClusterAndUser({ name: 'cluster', server: 'http://localhost:8080' } as Cluster, { name: 'user' });
    expect(() => new KubeConfigCredentials(config)).toThrow('no kubeconfig: set KUBECONFIG to a file, or run in a pod');
  });
});

test('a service account is read anew each time: the kubelet rotates its token', async () => {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'first');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'in-cluster', server: 'https://10.0.0.1:443', skipTLSVerify: false },
    { name: 'pod', authProvider: { name: 'tokenFile', config: { tokenFile } } },
  );
  const credentials = new KubeConfigCredentials(config);
  expect((await credentials.read()).headers).toEqual({ Authorization: 'Bearer first' });
  await writeFile(tokenFile, 'second');
  expect((await credentials.read()).headers).toEqual({ Authorization: 'Bearer second' });
});
