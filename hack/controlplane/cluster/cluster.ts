import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManagedProcess } from '../process/process-keeper.ts';
import type { ProgramResult } from '../process/run-program.ts';
import { runProgram } from '../process/run-program.ts';
import type { ApiClient, ApiRequest } from '../client/api-client.ts';
import type { ApiServer } from './api-server.ts';
import type { Manifest } from '../client/apply.ts';
import { applyManifests, parseManifests } from '../client/apply.ts';
import type { AuditEvent } from './audit.ts';
import { parseAuditLog } from './audit.ts';
import { compactEtcd } from './etcd.ts';
import type { Access, Kubeconfig } from '../client/kubeconfig.ts';
import { writeKubeconfig } from '../client/kubeconfig.ts';
import type { NodeGroup } from '../fake-nodes/nodes.ts';
import { createNodes } from '../fake-nodes/nodes.ts';
import type { ClusterPki, UserIdentity } from '../certificates/pki.ts';
import { issueUserCertificate } from '../certificates/pki.ts';

const TOKEN_LIFETIME_S = 24 * 3600;
/** `kubectl delete` waits for finalizers for ever. */
const KUBECTL_LIMIT_MS = 60_000;

export interface ClusterParts {
  readonly name: string;
  readonly directory: string;
  readonly logDirectory: string;
  readonly etcdUrl: string;
  readonly pki: ClusterPki;
  readonly apiServer: ApiServer;
  readonly client: ApiClient;
  readonly adminKubeconfig: Kubeconfig;
  /** Beside the API server, which comes and goes. */
  readonly processes: readonly ManagedProcess[];
  readonly kubectl: () => Promise<string>;
}

/** A running cluster. */
export class Cluster {
  readonly name: string;
  /** `https://127.0.0.1:<port>`, the same after a restart of the API server. */
  readonly server: string;
  /** Of user `admin` in `system:masters`, whom RBAC lets do everything. */
  readonly adminKubeconfig: Kubeconfig;
  /** A file a process, named after it. */
  readonly logDirectory: string;
  readonly #parts: ClusterParts;
  #kubeconfigs = 0;

  constructor(parts: ClusterParts) {
    this.name = parts.name;
    this.server = parts.apiServer.url;
    this.adminKubeconfig = parts.adminKubeconfig;
    this.logDirectory = parts.logDirectory;
    this.#parts = parts;
  }

  /** For a kubeconfig of several clusters. */
  adminAccess(): Access {
    return this.#parts.apiServer.adminAccess();
  }

  /** Processes that run now, by name, e.g. `kube-scheduler`. */
  processes(): readonly ManagedProcess[] {
    const apiServer = this.#parts.apiServer.process;
    const all = apiServer === undefined ? this.#parts.processes : [...this.#parts.processes, apiServer];
    return all.filter((process) => process.exit() === undefined);
  }

  /** A kubeconfig with a client certificate. The user may do what RBAC grants: nothing at first. */
  async kubeconfigFor(identity: UserIdentity): Promise<Kubeconfig> {
    const credentials = issueUserCertificate(this.#parts.pki.authority, identity);
    return this.#write(`user-${identity.user}`, { user: identity.user, credentials });
  }

  /** A kubeconfig with a token (TokenRequest, valid for a day). The service account must exist. */
  async kubeconfigForServiceAccount(namespace: string, name: string): Promise<Kubeconfig> {
    const answer = await this.request<{ status: { token: string } }>(
      `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
      {
        method: 'POST',
        body: {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenRequest',
          spec: { expirationSeconds: TOKEN_LIFETIME_S },
        },
      },
    );
    const user = `system:serviceaccount:${namespace}:${name}`;
    return this.#write(`serviceaccount-${namespace}-${name}`, { user, credentials: { token: answer.status.token } });
  }

  /** As admin. See {@link ApiClient.request}. */
  request<T = unknown>(path: string, options?: ApiRequest): Promise<T> {
    return this.#parts.client.request<T>(path, options);
  }

  /** Server-side apply as admin, in order; returns what was stored. See apply.ts. */
  applyManifests(manifests: string | readonly Manifest[], abort?: AbortSignal): Promise<Manifest[]> {
    const objects = typeof manifests === 'string' ? parseManifests(manifests) : manifests;
    return applyManifests(this.#parts.client, objects, abort);
  }

  /** See {@link createNodes}. */
  createNodes(groups: readonly NodeGroup[], abort?: AbortSignal): Promise<string[]> {
    return createNodes(this.#parts.client, groups, abort);
  }

  /** Runs kubectl as admin, or as the kubeconfig says. Does not throw when kubectl fails: look at `code`. */
  async kubectl(
    args: readonly string[],
    options: { readonly input?: string; readonly kubeconfig?: Kubeconfig } = {},
  ): Promise<ProgramResult> {
    const kubeconfig = (options.kubeconfig ?? this.adminKubeconfig).path;
    return runProgram(await this.#parts.kubectl(), [`--kubeconfig=${kubeconfig}`, ...args], {
      limitMs: KUBECTL_LIMIT_MS,
      input: options.input,
    });
  }

  /** SIGKILL; clients see resets, then refused connections. */
  killApiServer(): Promise<void> {
    return this.#parts.apiServer.kill();
  }

  /** Starts a killed API server again on its port and waits until it is ready. */
  startApiServer(): Promise<void> {
    return this.#parts.apiServer.resume();
  }

  /**
   * Drops etcd's history up to now. A running API server still serves older pages and watches from its memory: kill it,
   * compact, and start it again for a 410 to an old continue token or resource version.
   */
  compact(): Promise<void> {
    return compactEtcd(this.#parts.etcdUrl);
  }

  /** What the audit log says so far, oldest first. Needs the option `audit`. */
  async auditEvents(): Promise<AuditEvent[]> {
    return parseAuditLog(await readFile(this.#parts.apiServer.auditLogFile, 'utf8'));
  }

  async #write(name: string, who: Pick<Access, 'user' | 'credentials'>): Promise<Kubeconfig> {
    this.#kubeconfigs += 1;
    const fileName = `${name.replace(/[^A-Za-z0-9.-]/g, '-')}-${this.#kubeconfigs}.kubeconfig`;
    return writeKubeconfig(join(this.#parts.directory, fileName), [{ ...this.#parts.apiServer.adminAccess(), ...who }]);
  }
}
