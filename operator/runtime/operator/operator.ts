import type { Clock, Random } from '../../ports/clock.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesApi, KubernetesObject, ResourceType, WriteOptions } from '../../ports/kubernetes-api.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ControllerMetrics } from '../../telemetry/controller-metrics.ts';
import type { ReflectorMetrics } from '../../telemetry/reflector-metrics.ts';
import { describeError } from '../describe-error.ts';
import { Finalizer } from '../finalizer.ts';
import { readDefinition, registerDefinition } from './definition.ts';
import type { Definition } from './definition.ts';
import { loggerOver } from './operator-logger.ts';
import type { OperatorLogger } from './operator-logger.ts';
import { ResourceEventType, ResourceMetaImpl } from './resource-event.ts';
import type { ResourceEvent, ResourceMeta } from './resource-event.ts';
import { WatchedResource } from './watched-resource.ts';

export interface OperatorConnection {
  readonly api: KubernetesApi;
  /** Address of the API server, without a slash at the end. */
  readonly server: string;
  close(): void;
}

/** What an operator runs on. */
export interface OperatorRuntime {
  readonly connect: () => Promise<OperatorConnection>;
  readonly clock: Clock;
  readonly random: Random;
  /** Where no logger is given to the constructor. */
  readonly logger: Logger;
  readonly metrics: { readonly controllers: ControllerMetrics; readonly reflectors: ReflectorMetrics };
}

const WRITE: WriteOptions = { fieldManager: 'operator' };

/**
 * An operator with the public names of @dot-i/k8s-operator 1.3.9 over this runtime: code written for it ports by one import.
 * Where it differs and why is in docs/adr/0005: a handler that throws is told again, a write that fails throws, nothing ends the
 * process, `stop` can be awaited.
 */
export abstract class Operator {
  protected readonly logger: OperatorLogger;
  readonly #runtime: OperatorRuntime;
  readonly #log: Logger;
  /** Ends the watches. */
  readonly #stopped = new AbortController();
  /** Ends what handlers ask for, once they have had their time to finish. */
  readonly #over = new AbortController();
  readonly #running: Promise<void>[] = [];
  #connection: OperatorConnection | undefined;

  constructor(runtime: OperatorRuntime, logger?: OperatorLogger) {
    this.#runtime = runtime;
    this.logger = logger ?? runtime.logger;
    this.#log = logger === undefined ? runtime.logger : loggerOver(logger);
  }

