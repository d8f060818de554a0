import type { DurationMs } from '../../../domain/units.ts';
import type { Clock, Random } from '../../../ports/clock.ts';
import type {
  DeleteOptions,
  KubernetesApi,
  KubernetesObject,
  ListScope,
  ListWatch,
  ObjectReference,
  ResourceType,
  WriteOptions,
} from '../../../ports/kubernetes-api.ts';
import type { Logger } from '../../../ports/logger.ts';
import type { KubernetesClientMetrics, KubernetesVerb } from '../../../telemetry/kubernetes-client-metrics.ts';
import { Connection } from './connection.ts';
import type { CredentialSource } from './connection.ts';
import { namespacePath, objectPath, queryString, resourceName } from './resource-path.ts';
import type { Query } from './resource-path.ts';
import { RestListWatch } from './rest-list-watch.ts';
import { Transport } from './transport.ts';

export interface RestClientOptions {
  readonly credentials: CredentialSource;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: KubernetesClientMetrics;
  /** Requests at once, watches not counted. Default 32. What must never wait behind others (a lease) gets a client of its own. */
  readonly maxInFlight?: number;
  /** Default 30 s. */
  readonly requestTimeoutMs?: DurationMs;
  /** For one page of a list. Default 60 s. */
  readonly listTimeoutMs?: DurationMs;
  /** A watch on which nothing comes for so long is taken for dead. The server sends a bookmark a minute. Default 75 s. */
  readonly watchSilenceMs?: DurationMs;
  /** Default `sunward`. */
  readonly userAgent?: string;
}

const JSON_BODY = 'application/json';
/** YAML is a superset of JSON. */
const APPLY_PATCH = 'application/apply-patch+yaml';
const MERGE_PATCH = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
/** The API server keeps objects under 1.5 MiB (etcd), which JSON may make several times as large. */
const MAX_WATCH_LINE_BYTES = 32 * 1024 * 1024;
const MAX_RESPONSE_BYTES = 256 * 1024 * 1024;

interface Write {
  readonly verb: KubernetesVerb;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly contentType: string;
  /** Of the gerund in errors: `creating`. */
  readonly gerund: string;
  readonly resource: ResourceType;
  readonly ref: ObjectReference;
  readonly body: unknown;
  readonly query: Query;
  readonly subresource: 'status' | undefined;
}

/** The API server over HTTPS, as lean as it gets: no generated types, no schema to walk, one parse and one stringify a call. */
export class RestClient implements KubernetesApi {
  readonly #options: RestClientOptions;
  readonly #connection: Connection;
  readonly #transport: Transport;

