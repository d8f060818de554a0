import http from 'node:http';
import https from 'node:https';
import { createSecureContext } from 'node:tls';
import type { DurationMs, EpochMs } from '../../../domain/units.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { Logger } from '../../../ports/logger.ts';
import { unanswered } from './api-errors.ts';

export interface TlsSettings {
  readonly ca?: Buffer | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  readonly servername?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

/** How a server lets us in, as of now. */
export interface Credentials {
  /** Among them `Authorization`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
  /** Where the kubeconfig names a proxy: it makes the connections, TLS included. */
  readonly proxy?: http.Agent | undefined;
}

/** Where credentials come from. Asked again and again: tokens and certificates are rotated. */
export interface CredentialSource {
  /** With a path where the API stands behind one. */
  readonly server: URL;
  read(): Promise<Credentials>;
}

/** What a request goes out with. */
export interface Access {
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: http.Agent;
}

export interface ConnectionOptions {
  readonly source: CredentialSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Sockets that are kept for requests. Watches have their own. */
  readonly maxSockets: number;
}

/** Credentials are read again after this, as client-go does. */
const REREAD_AFTER_MS: DurationMs = 60_000;
/** Where they can't be read, the old ones serve on, and reading is tried again after this. */
const RETRY_READ_AFTER_MS: DurationMs = 5_000;
/** The API server closes idle connections after 90 s; we do so before it, so that no request runs into the closing. */
const IDLE_SOCKET_MS: DurationMs = 60_000;
/** TCP probes of an idle connection, so that firewalls remember it and a dead peer is found out. */
const TCP_KEEP_ALIVE_MS: DurationMs = 30_000;

/** Keep-alive connections to one API server, with credentials that follow their rotation. */
export class Connection {
  readonly server: URL;
  readonly #options: ConnectionOptions;
  #current: { readonly credentials: Credentials; readonly access: Access } | undefined;
  #rereadAt: EpochMs = 0;
  #reading: Promise<Access> | undefined;

  constructor(options: ConnectionOptions) {
    this.server = options.source.server;
    this.#options = options;
  }

  /** Rejects with a KubernetesApiError where there are no credentials. */
  access(): Access | Promise<Access> {
    if (this.#current !== undefined && this.#options.clock.now() < this.#rereadAt) return this.#current.access;
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** The server refused the credentials (401): the next request reads them anew. */
  refused(): void {
    this.#rereadAt = 0;
  }

  /** Closes every connection, those in use too. */
  close(): void {
    this.#current?.access.agent.destroy();
  }

  async #read(): Promise<Access> {
    const { source, clock, logger } = this.#options;
    try {
      const credentials = await source.read();
      this.#rereadAt = clock.now() + REREAD_AFTER_MS;
      const agent = this.#agentFor(credentials);
      this.#current = { credentials, access: { headers: credentials.headers, agent } };
    } catch (error) {
      if (this.#current === undefined) {
        throw unanswered(`reading the credentials for ${this.server.origin}`, 'CredentialsUnreadable', error);
      }
      this.#rereadAt = clock.now() + RETRY_READ_AFTER_MS;
      logger.warn('credentials could not be read again; the old ones serve on', { server: this.server.origin, error });
    }
    return this.#current.access;
  }

  /** The same agent as long as certificates are the same. An old one is left to finish what it has; its idle sockets time out. */
  #agentFor(credentials: Credentials): http.Agent {
    if (credentials.proxy !== undefined) return credentials.proxy;
    if (this.#current !== undefined && sameTls(this.#current.credentials.tls, credentials.tls)) {
      return this.#current.access.agent;
    }
    const { maxSockets: maxFreeSockets } = this.#options;
    const settings = { keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS, timeout: IDLE_SOCKET_MS, maxFreeSockets };
    if (this.server.protocol === 'http:') return new http.Agent(settings);
    const { ca, cert, key, ...others } = credentials.tls;
    // A context made once: with certificates among its options the agent would make a key of them for every request.
    const secureContext = createSecureContext(defined({ ca, cert, key }));
    return new https.Agent({ ...settings, ...defined(others), secureContext });
  }
}

function sameTls(a: TlsSettings, b: TlsSettings): boolean {
  return (
    sameBytes(a.ca, b.ca) &&
    sameBytes(a.cert, b.cert) &&
    sameBytes(a.key, b.key) &&
    a.servername === b.servername &&
    a.rejectUnauthorized === b.rejectUnauthorized
  );
}

function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

/** Options that are undefined are not options: TLS would take them for a wish. */
function defined<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
