import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { waitFor } from '../../hack/controlplane/process/wait.ts';
import { loadKubeConfig } from '../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../operator/adapters/kubernetes/client/rest-client.ts';
import type { JobRecord } from '../../operator/controllers/carbonawarejob/job-record.ts';
import type { Decision } from '../../operator/domain/decision.ts';
import { HOUR_MS, SECOND_MS } from '../../operator/domain/units.ts';
import { aDecision, anOption } from '../builders/job-view.ts';
import { aPausableSpec, finishPodsAt, northUntil } from '../fixtures/crash/crash-scenario.ts';
import { mostAtOnce, PodHistory } from '../fixtures/crash/pod-history.ts';
import { JobWorld, type JobNamespace } from '../fixtures/job-world.ts';
import { restClient } from '../fixtures/rest-client.ts';

jest.setTimeout(120_000);

const WAIT_MS = 30_000;
/** From the announcement of the start to the pause; the Job's `minimumRun` is shorter. */
const FIRST_RUN_MS = 2 * SECOND_MS;

let world: JobWorld;
let admin: RestClient;
const pods = new PodHistory();
const ending = new AbortController();

beforeAll(async () => {
  world = await JobWorld.start();
  ({ api: admin } = restClient(await loadKubeConfig({ path: world.cluster.adminKubeconfig.path })));
  pods.listen(finishPodsAt(world, 'south'));
  await pods.start(admin, ending.signal);
}, 180_000);

afterAll(async () => {
  signalJobController('SIGCONT');
  ending.abort();
  admin.close();
  await world.stop();
});

function signalJobController(signal: 'SIGSTOP' | 'SIGCONT'): void {
  const manager = world.cluster.processes().find(({ name }) => name.endsWith('kube-controller-manager'));
  if (manager === undefined) throw new Error('no controller manager runs');
  process.kill(manager.pid, signal);
}

function untilJob(namespace: JobNamespace, what: string, holds: (job: JobStands) => boolean): Promise<true> {
  return waitFor({ for: `the Job to be ${what}`, timeoutMs: WAIT_MS }, async () => {
    const job = await namespace.batchJob('train');
    return job !== undefined && holds(job) ? true : undefined;
  });
}

type JobStands = NonNullable<Awaited<ReturnType<JobNamespace['batchJob']>>>;

function untilDue(instant: number): Promise<true> {
  return waitFor({ for: 'the pause to be due', timeoutMs: WAIT_MS }, () =>
    Promise.resolve(Date.now() > instant ? true : undefined),
  );
}

/** Whether its pods run or not. */
function northThenSouth({ attempts: [first] }: JobRecord): Decision {
  return northUntil(first && (first.endedAt ?? first.startedAt + FIRST_RUN_MS), first);
}

function inAnHour(): Decision {
  const startsAt = Date.now() + HOUR_MS;
  return aDecision({ chosen: anOption({ site: 'north', windows: [{ startsAt, endsAt: startsAt + HOUR_MS }] }) });
}

test('a job whose start the Job controller has not seen yet is not moved: it runs here first, then there, never at both', async () => {
  const namespace = await world.aNamespace();
  let isDue = false;
  const plan = (job: JobRecord): Decision => (isDue ? northThenSouth(job) : inAnHour());
  const operator = await world.operator({ namespace: namespace.name, plan });
  await namespace.create('train', aPausableSpec());
  await untilJob(namespace, 'seen suspended', ({ status }) =>
    Boolean(status?.conditions?.some(({ type, status: is }) => type === 'Suspended' && is === 'True')),
  );

  signalJobController('SIGSTOP');
  isDue = true;
  operator.enqueue(namespace.key('train'));
  await untilJob(namespace, 'started', ({ spec }) => spec?.suspend === false);
  await untilDue(Date.now() + FIRST_RUN_MS);
  operator.enqueue(namespace.key('train'));
  signalJobController('SIGCONT');

  await namespace.untilCondition('train', 'Complete');
  const lives = pods.of(namespace.name);
  const [here, there, ...more] = lives.map(({ node }) => node?.split('-')[0]);
  // A pod that is taken away at once may never have had a node.
  expect(['north', undefined]).toContain(here);
  expect([there, ...more]).toEqual(['south']);
  expect(mostAtOnce(lives)).toBe(1);
  expect((await namespace.job('train')).status?.attempts?.map(({ site }) => site)).toEqual(['north', 'south']);
});
