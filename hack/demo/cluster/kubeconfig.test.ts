import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { currentAccess, kubeconfigWithToken } from './kubeconfig.ts';

const text = `
current-context: mine
contexts:
  - name: other
    context: { cluster: other-cluster, user: me }
  - name: mine
    context: { cluster: my-cluster, user: me }
clusters:
  - name: other-cluster
    cluster: { server: 'https://other' }
  - name: my-cluster
    cluster: { server: 'https://mine:6443', certificate-authority: pki/ca.crt, proxy-url: 'http://proxy' }
users:
  - name: me
    user: { client-key-data: secret }
`;

describe('a kubeconfig', () => {
  test('is read by its current context, with absolute paths', () => {
    expect(currentAccess(text, '/home/me/.kube/config')).toEqual({
      context: 'mine',
      cluster: {
        server: 'https://mine:6443',
        'certificate-authority': '/home/me/.kube/pki/ca.crt',
        'proxy-url': 'http://proxy',
      },
    });
  });

  test.each([
    ['', 'has no current context; choose one with: kubectl config use-context NAME'],
    ['current-context: mine', 'the current context mine names no cluster'],
  ])('that can not be used is refused with a remedy: %j', (broken, message) => {
    expect(() => currentAccess(broken, 'config')).toThrow(message);
  });
});

test("the operator's kubeconfig reaches the same cluster with its token, and has nothing of its user's", () => {
  const made = kubeconfigWithToken(text, '/home/me/.kube/config', { name: 'sunward', token: 't' });
  expect(made).not.toContain('secret');
  expect(parse(made)).toMatchObject({
    clusters: [{ cluster: { server: 'https://mine:6443', 'certificate-authority': '/home/me/.kube/pki/ca.crt' } }],
    users: [{ name: 'sunward', user: { token: 't' } }],
  });
});
