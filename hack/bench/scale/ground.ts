import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../operator/runtime/clocks.ts';
import { startControlPlane, type Cluster, type ControlPlane } from '../../controlplane/control-plane.ts';
import { freePort } from '../../controlplane/process/ports.ts';
import { installResources } from '../../resources/install.ts';
import { atOnce } from '../load/at-once.ts';
import { FIRST_EDITION, forecastCsv, type ForecastEdition } from '../load/forecast.ts';
import { loadJobs, namespaceNames, type LoadJob } from '../load/jobs.ts';
import { BENCH_SITES, benchManifests, benchNodes } from '../load/sites.ts';
import { AuditLog, ONE_AUDIT_FILE } from '../observe/audit-log.ts';
import { PlanWatch } from '../observe/plan-watch.ts';
import type { OperatorLaunch } from '../operator-process.ts';
import type { BenchOptions } from '../options.ts';
import { step, type Progress } from '../progress.ts';

const NAMESPACE = 'sunward-system';
const SERVICE_ACCOUNT = 'sunward';
export const OPERATOR_USER = `system:serviceaccount:${NAMESPACE}:${SERVICE_ACCOUNT}`;
const CREATES_AT_ONCE = 32;

/** What the operator is told beside its defaults: where its forecast lies, and to look at it often. */
export function operatorConfig(forecastFile: string, port: number) {
  return {
    carbon: { sources: [{ file: { path: forecastFile, rung: 'LiveForecast' } }], refresh: '5s' },
    server: { host: '127.0.0.1', port },
  };
}

/** A cluster full of jobs on which no operator has run yet. */
export interface Ground {
  readonly cluster: Cluster;
  readonly jobs: readonly LoadJob[];
  readonly watch: PlanWatch;
  readonly audit: AuditLog;
  readonly launch: OperatorLaunch;
  /** Puts the next edition of the forecast in the place of the one before, at once. */
  publishForecast(edition: ForecastEdition): Promise<void>;
  stop(): Promise<void>;
}

export async function prepareGround(options: BenchOptions, progress: Progress, abort: AbortSignal): Promise<Ground> {
  const plane = await step(progress, 'Starting a control plane', () =>
    startControlPlane({ audit: 'Metadata', apiServerFlags: [ONE_AUDIT_FILE] }, abort),
  );
  const watch = new PlanWatch();
  const stop = async (): Promise<void> => {
    await watch.stop();
    await plane.stop();
  };
  try {
    return { ...(await furnish(plane, watch, options, { progress, abort })), watch, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function furnish(
  plane: ControlPlane,
  watch: PlanWatch,
  options: BenchOptions,
  { progress, abort }: { readonly progress: Progress; readonly abort: AbortSignal },
): Promise<Omit<Ground, 'watch' | 'stop'>> {
  const [cluster] = plane.clusters;
  const jobs = loadJobs(options.jobs);
  await step(progress, 'Installing resources, sites and nodes', async () => {
    await installResources(cluster, abort);
    await cluster.applyManifests(namespaces(), abort);
    await cluster.applyManifests(benchManifests(), abort);
    await cluster.createNodes(benchNodes(options.jobs), abort);
  });
  await createJobs(cluster, jobs, { progress, abort });
  await watch.start(cluster.adminKubeconfig.path, abort);

  const forecastFile = join(plane.directory, 'forecast.csv');
  // Every edition is about the same hours, however long the run takes.
  const preparedAt = systemClock.now();
  const publishForecast = (edition: ForecastEdition): Promise<void> =>
    replaceFile(forecastFile, forecastCsv(BENCH_SITES, preparedAt, edition));
  await publishForecast(FIRST_EDITION);
  return {
    cluster,
    jobs,
    audit: new AuditLog(cluster),
    launch: await prepareLaunch(plane, forecastFile, options),
    publishForecast,
  };
}

async function createJobs(
  cluster: Cluster,
  jobs: readonly LoadJob[],
  { progress, abort }: { readonly progress: Progress; readonly abort: AbortSignal },
): Promise<void> {
  let created = 0;
  const create = async ({ manifest }: LoadJob): Promise<void> => {
    const path = `/apis/${manifest.apiVersion}/namespaces/${manifest.metadata.namespace}/carbonawarejobs`;
    await cluster.request(path, { method: 'POST', body: manifest, abort });
    created += 1;
  };
  await step(
    progress,
    `Creating ${jobs.length} CarbonAwareJobs`,
    () => atOnce(jobs, CREATES_AT_ONCE, create),
    () => `${created} of ${jobs.length}`,
  );
}

async function prepareLaunch(
  plane: ControlPlane,
  forecastFile: string,
  { outputFile, profileDirectory }: BenchOptions,
): Promise<OperatorLaunch> {
  const kubeconfig = await plane.clusters[0].kubeconfigForServiceAccount(NAMESPACE, SERVICE_ACCOUNT);
  const configFile = join(plane.directory, 'sunward.json');
  const port = await freePort();
  await writeFile(configFile, JSON.stringify(operatorConfig(forecastFile, port)));
  await mkdir(dirname(outputFile), { recursive: true });
  const logFile = `${outputFile.replace(/\.json$/, '')}-operator.log`;
  // The log of an earlier run would be taken for this one's.
  await writeFile(logFile, '');
  return { configFile, kubeconfig: kubeconfig.path, port, logFile, profileDirectory };
}

function namespaces() {
  return namespaceNames().map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
}

/** Who reads it sees the whole of the old or the whole of the new. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.next`, text);
  await rename(`${path}.next`, path);
}
