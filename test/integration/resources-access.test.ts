import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ApiClient } from '../../hack/controlplane/client/api-client.ts';
import { startControlPlane, type ControlPlane, type Kubeconfig } from '../../hack/controlplane/control-plane.ts';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { installResources } from '../../hack/resources/install.ts';
import {
  BUDGETS_CONFIG_MAP,
  CARBON_AWARE_JOB_LABEL,
  FIELD_MANAGER,
  MEMORY_CONFIG_MAP,
  OPERATOR_NAME,
  OPERATOR_NAMESPACE,
} from '../../operator/api/v1alpha1/labels.ts';

const START_TIMEOUT_MS = 120_000;
const WAIT_MS = 30_000;
const CAJ_PATH = '/apis/sunward.dev/v1alpha1/namespaces/default/carbonawarejobs';
const GARBAGE_COLLECTOR = 'system:serviceaccount:kube-system:generic-garbage-collector';

// A busy machine may take seconds for what takes tenths of one alone.
jest.setTimeout(60_000);

let plane: ControlPlane;

beforeAll(async () => {
  plane = await startControlPlane({
    // For the aggregated roles, and for the check of the policy's expressions against the schema.
    components: ['kube-controller-manager'],
    // Clusters that have it refuse an ownerReference that blocks the deletion of what its writer may not finalize.
    apiServerFlags: ['--enable-admission-plugins=OwnerReferencesPermissionEnforcement'],
  });
  await installResources(plane.clusters[0]);
}, START_TIMEOUT_MS);

afterAll(() => plane.stop());

const jobTemplate = {
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'b' }] } } },
};

const carbonAwareJob = (name: string, spec: object = {}) => ({
  apiVersion: 'sunward.dev/v1alpha1',
  kind: 'CarbonAwareJob',
  metadata: { name, namespace: 'default' },
  spec: { template: jobTemplate, expectedDuration: '6h', ...spec },
});

/** What kubectl said, as the user. */
async function as(user: Kubeconfig, args: readonly string[], input?: object): Promise<string> {
  const options = input === undefined ? {} : { input: JSON.stringify(input) };
  const { stdout, stderr } = await plane.clusters[0].kubectl(args, { kubeconfig: user, ...options });
  return stdout + stderr;
}

const create = (user: Kubeconfig, object: object) => as(user, ['create', '-f', '-'], object);
const merge = (user: Kubeconfig, name: string, patch: object) =>
  as(user, ['patch', 'caj', name, '--type=merge', '-p', JSON.stringify(patch)]);

/** A user with a role of the cluster's own in namespace default, once the API server knows of it. */
async function userWith(user: string, role: string): Promise<Kubeconfig> {
  await plane.clusters[0].applyManifests([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: `${user}-${role}`, namespace: 'default' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
    } as never,
  ]);
  const kubeconfig = await plane.clusters[0].kubeconfigFor({ user });
  await waitFor({ for: `${user} to have the role ${role}`, timeoutMs: WAIT_MS }, async () =>
    (await as(kubeconfig, ['auth', 'can-i', 'list', 'carbonawarejobs.sunward.dev'])).startsWith('yes')
      ? true
      : undefined,
  );
  return kubeconfig;
}

/** May write CarbonAwareJobs, but not Jobs: what the policy is there for. */
async function alice(): Promise<Kubeconfig> {
  await plane.clusters[0].applyManifests([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'carbon-aware-only' },
      rules: [{ apiGroups: ['sunward.dev'], resources: ['carbonawarejobs'], verbs: ['*'] }],
    } as never,
  ]);
  return userWith('alice', 'carbon-aware-only');
}

const MAY_NOT =
  'user "alice" may not create Jobs in namespace "default", and spec.template is one; ask for the verb create on jobs.batch in that namespace';

