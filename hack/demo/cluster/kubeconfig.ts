import { dirname, resolve } from 'node:path';
import { parse, stringify } from 'yaml';

/** A kubeconfig, the fields that are read. */
interface RawKubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster?: Readonly<Record<string, unknown>> }[];
}

/** The current context of a kubeconfig, and its cluster as it stands there with absolute paths. */
export function currentAccess(text: string, path: string): { context: string; cluster: Record<string, unknown> } {
  const raw = (parse(text) ?? {}) as RawKubeconfig;
  const context = raw['current-context'];
  if (context === undefined || context === '') {
    throw new Error(`${path} has no current context; choose one with: kubectl config use-context NAME`);
  }
  const clusterName = raw.contexts?.find(({ name }) => name === context)?.context?.cluster;
  const cluster = raw.clusters?.find(({ name }) => name === clusterName)?.cluster;
  if (cluster === undefined) throw new Error(`${path}: the current context ${context} names no cluster`);
  const authority = cluster['certificate-authority'];
  if (typeof authority !== 'string') return { context, cluster };
  return { context, cluster: { ...cluster, 'certificate-authority': resolve(dirname(path), authority) } };
}

/** A kubeconfig for the same cluster that lets in with a token and nothing else. */
export function kubeconfigWithToken(text: string, path: string, user: { name: string; token: string }): string {
  const { cluster } = currentAccess(text, path);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'demo',
    clusters: [{ name: 'demo', cluster }],
    users: [{ name: user.name, user: { token: user.token } }],
    contexts: [{ name: 'demo', context: { cluster: 'demo', user: user.name } }],
  });
}
