import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { CertifiedKey } from '../certificates/certificate.ts';

export type Credentials = CertifiedKey | { readonly token: string };

/** One cluster as seen by one user. */
export interface Access {
  readonly cluster: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** PEM */
  readonly authorityCertificate: string;
  readonly user: string;
  readonly credentials: Credentials;
}

/** The `v1/Config` object that kubectl and the client libraries read, with everything inline. */
export interface KubeconfigObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Config';
  readonly 'current-context': string;
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
  readonly contexts: readonly { readonly name: string; readonly context: Readonly<Record<string, string>> }[];
}

export interface Kubeconfig {
  readonly path: string;
  readonly object: KubeconfigObject;
}

/** A context a cluster, named after it; the first is current. */
export function kubeconfigObject(accesses: readonly [Access, ...Access[]]): KubeconfigObject {
  const userName = (access: Access): string => `${access.user}@${access.cluster}`;
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': accesses[0].cluster,
    clusters: accesses.map((access) => ({
      name: access.cluster,
      cluster: { server: access.server, 'certificate-authority-data': base64(access.authorityCertificate) },
    })),
    users: accesses.map((access) => ({ name: userName(access), user: userEntry(access.credentials) })),
    contexts: accesses.map((access) => ({
      name: access.cluster,
      context: { cluster: access.cluster, user: userName(access), namespace: 'default' },
    })),
  };
}

export async function writeKubeconfig(path: string, accesses: readonly [Access, ...Access[]]): Promise<Kubeconfig> {
  const object = kubeconfigObject(accesses);
  await writeFile(path, stringify(object), { mode: 0o600 });
  return { path, object };
}

function userEntry(credentials: Credentials): Record<string, string> {
  if ('token' in credentials) return { token: credentials.token };
  return {
    'client-certificate-data': base64(credentials.certificate),
    'client-key-data': base64(credentials.privateKey),
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