  /** Connects and calls `init`. Watches go on until `stop`. Rejects where `init` does, with nothing left running. */
  async start(): Promise<void> {
    if (this.#connection !== undefined) throw new Error('this operator was started before: make a new one');
    this.#connection = await this.#runtime.connect();
    try {
      await this.init();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Ends all watches and lets handlers that run finish, for 10 s at most. Resolves when all is over. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#running);
    this.#over.abort();
    this.#connection?.close();
  }

  /** Call `watchResource` here. */
  protected abstract init(): Promise<void>;

  /** Creates the definition in the YAML file if there is none of its name, and waits until its resource is served. */
  protected async registerCustomResourceDefinition(
    crdFile: string,
  ): Promise<{ group: string; versions: Definition['spec']['versions']; plural: string }> {
    const definition = await readDefinition(crdFile);
    const { api } = this.#connected();
    const parts = { api, clock: this.#runtime.clock, ...WRITE };
    const result = await registerDefinition(definition, parts, this.#stopped.signal);
    if (result === 'Created')
      this.#log.info('custom resource definition registered', { name: definition.metadata.name });
    const { group, versions, names } = definition.spec;
    return { group, versions, plural: names.plural };
  }

  /** Address of all objects of a resource, in a namespace or in all. `group` is empty for core resources. */
  protected getCustomResourceApiUri(group: string, version: string, plural: string, namespace?: string): string {
    const root = group === '' ? `/api/${version}/` : `/apis/${group}/${version}/`;
    const inNamespace = namespace ? `namespaces/${namespace}/` : '';
    return `${this.#connected().server}${root}${inNamespace}${plural}`;
  }

  /** Tells `onEvent` of every object of the resource and what becomes of it. One event at a time; see {@link WatchedResource}. */
  protected watchResource(
    ...[group, version, plural, onEvent, namespace]: [
      group: string,
      version: string,
      plural: string,
      onEvent: (event: ResourceEvent) => Promise<void>,
      namespace?: string,
    ]
  ): Promise<void> {
    const { clock, random, metrics } = this.#runtime;
    const watched = new WatchedResource({
      api: this.#connected().api,
      resource: { group, version, plural, namespaced: namespace !== undefined },
      ...(namespace !== undefined && { namespace }),
      onEvent,
      clock,
      random,
      logger: this.#log,
      metrics,
    });
    const ended = watched.run(this.#stopped.signal).catch((error: unknown) => {
      this.#log.error('watching a resource ended', { resource: watched.name, ...describeError(error) });
    });
    this.#running.push(ended);
    return Promise.resolve();
  }

  /** Replaces the status; null where the object is gone. A resource that has changed since the event is a 409, thrown. */
  protected setResourceStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta | null> {
    const { api } = this.#connected();
    const object = {
      apiVersion: meta.apiVersion,
      kind: meta.kind,
      metadata: namedIn(meta, meta.resourceVersion),
      status,
    };
    const write = { ...WRITE, subresource: 'status' } as const;
    return this.#written(meta, api.replace<KubernetesObject>(typeOf(meta), object, write, this.#over.signal));
  }

  /** Merges into the status (RFC 7386); otherwise as {@link setResourceStatus}. */
  protected patchResourceStatus(meta: ResourceMeta, status: unknown): Promise<ResourceMeta | null> {
    const { api } = this.#connected();
    const patch = { metadata: { resourceVersion: meta.resourceVersion }, status };
    const write = { ...WRITE, subresource: 'status' } as const;
    return this.#written(meta, api.mergePatch(typeOf(meta), namedIn(meta), patch, write, this.#over.signal));
  }

  /**
   * Adds the finalizer to an object that lacks it; runs `deleteAction` on one that is being deleted, then removes the finalizer.
   * True where the event needs nothing more. What fails, throws: the event is then told again.
   */
  protected async handleResourceFinalizer(
    event: ResourceEvent,
    finalizer: string,
    deleteAction: (event: ResourceEvent) => Promise<void>,
  ): Promise<boolean> {
    if (event.type === ResourceEventType.Deleted) return false;
    const { api } = this.#connected();
    const ours = new Finalizer({ api, resource: typeOf(event.meta), name: finalizer, ...WRITE });
    if (event.object.metadata.deletionTimestamp !== undefined) {
      if (ours.isOn(event.object)) {
        await deleteAction(event);
        await ours.remove(event.object, this.#over.signal);
      }
      return true;
    }
    if (ours.isOn(event.object)) return false;
    await ours.add(event.object, this.#over.signal);
    return true;
  }

  /** Replaces all finalizers, those of others too. A resource that has changed since the event is a 409, thrown. */
  protected async setResourceFinalizers(meta: ResourceMeta, finalizers: string[]): Promise<void> {
    const { api } = this.#connected();
    const patch = { metadata: { resourceVersion: meta.resourceVersion, finalizers } };
    await this.#written(meta, api.mergePatch(typeOf(meta), namedIn(meta), patch, WRITE, this.#over.signal));
  }

  async #written(meta: ResourceMeta, write: Promise<KubernetesObject>): Promise<ResourceMeta | null> {
    try {
      return ResourceMetaImpl.createWithId(meta.id, await write);
    } catch (error) {
      if (error instanceof KubernetesApiError && error.status === 404) return null;
      throw error;
    }
  }

  #connected(): OperatorConnection {
    if (this.#connection === undefined) throw new Error('this operator is not started: call start() first');
    return this.#connection;
  }
}

function namedIn({ name, namespace }: ResourceMeta, resourceVersion?: string): KubernetesObject['metadata'] {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(resourceVersion !== undefined && { resourceVersion }),
  };
}

function typeOf({ id, apiVersion, kind, namespace }: ResourceMeta): ResourceType {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const plural = id.slice(0, id.indexOf('.'));
  return { group, version, plural, kind, namespaced: namespace !== undefined };
}
