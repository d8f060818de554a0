import { readFile } from 'node:fs/promises';
import type http from 'node:http';
import type https from 'node:https';
import { delimiter, dirname, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import type { Credentials, CredentialSource } from './connection.ts';

/** Fields of a kubeconfig's user that the library doesn't know. */
interface RawKubeConfig {
  readonly users?: readonly { readonly name: string; readonly user?: { readonly tokenFile?: string } }[];
}

export interface KubeConfigChoice {
  /** A kubeconfig file. Default: `$KUBECONFIG`, `~/.kube/config`, or the pod's service account, whichever is there first. */
  readonly path?: string;
  /** Default: the file's current context. */
  readonly context?: string;
}

/** What the library makes up when nothing says where the API server is. */
const NOWHERE = 'http://localhost:8080';

/** Reads who we are and where the API server is. Throws where no file says it, or the file can't be read or names no server. */
export async function loadKubeConfig(choice: KubeConfigChoice = {}): Promise<KubeConfigCredentials> {
  const config = new KubeConfig();
  if (choice.path === undefined) config.loadFromDefault();
  else config.loadFromFile(choice.path);
  if (choice.context !== undefined) config.setCurrentContext(choice.context);
  return new KubeConfigCredentials(config, await tokenFileOf(choice.path ?? defaultPath(), config));
}

/** The file that the library reads first by default. */
function defaultPath(): string | undefined {
  const [first] = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return first;
}

/** Credentials by the library that knows every way in: tokens, client certificates, exec plugins, OIDC, proxies. */
export class KubeConfigCredentials implements CredentialSource {
  readonly server: URL;
  /** Of the current context, or `default`. */
  readonly namespace: string;
  readonly #config: KubeConfig;
  readonly #tokenFile: string | undefined;

  constructor(config: KubeConfig, tokenFile?: string) {
    const cluster = config.getCurrentCluster();
    if (cluster === null) {
      const context = config.getCurrentContext() || '(none)';
      throw new Error(`kubeconfig: context ${context} names no cluster: set current-context to one that does`);
    }
    if (cluster.server === NOWHERE && !cluster.skipTLSVerify) {
      throw new Error('no kubeconfig: set KUBECONFIG to a file, or run in a pod with a service account');
    }
    this.server = new URL(cluster.server);
    this.namespace = config.getContextObject(config.getCurrentContext())?.namespace ?? 'default';
    this.#config = config;
    this.#tokenFile = tokenFile ?? serviceAccountTokenFile(config);
  }

  async read(): Promise<Credentials> {
    const options: https.RequestOptions & { headers: http.OutgoingHttpHeaders } = { headers: {} };
    await this.#config.applyToHTTPSOptions(options);
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(options.headers)) headers[name] = String(value).trim();
    if (options.auth !== undefined && options.auth !== null) {
      headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    }
    if (this.#tokenFile !== undefined) {
      headers['Authorization'] = `Bearer ${(await readFile(this.#tokenFile, 'utf8')).trim()}`;
    }
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const proxied = this.#config.getCurrentCluster()?.proxyUrl !== undefined;
    return {
      headers,
      tls: { ca: bytes(ca), cert: bytes(cert), key: bytes(key), servername, rejectUnauthorized },
      proxy: proxied ? (options.agent as http.Agent) : undefined,
    };
  }
}

/** The library reads a service account's token once a minute at most; after a 401 it must be read at once. */
function serviceAccountTokenFile(config: KubeConfig): string | undefined {
  const provider = config.getCurrentUser()?.authProvider as { config?: { tokenFile?: string } } | null | undefined;
  return provider?.config?.tokenFile;
}

/** `tokenFile` of the current user, which the library leaves out. */
async function tokenFileOf(path: string | undefined, config: KubeConfig): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const raw = parse(await readFile(path, 'utf8')) as RawKubeConfig;
  const name = config.getCurrentUser()?.name;
  const tokenFile = raw.users?.find((user) => user.name === name)?.user?.tokenFile;
  return tokenFile === undefined ? undefined : resolve(dirname(path), tokenFile);
}

/** Of the shapes that TLS takes, the library gives these two. */
function bytes(value: unknown): Buffer | undefined {
  if (Buffer.isBuffer(value)) return value;
  return typeof value === 'string' ? Buffer.from(value) : undefined;
}
