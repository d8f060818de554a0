import { ApiRequestError, type ApiClient, type ApiRequest } from '../../controlplane/client/api-client.ts';
import { resourcePath } from '../../controlplane/client/apply.ts';
import type { Manifest } from '../../controlplane/control-plane.ts';
import type { InstallationTarget } from '../../resources/install.ts';
import { labelled } from './labels.ts';

const FIELD_MANAGER = 'sunward-demo';

/** Makes each object, labelled as the demo's; one that exists is left as it is. Tells which were made. */
export async function createMissing(
  api: ApiClient,
  manifests: readonly Manifest[],
  abort: AbortSignal,
): Promise<readonly Manifest[]> {
  const made: Manifest[] = [];
  for (const manifest of manifests) {
    const path = await resourcePath(api, manifest, abort);
    const collection = path.slice(0, path.lastIndexOf('/'));
    try {
      await api.request(`${collection}?fieldManager=${FIELD_MANAGER}`, {
        method: 'POST',
        body: labelled(manifest),
        abort,
      });
      made.push(manifest);
    } catch (error) {
      if (!(error instanceof ApiRequestError) || error.reason !== 'AlreadyExists') throw error;
    }
  }
  return made;
}

/** For the installation of the resources: what the cluster has already stays its own. */
export function installationTarget(api: ApiClient, abort: AbortSignal): InstallationTarget {
  return {
    request: (path: string, options: ApiRequest = {}) => api.request(path, { abort, ...options }),
    applyManifests: (manifests) => createMissing(api, manifests, abort),
  };
}
