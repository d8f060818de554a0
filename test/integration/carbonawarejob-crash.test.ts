import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { loadKubeConfig } from '../../operator/adapters/kubernetes/client/kube-config.ts';
import type { RestClient } from '../../operator/adapters/kubernetes/client/rest-client.ts';
import type { CrashPoint } from '../fixtures/crash/crash-points.ts';
import {
  byIdleness,
  byPlan,
  finishPodsAt,
  playOut,
  type PlotOfStory,
  type Story,
} from '../fixtures/crash/crash-scenario.ts';
import { JobWorld } from '../fixtures/job-world.ts';
import { mostAtOnce, PodHistory } from '../fixtures/crash/pod-history.ts';
import { restClient } from '../fixtures/rest-client.ts';

jest.setTimeout(240_000);

/** Stories told at the same time, each in a namespace of its own. */
const AT_ONCE = 12;

/** Servers that place a paused Job anew, and those that must be helped by making it anew. */
describe.each([
  { server: 'of today', options: {}, attempts: ['Completed'], remakes: 0 },
  {
    server: 'that behaves like 1.35',
    options: { emulatedVersion: '1.35' },
    attempts: ['Moved', 'Completed'],
    remakes: 1,
  },
])('the operator on an API server $server', ({ options, attempts, remakes }) => {
  let world: JobWorld;
  let admin: RestClient;
  const pods = new PodHistory();
  const ending = new AbortController();

  beforeAll(async () => {
    world = await JobWorld.start(options);
    ({ api: admin } = restClient(await loadKubeConfig({ path: world.cluster.adminKubeconfig.path })));
    pods.listen(finishPodsAt(world, 'south'));
    await pods.start(admin, ending.signal);
  }, 180_000);

  afterAll(async () => {
    ending.abort();
    admin.close();
    await world.stop();
  });

  /** @param end of the first attempt */
  function expectToHaveRunOnce({ namespace, job }: Story, end: string): void {
    const lives = pods.of(namespace.name);
    expect(lives.map(({ node }) => node?.split('-')[0])).toEqual(['north', 'south']);
    expect(lives.map(({ outcome }) => outcome)).toEqual(['Failed', 'Succeeded']);
    expect(mostAtOnce(lives)).toBe(1);
    expect(job.status).toMatchObject({ phase: 'Succeeded', plan: { site: 'south' } });
    expect(job.status?.attempts?.map(({ number, reason }) => [number, reason])).toEqual(
      [end, ...attempts].map((reason, i) => [i + 1, reason]),
    );
    expect(job.status?.attempts?.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
  }

  test.each<{ by: string; plot: PlotOfStory; end: string }>([
    { by: 'by its plan', plot: byPlan, end: 'Paused' },
    { by: 'for accelerators that do nothing', plot: byIdleness, end: 'Idle' },
  ])('comes to the same end wherever it is killed, and runs a job once that is paused $by', async ({ plot, end }) => {
    const undisturbed = await playOut(world, plot);
    expectToHaveRunOnce(undisturbed, end);
    expect(undisturbed.writes.filter((write) => write === 'create jobs')).toHaveLength(1 + remakes);

    const points = undisturbed.writes.flatMap((_, i): CrashPoint[] => [
      { write: i + 1, when: 'before' },
      { write: i + 1, when: 'after' },
    ]);
    const failures: string[] = [];
    const tell = async (): Promise<void> => {
      for (let point = points.shift(); point !== undefined; point = points.shift()) {
        try {
          expectToHaveRunOnce(await playOut(world, plot, point), end);
        } catch (error) {
          const write = undisturbed.writes[point.write - 1] ?? '';
          failures.push(
            `${point.when} write ${point.write} (${write}): ${String(error)} ${String((error as Error).cause)}`,
          );
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, tell));
    expect(failures).toEqual([]);
  });
});
