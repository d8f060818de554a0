import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startFailure, withFreePort } from '../process/ports.ts';
import type { ManagedProcess, ProcessKeeper } from '../process/process-keeper.ts';
import { waitFor } from '../process/wait.ts';
import { ApiClient } from '../client/api-client.ts';
import { apiServerArguments, auditPolicy } from './arguments.ts';
import type { Access } from '../client/kubeconfig.ts';
import type { ClusterPki } from '../certificates/pki.ts';
import { issueUserCertificate } from '../certificates/pki.ts';
import type { StartContext } from './start-context.ts';

/** An API server that can be killed and started again on its port. */
export class ApiServer {
  readonly #keeper: ProcessKeeper;
  readonly #context: StartContext;
  readonly #pki: ClusterPki;
  readonly #etcdUrl: string;
  readonly #adminCredentials;
  #port = 0;
  #process: ManagedProcess | undefined;
  #starts = 0;

  constructor(keeper: ProcessKeeper, context: StartContext, pki: ClusterPki, etcdUrl: string) {
    this.#keeper = keeper;
    this.#context = context;
    this.#pki = pki;
    this.#etcdUrl = etcdUrl;
    this.#adminCredentials = issueUserCertificate(pki.authority, { user: 'admin', groups: ['system:masters'] });
  }

  get url(): string {
    return `https://127.0.0.1:${this.#port}`;
  }

  get process(): ManagedProcess | undefined {
    return this.#process;
  }

  get auditLogFile(): string {
    return this.#context.logFile('audit');
  }

  adminAccess(): Access {
    return {
      cluster: this.#context.name,
      server: this.url,
      authorityCertificate: this.#pki.authority.certificate,
      user: 'admin',
      credentials: this.#adminCredentials,
    };
  }

  /** First start: finds a port. Resolves when `/readyz` says ok. */
  start(): Promise<void> {
    return withFreePort(async (port) => {
      this.#port = port;
      await this.resume();
    });
  }

  /** Starts it on the port that it had. Resolves when `/readyz` says ok. */
  async resume(): Promise<void> {
    const running = this.#process;
    if (running !== undefined && running.exit() === undefined) return;
    this.#starts += 1;
    const suffix = this.#starts === 1 ? '' : `.${this.#starts}`;
    const process = await this.#keeper.spawn({
      name: `${this.#context.name} kube-apiserver`,
      command: this.#context.binary('kube-apiserver'),
      args: await this.#arguments(),
      logFile: this.#context.logFile(`kube-apiserver${suffix}`),
    });
    this.#process = process;
    await this.#untilReady(process);
  }

  async kill(): Promise<void> {
    await this.#process?.kill('SIGKILL');
  }

  async #arguments(): Promise<string[]> {
    const { options, directory } = this.#context;
    const settings = { options, pki: this.#pki, etcdUrl: this.#etcdUrl, port: this.#port };
    if (options.audit === undefined) return apiServerArguments(settings);
    const policyFile = join(directory, 'audit-policy.yaml');
    await writeFile(policyFile, stringify(auditPolicy(options.audit)));
    return apiServerArguments({ ...settings, audit: { policyFile, logFile: this.auditLogFile } });
  }

  async #untilReady(process: ManagedProcess): Promise<void> {
    const client = new ApiClient(this.adminAccess());
    const { startTimeoutMs: timeoutMs, abort } = this.#context;
    try {
      await waitFor({ for: `${process.name} to be ready`, timeoutMs, abort }, async () => {
        if (process.exit() !== undefined) throw await startFailure(process);
        return (await client.request<string>('/readyz', { abort })) === 'ok' ? true : undefined;
      });
    } finally {
      client.close();
    }
  }
}
