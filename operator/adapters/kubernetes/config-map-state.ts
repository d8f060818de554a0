import { gunzipSync, gzipSync } from 'node:zlib';
import type { KeptState } from '../../ports/kept-state.ts';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
  type ResourceType,
} from '../../ports/kubernetes-api.ts';
import { FIELD_MANAGER, OPERATOR_NAME } from '../../api/v1alpha1/labels.ts';

export const CONFIG_MAPS: ResourceType = {
  group: '',
  version: 'v1',
  plural: 'configmaps',
  kind: 'ConfigMap',
  namespaced: true,
};

interface ConfigMap extends KubernetesObject {
  readonly binaryData?: Readonly<Record<string, string>>;
}

const KEY = 'state.gz';
/** The API server takes 1 MiB a ConfigMap; base64 makes four bytes of three. */
const MAX_BYTES = 750 * 1024;
/** What was read must not unpack to more than fits the process. */
const MAX_UNPACKED_BYTES = 32 * 1024 * 1024;

/**
 * A text in a ConfigMap, compressed. Every write carries the resourceVersion that was seen last; where someone else has
 * written, a leader of before say, its write gives way to ours at the second attempt, which has seen it.
 */
export class ConfigMapState implements KeptState {
  readonly #api: Pick<KubernetesApi, 'get' | 'create' | 'replace'>;
  readonly #ref: { readonly namespace: string; readonly name: string };
  #resourceVersion: string | undefined;

  constructor(api: Pick<KubernetesApi, 'get' | 'create' | 'replace'>, ref: { namespace: string; name: string }) {
    this.#api = api;
    this.#ref = ref;
  }

  async load(abort: AbortSignal): Promise<string | undefined> {
    const found = await this.#read(abort);
    const data = found?.binaryData?.[KEY];
    if (data === undefined) return undefined;
    return gunzipSync(Buffer.from(data, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8');
  }

  async save(text: string, abort: AbortSignal): Promise<void> {
    const packed = gzipSync(text);
    const { namespace, name } = this.#ref;
    if (packed.length > MAX_BYTES) {
      throw new Error(
        `ConfigMap ${namespace}/${name} would hold ${String(packed.length)} bytes, at most ${String(MAX_BYTES)} fit`,
      );
    }
    if (this.#resourceVersion === undefined) await this.#read(abort);
    try {
      await this.#write(packed, abort);
    } catch (error) {
      if (!isContention(error)) throw error;
      await this.#read(abort);
      await this.#write(packed, abort);
    }
  }

  async #read(abort: AbortSignal): Promise<ConfigMap | undefined> {
    try {
      const found = await this.#api.get<ConfigMap>(CONFIG_MAPS, this.#ref, abort);
      this.#resourceVersion = found.metadata.resourceVersion;
      return found;
    } catch (error) {
      if (!(error instanceof KubernetesApiError && error.status === 404)) throw error;
      this.#resourceVersion = undefined;
      return undefined;
    }
  }

  async #write(packed: Buffer, abort: AbortSignal): Promise<void> {
    const resourceVersion = this.#resourceVersion;
    const configMap: ConfigMap = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        ...this.#ref,
        labels: { 'app.kubernetes.io/name': OPERATOR_NAME },
        ...(resourceVersion !== undefined && { resourceVersion }),
      },
      binaryData: { [KEY]: packed.toString('base64') },
    };
    const options = { fieldManager: FIELD_MANAGER };
    const written =
      resourceVersion === undefined
        ? await this.#api.create<ConfigMap>(CONFIG_MAPS, configMap, options, abort)
        : await this.#api.replace<ConfigMap>(CONFIG_MAPS, configMap, options, abort);
    this.#resourceVersion = written.metadata.resourceVersion;
  }
}

function isContention(error: unknown): boolean {
  return error instanceof KubernetesApiError && (error.status === 409 || error.status === 404);
}
