import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { stringify } from 'yaml';
import { conditionIsTrue } from '../../operator/api/v1alpha1/conditions.ts';
import { OPERATOR_NAME, OPERATOR_NAMESPACE } from '../../operator/api/v1alpha1/labels.ts';
import { SECOND_MS, type DurationMs } from '../../operator/domain/units.ts';
import { timed, type Progress } from '../controlplane/binaries/progress.ts';
import type { Manifest } from '../controlplane/control-plane.ts';
import { FatalProbeError, waitFor } from '../controlplane/process/wait.ts';
import { installResources } from '../resources/install.ts';
import type { CarbonFeed } from './carbon/carbon-feed.ts';
import type { ClusterAccess } from './cluster/access.ts';
import { createMissing, installationTarget } from './cluster/creation.ts';
import { kubeconfigWithToken } from './cluster/kubeconfig.ts';
import { createSiteNodes } from './cluster/nodes.ts';
import { SUBMISSION_HOUR, type DemoDay } from './day/demo-day.ts';
import { Grid, intensityRows } from './day/intensity-rows.ts';
import { pressed } from './day/press.ts';
import type { OperatorProcess } from './processes/operator-process.ts';
import { operatorConfig } from './processes/operator-settings.ts';
import { writeWhole } from './processes/workshop.ts';
import type { Scenario } from './setup/scenario.ts';
import type { DemoRecord } from './watch/record.ts';
import { watchDemo, type Watching } from './watch/watching.ts';

export interface StageOptions {
  readonly cluster: ClusterAccess;
  readonly scenario: Scenario;
  readonly record: DemoRecord;
  /** What tells the operator the intensity. */
  readonly feed: CarbonFeed;
  /** Not started yet. */
  readonly operator: OperatorProcess;
  readonly hour: DurationMs;
  readonly killsOperator: boolean;
  readonly progress: Progress;
}

/** Everything that stands before the first job comes. */
export interface Stage {
  readonly watching: Watching;
  readonly day: DemoDay;
  readonly grid: Grid;
}

const TOKEN_LIFETIME_S = 3_600;
const READY_LIMIT_MS = 60_000;
/** The operator asks every second; by the time that the jobs come it has the figures of this day. */
const BEFORE_SUBMISSION_MS = 3 * SECOND_MS;
const COMPLAINTS = 15;

/** Nodes, definitions, sites, policies and the operator, and the day that is about to begin. */
export async function setUp(options: StageOptions, abort: AbortSignal): Promise<Stage> {
  const { cluster, feed, scenario, record, hour, progress } = options;
  // So that sites have figures while they get ready. The day is set once all is in place.
  let day = dayThatBegins(0, hour);
  await feed.publish(intensityRows(day));
  await timed(
    progress,
    { doing: 'creating nodes, resources and sites', done: 'nodes, resources and sites are there' },
    () => furnish(options, day, abort),
  );
  const namespaces = scenario.namespaces.map(({ metadata }) => metadata.name);
  const watching = await watchDemo(cluster.watches, record, namespaces, abort);
  await timed(progress, { doing: 'starting the operator', done: 'the operator has its sites ready' }, () =>
    startOperator(options, abort),
  );
  day = dayThatBegins(BEFORE_SUBMISSION_MS, hour);
  const rows = intensityRows(day);
  await feed.publish(rows);
  await delay(day.midnight + SUBMISSION_HOUR * hour - Date.now(), undefined, { signal: abort });
  return { watching, day, grid: new Grid(rows) };
}

/** On a full second, as the rows of its intensity. */
function dayThatBegins(inMs: DurationMs, hour: DurationMs): DemoDay {
  const submission = Math.ceil((Date.now() + inMs) / SECOND_MS) * SECOND_MS;
  return { midnight: submission - SUBMISSION_HOUR * hour, hour };
}

async function furnish(options: StageOptions, day: DemoDay, abort: AbortSignal): Promise<void> {
  const { cluster, scenario } = options;
  const nodes = scenario.sites.map((site) => createSiteNodes(cluster.api, site, { from: 0, count: site.nodes }, abort));
  // A failure here must not leave those to fail unheard.
  await Promise.all([Promise.all(nodes), furnishResources(options, day, abort)]);
}

async function furnishResources({ cluster, scenario }: StageOptions, day: DemoDay, abort: AbortSignal): Promise<void> {
  await installResources(installationTarget(cluster.api, abort), abort);
  await createMissing(cluster.api, scenario.namespaces, abort);
  const sites = scenario.sites.map(({ manifest }) => pressed(manifest, day) as unknown as Manifest);
  await createMissing(cluster.api, [...sites, ...scenario.policies.map((policy) => pressed(policy, day))], abort);
}

async function startOperator(options: StageOptions, abort: AbortSignal): Promise<void> {
  const { cluster, feed, scenario, record, operator, killsOperator } = options;
  const config = operatorConfig({ feed: feed.settings, takesOverQuickly: killsOperator });
  await writeFile(operator.configFile, stringify(config));
  await writeWhole(operator.kubeconfigFile, await operatorKubeconfig(cluster, abort));
  await operator.start();
  const ready = { for: 'the operator to have every site ready', timeoutMs: READY_LIMIT_MS, intervalMs: 100, abort };
  try {
    await waitFor(ready, () => {
      if (operator.ends.unexpected > 0) throw new FatalProbeError('the operator ended at its start');
      const conditions = scenario.sites.map(({ name }) => record.sites.get(name)?.status?.conditions);
      return Promise.resolve(conditions.every((each) => conditionIsTrue(each, 'Ready')) ? true : undefined);
    });
  } catch (error) {
    if (abort.aborted || !(error instanceof Error)) throw error;
    const complaints = await operator.complaints(COMPLAINTS);
    throw new Error([error.message, ...complaints].join('\n'), { cause: error });
  }
}

/** The operator has its own ServiceAccount's rights and no others. */
async function operatorKubeconfig({ kubeconfigPath, api }: ClusterAccess, abort: AbortSignal): Promise<string> {
  const path = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/serviceaccounts/${OPERATOR_NAME}/token`;
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: TOKEN_LIFETIME_S },
  };
  const { status } = await api.request<{ status: { token: string } }>(path, { method: 'POST', body, abort });
  const user = { name: `system:serviceaccount:${OPERATOR_NAMESPACE}:${OPERATOR_NAME}`, token: status.token };
  return kubeconfigWithToken(await readFile(kubeconfigPath, 'utf8'), kubeconfigPath, user);
}
