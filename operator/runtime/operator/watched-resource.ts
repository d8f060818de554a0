import type { Clock, Random } from '../../ports/clock.ts';
import { KubernetesApiError } from '../../ports/kubernetes-api.ts';
import type { KubernetesApi, KubernetesObject, ResourceType } from '../../ports/kubernetes-api.ts';
import type { Logger } from '../../ports/logger.ts';
import type { ControllerMetrics } from '../../telemetry/controller-metrics.ts';
import type { ReflectorMetrics } from '../../telemetry/reflector-metrics.ts';
import { Reflector } from '../cache/reflector.ts';
import type { Change } from '../cache/replica.ts';
import { Store } from '../cache/store.ts';
import { Controller } from '../controller.ts';
import type { ReconcileResult, Reconciler } from '../controller.ts';
import { ResourceEventType, ResourceMetaImpl } from './resource-event.ts';
import type { ResourceEvent } from './resource-event.ts';

export interface WatchedResourceOptions {
  readonly api: KubernetesApi;
  readonly resource: Omit<ResourceType, 'kind'>;
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly onEvent: (event: ResourceEvent) => Promise<void>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: { readonly controllers: ControllerMetrics; readonly reflectors: ReflectorMetrics };
}

/** What the handler was last told of one key. */
interface Told {
  /** The last state seen, which a deletion is told with. */
  object: KubernetesObject;
  /** The handler has dealt with the state of this version without a throw; undefined before the first time. */
  handledVersion: string | undefined;
}

/**
 * Tells a handler of every object of one kind, from a cache and by a keyed queue. What it is told is the difference between the
 * object as it is now and as it was when the handler last succeeded: changes in quick succession are one event, a handler that
 * throws is told again, and a deletion is told whenever the handler has heard of the object, also where it happened unseen.
 */
export class WatchedResource implements Reconciler {
  /** `widgets.example.io/v1`, and the namespace where it is one. */
  readonly name: string;
  readonly #id: string;
  readonly #options: WatchedResourceOptions;
  readonly #apiVersion: string;
  readonly #store = new Store<KubernetesObject>();
  readonly #told = new Map<string, Told>();
  readonly #reflector: Reflector<KubernetesObject, KubernetesObject>;
  readonly #controller: Controller;
  #kind: string | undefined;

  constructor(options: WatchedResourceOptions) {
    const { api, resource, namespace, clock, random, logger, metrics } = options;
    const { group, version, plural } = resource;
    this.#options = options;
    this.#apiVersion = group === '' ? version : `${group}/${version}`;
    this.#id = `${plural}.${this.#apiVersion}`;
    this.name = namespace === undefined ? this.#id : `${this.#id} in ${namespace}`;
    this.#reflector = new Reflector({
      name: this.name,
      listWatch: api.listWatch<KubernetesObject>(
        { ...resource, kind: '' },
        namespace === undefined ? {} : { namespace },
      ),
      store: this.#store,
      project: (object) => object,
      onChange: (change) => {
        this.#changed(change);
      },
      clock,
      random,
      logger,
      metrics: metrics.reflectors,
    });
    this.#controller = new Controller({
      reconciler: this,
      clock,
      random,
      logger,
      metrics: metrics.controllers,
      waitForSync: [(abort) => this.#reflector.whenSynced(abort)],
    });
  }

  async run(abort: AbortSignal): Promise<void> {
    await Promise.all([this.#reflector.run(abort), this.#controller.run(abort)]);
  }

  async reconcile(key: string, abort: AbortSignal): Promise<ReconcileResult> {
    const told = this.#told.get(key);
    const current = this.#store.get(key);
    const isAnother = told !== undefined && told.object.metadata.uid !== current?.metadata.uid;
    if (isAnother) {
      await this.#tell(ResourceEventType.Deleted, told.object, abort);
      this.#told.delete(key);
    }
    if (current !== undefined) await this.#tellOf(current, key, abort);
    return {};
  }

  async #tellOf(current: KubernetesObject, key: string, abort: AbortSignal): Promise<void> {
    const told = this.#told.get(key) ?? { object: current, handledVersion: undefined };
    const { resourceVersion } = current.metadata;
    if (told.handledVersion !== undefined && told.handledVersion === resourceVersion) return;
    told.object = current;
    this.#told.set(key, told);
    await this.#tell(
      told.handledVersion === undefined ? ResourceEventType.Added : ResourceEventType.Modified,
      current,
      abort,
    );
    told.handledVersion = resourceVersion;
  }

  async #tell(type: ResourceEventType, stored: KubernetesObject, abort: AbortSignal): Promise<void> {
    const kind = await this.#kindOf(stored, abort);
    if (kind === undefined) return;
    const object = { ...structuredClone(stored), apiVersion: this.#apiVersion, kind };
    await this.#options.onEvent({ meta: ResourceMetaImpl.createWithId(this.#id, object), type, object });
  }

  #changed(change: Change<KubernetesObject>): void {
    const told = this.#told.get(change.key);
    if (told !== undefined && change.type === 'deleted') told.object = change.previous;
    this.#controller.enqueue(change.key);
  }

  /** A list leaves out the kind of its items: it is learnt from the first object. Undefined where that is gone by now. */
  async #kindOf(object: KubernetesObject, abort: AbortSignal): Promise<string | undefined> {
    this.#kind ??= object.kind;
    if (this.#kind !== undefined) return this.#kind;
    const { api, resource } = this.#options;
    const namespaced = object.metadata.namespace !== undefined;
    try {
      const read = await api.get({ ...resource, namespaced, kind: '' }, object.metadata, abort);
      return (this.#kind = read.kind ?? '');
    } catch (error) {
      if (error instanceof KubernetesApiError && error.status === 404) return undefined;
      throw error;
    }
  }
}
