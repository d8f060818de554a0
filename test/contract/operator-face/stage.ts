import { join } from 'node:path';
import type { Cluster } from '../../../hack/controlplane/cluster/cluster.ts';
import { writeKubeconfig } from '../../../hack/controlplane/client/kubeconfig.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { ApiServerProxy } from '../../fixtures/api-server-proxy.ts';
import { SampleProcess } from './sample-process.ts';
import type { Settings } from './sample/settings.ts';

export const CRD_FILE = new URL('./sample/crd.yaml', import.meta.url).pathname;

const WAIT_MS = 30_000;
/** What the one does within a moment, the other never does. */
const NEVER_MS = 3_000;

interface Metadata {
  readonly finalizers?: readonly string[];
}

export interface Custom {
  readonly metadata: Metadata;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** One subject that runs the sample, a namespace of its own, and a proxy between it and the API server. */
export class Stage {
  readonly sample: SampleProcess;
  readonly proxy: ApiServerProxy;
  readonly namespace: string;
  readonly #subject: Settings['subject'];
  readonly #cluster: Cluster;

  private constructor(parts: {
    subject: Settings['subject'];
    sample: SampleProcess;
    proxy: ApiServerProxy;
    namespace: string;
    cluster: Cluster;
  }) {
    this.#subject = parts.subject;
    this.sample = parts.sample;
    this.proxy = parts.proxy;
    this.namespace = parts.namespace;
    this.#cluster = parts.cluster;
  }

  /** With `direct` nothing stands between it and the API server. */
  static async set(
    cluster: Cluster,
    { subject, namespace, direct }: { subject: Settings['subject']; namespace: string; direct: boolean },
  ): Promise<Stage> {
    await cluster.applyManifests([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }]);
    const proxy = await ApiServerProxy.start(cluster.adminKubeconfig.object);
    const file = join(cluster.logDirectory, `${namespace}.kubeconfig`);
    const kubeconfig = direct ? cluster.adminKubeconfig : await writeKubeconfig(file, [proxy.access()]);
    const sample = new SampleProcess({ subject, namespace, crdFile: CRD_FILE }, kubeconfig.path);
    const stage = new Stage({ subject, sample, proxy, namespace, cluster });
    try {
      await sample.started();
      if (direct) await stage.isTold('there');
      else await stage.watches();
    } catch (error) {
      await stage.strike();
      throw new Error(`setting the stage for ${subject}: ${sample.errors}`, { cause: error });
    }
    return stage;
  }

  /** All watches of the sample are open. */
  watches(): Promise<void> {
    const paths = ['configmaps', 'secrets', 'mycustomresources'].map((plural) => this.#path(plural));
    return this.proxy.watchesOf(...paths);
  }

  createConfigMap(name: string, data: Record<string, string> = {}): Promise<unknown> {
    return this.#create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
  }

  createSecret(name: string): Promise<unknown> {
    return this.#create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name } });
  }

  createCustom(name: string): Promise<unknown> {
    const spec = { foo: 'a' };
    return this.#create('mycustomresources', {
      apiVersion: 'dot-i.com/v1',
      kind: 'MyCustomResource',
      metadata: { name },
      spec,
    });
  }

  /** Whether the custom resource is there, in deletion or not. */
  hasCustom(name: string): Promise<boolean> {
    return this.readCustom(name).then(
      () => true,
      () => false,
    );
  }

  readCustom(name: string): Promise<Custom> {
    return this.#cluster.request<Custom>(this.#path('mycustomresources', name));
  }

  async patch(plural: string, name: string, body: object): Promise<void> {
    const contentType = 'application/merge-patch+json';
    await this.#cluster.request(this.#path(plural, name), { method: 'PATCH', body, contentType });
  }

  async remove(plural: string, name: string): Promise<void> {
    await this.#cluster.request(this.#path(plural, name), { method: 'DELETE' });
  }

  /** Creates a config map and waits until the handler is told of it. */
  async isTold(name: string): Promise<void> {
    await this.createConfigMap(name);
    await eventually(`it is told of ${name}`, () => this.sample.told('config map', name).length > 0);
  }

  /** Whether it does what ours does. Of ours that is awaited; what the original never does is looked for a moment. */
  does(condition: () => boolean | Promise<boolean>): Promise<boolean> {
    return eventually('', condition, this.#subject === 'ours' ? WAIT_MS : NEVER_MS).then(
      () => true,
      () => false,
    );
  }

  async strike(): Promise<void> {
    await this.sample.kill();
    await this.proxy.stop();
  }

  #create(plural: string, body: object): Promise<unknown> {
    return this.#cluster.request(this.#path(plural), { method: 'POST', body });
  }

  #path(plural: string, name?: string): string {
    const group = plural === 'mycustomresources' ? '/apis/dot-i.com/v1' : '/api/v1';
    return `${group}/namespaces/${this.namespace}/${plural}${name === undefined ? '' : `/${name}`}`;
  }
}
