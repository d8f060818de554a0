import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiRequestError, type ApiRequest } from '../controlplane/client/api-client.ts';
import { parseManifests, type Manifest } from '../controlplane/client/apply.ts';
import { waitFor } from '../controlplane/process/wait.ts';

/** The parts of a cluster that an installation needs. */
export interface InstallationTarget {
  request(path: string, options?: ApiRequest): Promise<unknown>;
  applyManifests(manifests: readonly Manifest[], abort?: AbortSignal): Promise<readonly Manifest[]>;
}

const CRDS = fileURLToPath(new URL('../../crds', import.meta.url));
const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));

/** Of what is installed, all but what runs and what an administrator decides. */
const RIGHTS = new Set([
  'Namespace',
  'ServiceAccount',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
]);

const POLICY_TIMEOUT_MS = 30_000;

/** Every manifest of a folder, file by file in the order of their names. Folders below it are not read. */
export async function readManifests(folder: string): Promise<readonly Manifest[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort();
  const files = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return files.flatMap((yaml) => parseManifests(yaml));
}

/**
 * Installs the resources, the operator's rights and the admission policy, and waits until the policy judges: a new
 * policy takes a moment, and what is created before it acts is not judged.
 */
export async function installResources(target: InstallationTarget, abort?: AbortSignal): Promise<void> {
  await target.applyManifests(await readManifests(CRDS), abort);
  await target.applyManifests(
    (await readManifests(DEPLOY)).filter(({ kind }) => RIGHTS.has(kind)),
    abort,
  );
  await waitFor({ for: 'the admission policy to act', timeoutMs: POLICY_TIMEOUT_MS, abort }, () => policyActs(target));
}

/** A dry run that only the policy refuses: its deadline is in the past. */
async function policyActs(target: InstallationTarget): Promise<true | undefined> {
  const body = {
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'CarbonAwareJob',
    metadata: { name: 'does-the-policy-act' },
    spec: { template: { spec: { template: {} } }, expectedDuration: '1s', completeBy: '2000-01-01T00:00:00Z' },
  };
  try {
    await target.request('/apis/sunward.dev/v1alpha1/namespaces/default/carbonawarejobs?dryRun=All', {
      method: 'POST',
      body,
    });
    return undefined;
  } catch (error) {
    if (error instanceof ApiRequestError && error.message.includes('ValidatingAdmissionPolicy')) return true;
    throw error;
  }
}