describe('the admission policy', () => {
  test('is understood by the API server: no expression is at odds with the schema', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/carbonawarejobs.sunward.dev';
    const status = await waitFor({ for: 'the policy to be checked', timeoutMs: WAIT_MS }, async () => {
      type Checked = { status?: { typeChecking?: { expressionWarnings?: unknown[] } } };
      return (await plane.clusters[0].request<Checked>(path)).status?.typeChecking;
    });
    expect(status.expressionWarnings ?? []).toEqual([]);
  });

  test('refuses a user who may not create Jobs in the namespace, and says what to ask for', async () => {
    const said = await create(await alice(), carbonAwareJob('of-alice'));
    expect(said).toContain('(Forbidden)');
    expect(said).toContain(MAY_NOT);
  });

  test('lets a user with the role edit create, change, pause and delete', async () => {
    const bob = await userWith('bob', 'edit');
    expect(await create(bob, carbonAwareJob('of-bob'))).toBe('carbonawarejob.sunward.dev/of-bob created\n');
    expect(await merge(bob, 'of-bob', { spec: { suspend: true } })).toMatch(/ patched\n$/);
    expect(await as(bob, ['get', 'caj', 'of-bob', '-o', 'name'])).toBe('carbonawarejob.sunward.dev/of-bob\n');
    expect(await as(bob, ['delete', 'caj', 'of-bob', '--timeout=30s'])).toContain('deleted');
  });

  test('lets a user with the role view look, and no more', async () => {
    const eve = await userWith('eve', 'view');
    expect(await create(eve, carbonAwareJob('of-eve'))).toContain('cannot create resource "carbonawarejobs"');
  });

  test('refuses her to change the spec of what someone else made, and lets her label and delete it', async () => {
    const user = await alice();
    await plane.clusters[0].request(CAJ_PATH, { method: 'POST', body: carbonAwareJob('labelled') });
    expect(await merge(user, 'labelled', { spec: { expectedDuration: '9h' } })).toContain(MAY_NOT);
    expect(await merge(user, 'labelled', { metadata: { labels: { seen: 'yes' } } })).toMatch(/ patched\n$/);
    expect(await as(user, ['delete', 'caj', 'labelled', '--timeout=30s'])).toContain('deleted');
  });

  test('lets the garbage collector change metadata, though it may not create Jobs', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'a-b-c' };
    const body = carbonAwareJob('owned');
    await plane.clusters[0].request(CAJ_PATH, {
      method: 'POST',
      body: { ...body, metadata: { ...body.metadata, ownerReferences: [owner], finalizers: ['example.com/wait'] } },
    });
    const patch = (change: object) =>
      as(plane.clusters[0].adminKubeconfig, [
        ...['patch', 'caj', 'owned', `--as=${GARBAGE_COLLECTOR}`, '--type=merge', '-p', JSON.stringify(change)],
      ]);
    expect(await patch({ metadata: { ownerReferences: [], finalizers: [] } })).toMatch(/ patched\n$/);
    expect(await patch({ spec: { expectedDuration: '9h' } })).toContain('may not create Jobs in namespace "default"');
  });

  test('refuses a deadline that is past when the job is created, and says what to set', async () => {
    const said = await create(
      plane.clusters[0].adminKubeconfig,
      carbonAwareJob('late', { completeBy: '2020-01-01T00:00:00Z' }),
    );
    expect(said).toContain(
      'spec.completeBy 2020-01-01T00:00:00Z is in the past; set a time to come, or set maxDelay instead',
    );
  });

  test('lets a job change whose deadline has passed since: that is a condition by then', async () => {
    const admin = plane.clusters[0].adminKubeconfig;
    await create(admin, carbonAwareJob('passed', { completeBy: '2099-01-01T00:00:00Z' }));
    expect(await merge(admin, 'passed', { spec: { completeBy: '2020-01-01T00:00:00Z' } })).toMatch(/ patched\n$/);
    expect(await merge(admin, 'passed', { spec: { suspend: true } })).toMatch(/ patched\n$/);
  });
});

