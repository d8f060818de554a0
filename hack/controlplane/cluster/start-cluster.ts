import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { startFailure } from '../process/ports.ts';
import type { ManagedProcess, ProcessKeeper } from '../process/process-keeper.ts';
import { waitFor } from '../process/wait.ts';
import { ApiClient } from '../client/api-client.ts';
import { ApiServer } from './api-server.ts';
import { controllerManagerArguments, kwokArguments, schedulerArguments, schedulerConfig } from './arguments.ts';
import { Cluster } from './cluster.ts';
import { startEtcd } from './etcd.ts';
import { writeKubeconfig } from '../client/kubeconfig.ts';
import type { OptionalComponent } from './options.ts';
import { ALL_OPTIONAL_COMPONENTS } from './options.ts';
import { createPki, issueUserCertificate } from '../certificates/pki.ts';
import type { ClusterPki, UserIdentity } from '../certificates/pki.ts';
import type { StartContext } from './start-context.ts';

const STAGES_FILE = fileURLToPath(new URL('../fake-nodes/stages.yaml', import.meta.url));

/** Who each process is. kwok plays kubelets of nodes that come later, so it may do everything. */
const IDENTITIES: Readonly<Record<OptionalComponent, UserIdentity>> = {
  'kube-controller-manager': { user: 'system:kube-controller-manager' },
  'kube-scheduler': { user: 'system:kube-scheduler' },
  kwok: { user: 'kwok', groups: ['system:masters'] },
};

/** Starts the processes of one cluster and waits until it serves. What was started on failure is the caller's to stop. */
export async function startCluster(
  keeper: ProcessKeeper,
  context: StartContext,
  kubectl: () => Promise<string>,
): Promise<Cluster> {
  const logDirectory = join(context.directory, 'logs');
  await mkdir(logDirectory, { recursive: true });
  const [pki, etcd] = await Promise.all([
    createPki(context.name, join(context.directory, 'pki')),
    startEtcd(keeper, context),
  ]);
  const apiServer = new ApiServer(keeper, context, pki, etcd.url);
  await apiServer.start();
  const adminKubeconfig = await writeKubeconfig(join(context.directory, 'admin.kubeconfig'), [apiServer.adminAccess()]);
  const client = new ApiClient(apiServer.adminAccess());
  const components = context.options.components ?? ALL_OPTIONAL_COMPONENTS;
  const others = await Promise.all(
    components.map((component) => startComponent(component, { keeper, context, pki, apiServer })),
  );
  const manager = others.find((process) => process.name.endsWith('kube-controller-manager'));
  if (manager !== undefined) await untilServiceAccountExists(client, manager, context);
  return new Cluster({
    name: context.name,
    directory: context.directory,
    logDirectory,
    etcdUrl: etcd.url,
    pki,
    apiServer,
    client,
    adminKubeconfig,
    processes: [etcd.process, ...others],
    kubectl,
  });
}

interface ComponentParts {
  readonly keeper: ProcessKeeper;
  readonly context: StartContext;
  readonly pki: ClusterPki;
  readonly apiServer: ApiServer;
}

async function startComponent(component: OptionalComponent, parts: ComponentParts): Promise<ManagedProcess> {
  const { keeper, context, pki, apiServer } = parts;
  const identity = IDENTITIES[component];
  const kubeconfig = join(context.directory, `${component}.kubeconfig`);
  await writeKubeconfig(kubeconfig, [
    {
      ...apiServer.adminAccess(),
      user: identity.user,
      credentials: issueUserCertificate(pki.authority, identity),
    },
  ]);
  return keeper.spawn({
    name: `${context.name} ${component}`,
    command: context.binary(component),
    args: await componentArguments(component, context, pki, kubeconfig),
    logFile: context.logFile(component),
  });
}

async function componentArguments(
  component: OptionalComponent,
  context: StartContext,
  pki: ClusterPki,
  kubeconfig: string,
): Promise<string[]> {
  if (component === 'kwok') return kwokArguments(kubeconfig, STAGES_FILE);
  if (component === 'kube-controller-manager') return controllerManagerArguments(context.options, pki, kubeconfig);
  const configFile = join(context.directory, 'scheduler.yaml');
  await writeFile(configFile, stringify(schedulerConfig(kubeconfig)));
  return schedulerArguments(context.options, configFile);
}

/** Admission refuses pods until the controller manager has made the namespace's service account. */
async function untilServiceAccountExists(
  client: ApiClient,
  manager: ManagedProcess,
  context: StartContext,
): Promise<void> {
  const { startTimeoutMs: timeoutMs, abort } = context;
  await waitFor({ for: `${manager.name} to make service accounts`, timeoutMs, abort }, async () => {
    if (manager.exit() !== undefined) {
      throw await startFailure(manager);
    }
    return client.request('/api/v1/namespaces/default/serviceaccounts/default', { abort });
  });
}