  constructor(options: RestClientOptions) {
    const { credentials, clock, random, logger, metrics, maxInFlight = 32, requestTimeoutMs = 30_000 } = options;
    this.#options = options;
    this.#connection = new Connection({ source: credentials, clock, logger, maxSockets: maxInFlight });
    this.#transport = new Transport({
      connection: this.#connection,
      clock,
      random,
      logger,
      metrics,
      maxInFlight,
      requestTimeoutMs,
      maxResponseBytes: MAX_RESPONSE_BYTES,
      userAgent: options.userAgent ?? 'sunward',
    });
  }

  get<T extends KubernetesObject>(resource: ResourceType, ref: ObjectReference, abort: AbortSignal): Promise<T> {
    const request = {
      method: 'GET',
      path: objectPath(resource, ref),
      doing: `getting ${describe(resource, ref)}`,
      labels: { verb: 'get', resource: resourceName(resource) },
    } as const;
    return this.#transport.send(request, abort) as Promise<T>;
  }

  create<T extends KubernetesObject>(
    resource: ResourceType,
    object: T,
    options: WriteOptions,
    abort: AbortSignal,
  ): Promise<T> {
    const how = { verb: 'create', method: 'POST', contentType: JSON_BODY, gerund: 'creating' } as const;
    return this.#write({ ...how, resource, ref: object.metadata, body: object, ...common(options) }, abort);
  }

  replace<T extends KubernetesObject>(
    resource: ResourceType,
    object: T,
    options: WriteOptions,
    abort: AbortSignal,
  ): Promise<T> {
    const how = { verb: 'replace', method: 'PUT', contentType: JSON_BODY, gerund: 'replacing' } as const;
    return this.#write({ ...how, resource, ref: object.metadata, body: object, ...common(options) }, abort);
  }

  apply<T extends KubernetesObject>(
    resource: ResourceType,
    object: KubernetesObject,
    options: WriteOptions & { force?: boolean },
    abort: AbortSignal,
  ): Promise<T> {
    const how = { verb: 'apply', method: 'PATCH', contentType: APPLY_PATCH, gerund: 'applying' } as const;
    const { query, subresource } = common(options);
    const forced = { ...query, force: options.force };
    return this.#write({ ...how, resource, ref: object.metadata, body: object, query: forced, subresource }, abort);
  }

  mergePatch<T extends KubernetesObject>(
    ...[resource, ref, patch, options, abort]: Parameters<KubernetesApi['mergePatch']>
  ): Promise<T> {
    const how = { verb: 'patch', method: 'PATCH', contentType: MERGE_PATCH, gerund: 'patching' } as const;
    return this.#write({ ...how, resource, ref, body: patch, ...common(options) }, abort);
  }

  jsonPatch<T extends KubernetesObject>(
    ...[resource, ref, patch, options, abort]: Parameters<KubernetesApi['jsonPatch']>
  ): Promise<T> {
    const how = { verb: 'patch', method: 'PATCH', contentType: JSON_PATCH, gerund: 'patching' } as const;
    return this.#write({ ...how, resource, ref, body: patch, ...common(options) }, abort);
  }

  async delete(
    resource: ResourceType,
    ref: ObjectReference,
    options: DeleteOptions,
    abort: AbortSignal,
  ): Promise<void> {
    const { propagationPolicy, preconditions } = options;
    const request = {
      method: 'DELETE',
      path: objectPath(resource, ref),
      body: JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy, preconditions }),
      contentType: JSON_BODY,
      doing: `deleting ${describe(resource, ref)}`,
      labels: { verb: 'delete', resource: resourceName(resource) },
    } as const;
    await this.#transport.send(request, abort);
  }

  listWatch<T extends KubernetesObject>(resource: ResourceType, scope: ListScope = {}): ListWatch<T> {
    const { clock, listTimeoutMs = 60_000, watchSilenceMs = 75_000 } = this.#options;
    return new RestListWatch<T>(resource, scope, {
      transport: this.#transport,
      clock,
      listTimeoutMs,
      watchSilenceMs,
      maxWatchLineBytes: MAX_WATCH_LINE_BYTES,
    });
  }

  /** Closes every connection, those in use too. */
  close(): void {
    this.#connection.close();
  }

  async #write<T>(write: Write, abort: AbortSignal): Promise<T> {
    const { verb, method, contentType, gerund, resource, ref, subresource } = write;
    const where = method === 'POST' ? namespacePath(resource, ref.namespace) : objectPath(resource, ref, subresource);
    const suffix = subresource === undefined ? '' : `/${subresource}`;
    const request = {
      method,
      path: where + queryString(write.query),
      body: JSON.stringify(write.body),
      contentType,
      doing: `${gerund} ${describe(resource, ref)}${suffix}`,
      labels: { verb, resource: resourceName(resource) + suffix },
    };
    return (await this.#transport.send(request, abort)) as T;
  }
}

function common({ fieldManager, fieldValidation, dryRun, subresource }: WriteOptions): {
  query: Query;
  subresource: 'status' | undefined;
} {
  return { query: { fieldManager, fieldValidation, dryRun: dryRun === true ? 'All' : undefined }, subresource };
}

function describe(resource: ResourceType, { namespace, name }: ObjectReference): string {
  return `${resourceName(resource)} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