describe("the operator's service account", () => {
  const USER = `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_NAME}`;
  const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
  const READS = ['list', 'watch'];

  let operator: Kubeconfig;

  beforeAll(async () => {
    operator = await plane.clusters[0].kubeconfigForServiceAccount(OPERATOR_NAMESPACE, OPERATOR_NAME);
  });

  test('may do exactly this, out of everything that the API server offers', async () => {
    const allowed: Record<string, string[]> = {};
    for (const { group, resource } of await everyResource()) {
      const verbs = await filterVerbs({ group, resource, namespace: 'default' });
      if (verbs.length > 0) allowed[group === '' ? resource : `${resource}.${group}`] = verbs;
    }
    expect(allowed).toEqual({
      namespaces: READS,
      nodes: READS,
      // By name: the one that leads a group of a LeaderWorkerSet.
      pods: ['get', ...READS],
      'jobs.batch': ['get', ...READS, 'create', 'patch', 'delete'],
      // Owners of pods that hold accelerators, by name; those of kinds that this API server doesn't serve are not offered.
      'deployments.apps': ['get'],
      'replicasets.apps': ['get'],
      'statefulsets.apps': ['get'],
      'events.events.k8s.io': ['create'],
      'resourceslices.resource.k8s.io': READS,
      'carbonawarejobs.sunward.dev': READS,
      'carbonawarejobs/finalizers.sunward.dev': ['update'],
      'carbonawarejobs/status.sunward.dev': ['patch'],
      'carbonpolicies.sunward.dev': READS,
      'carbonpolicies/status.sunward.dev': ['patch'],
      'computesites.sunward.dev': READS,
      'computesites/status.sunward.dev': ['patch'],
    });
  });

  test('may hold its own Lease in its own namespace, and no other', async () => {
    const leases = { group: 'coordination.k8s.io', resource: 'leases' };
    const own = { ...leases, namespace: OPERATOR_NAMESPACE };
    expect(await filterVerbs({ ...own, name: OPERATOR_NAME })).toEqual(['get', 'create', 'update']);
    expect(await filterVerbs({ ...own, name: 'of-another' })).toEqual(['create']);
    expect(await filterVerbs({ ...leases, namespace: 'kube-system', name: OPERATOR_NAME })).toEqual([]);
  });

  test('may keep its own two ConfigMaps in its own namespace, and read no other', async () => {
    const configMaps = { group: '', resource: 'configmaps' };
    const own = { ...configMaps, namespace: OPERATOR_NAMESPACE };
    for (const name of [MEMORY_CONFIG_MAP, BUDGETS_CONFIG_MAP]) {
      expect(await filterVerbs({ ...own, name })).toEqual(['get', 'create', 'update']);
    }
    expect(await filterVerbs({ ...own, name: 'of-another' })).toEqual(['create']);
    expect(await filterVerbs({ ...configMaps, namespace: 'kube-system', name: MEMORY_CONFIG_MAP })).toEqual([]);
  });

  test('can read no secret and touch no deployment', async () => {
    expect(await as(operator, ['get', 'secrets', '-A'])).toContain('cannot list resource "secrets"');
    const deployment = ['create', 'deployment', 'x', '--image=x', '-n', 'default'];
    expect(await as(operator, deployment)).toContain('cannot create resource "deployments"');
  });

  test('can write the status of a job, never its spec', async () => {
    await plane.clusters[0].request(CAJ_PATH, { method: 'POST', body: carbonAwareJob('status') });
    const [{ cluster }, { user }] = [operator.object.clusters[0]!, operator.object.users[0]!];
    const client = new ApiClient({
      cluster: plane.clusters[0].name,
      server: plane.clusters[0].server,
      authorityCertificate: Buffer.from(cluster['certificate-authority-data']!, 'base64').toString(),
      user: USER,
      credentials: { token: user['token']! },
    });
    const patch = (path: string, body: object) =>
      client.request(CAJ_PATH + path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
    await expect(patch('/status/status', { status: { phase: 'Waiting' } })).resolves.toMatchObject({
      status: { phase: 'Waiting' },
    });
    await expect(patch('/status', { spec: { suspend: true } })).rejects.toThrow(
      `User "${USER}" cannot patch resource "carbonawarejobs"`,
    );
    client.close();
  });

  test('can create the Job of a CarbonAwareJob, whose deletion then waits for it', async () => {
    const created = await plane.clusters[0].request<{ metadata: { uid: string } }>(CAJ_PATH, {
      method: 'POST',
      body: carbonAwareJob('owner'),
    });
    const owner = {
      ...{ apiVersion: 'sunward.dev/v1alpha1', kind: 'CarbonAwareJob', name: 'owner', uid: created.metadata.uid },
      ...{ controller: true, blockOwnerDeletion: true },
    };
    const job = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        ...{ name: 'owner', namespace: 'default', ownerReferences: [owner] },
        labels: { [CARBON_AWARE_JOB_LABEL]: 'owner' },
      },
      spec: { ...jobTemplate.spec, suspend: true },
    };
    const apply = ['apply', '--server-side', `--field-manager=${FIELD_MANAGER}`, '-f', '-'];
    expect(await as(operator, apply, job)).toBe('job.batch/owner serverside-applied\n');
    // One with the role edit may create Jobs but not finalize: the plugin is on, and the operator passed it.
    const carol = await userWith('carol', 'edit');
    const other = { ...job, metadata: { ...job.metadata, name: 'other' } };
    expect(await create(carol, other)).toContain('cannot set blockOwnerDeletion');
  });

  interface Review {
    readonly group: string;
    readonly resource: string;
    readonly namespace: string;
    readonly name?: string;
  }

  async function filterVerbs({ resource, ...where }: Review): Promise<string[]> {
    const [plural, subresource] = resource.split('/');
    const answers = await Promise.all(
      VERBS.map(async (verb) => {
        const review = await plane.clusters[0].request<{ status: { allowed: boolean } }>(
          '/apis/authorization.k8s.io/v1/subjectaccessreviews',
          {
            method: 'POST',
            body: {
              apiVersion: 'authorization.k8s.io/v1',
              kind: 'SubjectAccessReview',
              spec: { user: USER, resourceAttributes: { ...where, verb, resource: plural, subresource } },
            },
          },
        );
        return review.status.allowed;
      }),
    );
    return VERBS.filter((_, i) => answers[i]);
  }

  /** Every resource and subresource that the API server serves, in the version that it prefers. */
  async function everyResource(): Promise<readonly { group: string; resource: string }[]> {
    type Groups = { groups: { name: string; preferredVersion: { groupVersion: string } }[] };
    const { groups } = await plane.clusters[0].request<Groups>('/apis');
    const roots = [
      { group: '', path: '/api/v1' },
      ...groups.map(({ name, preferredVersion }) => ({ group: name, path: `/apis/${preferredVersion.groupVersion}` })),
    ];
    const lists = await Promise.all(
      roots.map(async ({ group, path }) => {
        const { resources } = await plane.clusters[0].request<{ resources: { name: string }[] }>(path);
        return resources.map(({ name }) => ({ group, resource: name }));
      }),
    );
    const finalizers = ['carbonawarejobs', 'computesites', 'carbonpolicies'].map((plural) => ({
      group: 'sunward.dev',
      resource: `${plural}/finalizers`,
    }));
    return [...lists.flat(), ...finalizers];
  }
});
