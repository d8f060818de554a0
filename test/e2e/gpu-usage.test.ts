import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { buildBundle } from '../../hack/build/build-bundle.ts';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { startGpuExporter, type GpuExporter } from '../../hack/stand-ins/gpu-exporter.ts';
import { BURSTS, BUSY, HALF_USED, IDLE, TRAINING, type Behaviour } from '../../hack/stand-ins/gpus/behaviour.ts';
import type { Gpu } from '../../hack/stand-ins/gpus/gpu.ts';
import { H100 } from '../builders/planning.ts';
import type { Alert } from '../fixtures/usage-world/prometheus-of-the-world.ts';
import { NAMESPACE, SITE, UsageWorld, type PodPlace } from '../fixtures/usage-world/usage-world.ts';

jest.setTimeout(120_000);

/** So many that two GPUs are free on one of them wherever the others go. */
const NODES = 10;
const GPUS_A_NODE = 8;
/** Minutes are seconds in this world. */
const inSeconds = (behaviour: Behaviour): Behaviour => {
  const [first, ...rest] = behaviour.map((phase) => ({ ...phase, for: phase.for / 60 }));
  return [first ?? behaviour[0], ...rest];
};
/** From one of its phases on. */
const begunAt = (k: number, behaviour: Behaviour): Behaviour => {
  const [first, ...rest] = [...behaviour.slice(k % behaviour.length), ...behaviour.slice(0, k % behaviour.length)];
  return [first ?? behaviour[0], ...rest];
};
const KINDS = [BUSY, HALF_USED, BURSTS, TRAINING, TRAINING];
/** Each is at another point of what it does over and over; all but the one that is idle for a while. */
const WELL_BEHAVED = Array.from({ length: 49 }, (_, k) => ({
  name: `work-${String(k)}`,
  gpus: k % 7 === 0 ? 2 : 1,
  behaviour: begunAt(k, inSeconds(KINDS[k % KINDS.length] ?? BUSY)),
}));

/** Longer than it takes until a device that does nothing is a matter for an alert: see the policy of this world. */
const ALARM_MS = 15_000;

let world: UsageWorld;
let exporter: GpuExporter;
/** GPUs of a node that nobody holds yet. */
const free = new Map<string, string[]>();

beforeAll(async () => {
  await Promise.all([ensureBinaries(['prometheus', 'promtool']), buildBundle()]);
  world = await UsageWorld.start(NODES);
  const nodes = await world.nodes();
  const gpus = nodes.flatMap((node) =>
    Array.from({ length: GPUS_A_NODE }, (_, index): Gpu => ({
      uuid: `GPU-${node}-${index}`,
      node,
      index,
      behaviour: IDLE,
    })),
  );
  for (const { node, uuid } of gpus) free.set(node, [...(free.get(node) ?? []), uuid]);
  exporter = await startGpuExporter({ gpus });
  await world.observe(new URL(exporter.url).host);
}, TOOL_SETUP_MS);

afterAll(async () => {
  await world.stop();
  await exporter.stop();
});

/** What a device plugin would hand to a pod. */
function hand({ node, pod }: PodPlace, count: number, behaviour: Behaviour): readonly string[] {
  const uuids = (free.get(node) ?? []).splice(0, count);
  for (const uuid of uuids) exporter.set(uuid, { pods: [{ namespace: NAMESPACE, name: pod }], behaviour });
  return uuids;
}

/** About a workload, or loud: that nothing is known of a pod that has only just come is no alarm yet. */
function claimsSomething({ labels, state }: Alert): boolean {
  return labels['workload'] !== undefined || state === 'firing';
}

describe('what GPUs are used for', () => {
  let gpusOfChat: readonly string[];

  test('of fifty workloads that behave well no alert speaks', async () => {
    gpusOfChat = hand(await world.deploy('chat', { gpus: 8, team: 'speech' }), 8, BUSY);
    const deployed = WELL_BEHAVED.map(async ({ behaviour, gpus, name }) => {
      hand(await world.deploy(name, { gpus, team: 'vision' }), gpus, behaviour);
    });
    await Promise.all(deployed);
    await world.untilSaid('what its accelerators do and draw is measured');
    // Longer than a device must be idle, and than it must work little.
    expect((await world.alertsWithin(40_000)).filter(claimsSomething)).toEqual([]);
    // Not for want of knowledge.
    await world.untilValue('count(sunward_workload_gpu_active_ratio)', WELL_BEHAVED.length + 1);
  });

  test('an alert names an idle workload, its owner, watts, money and grams, and what to do', async () => {
    for (const uuid of gpusOfChat) exporter.set(uuid, { behaviour: IDLE });
    const { annotations, labels } = await world.untilFiring('GPUHeldIdle');
    expect(labels).toMatchObject({
      ...{ workload_namespace: NAMESPACE, workload_kind: 'Deployment', workload: 'chat', owner: 'speech' },
      ...{ site: SITE, product: H100, severity: 'warning' },
    });
    const { description = '' } = annotations;
    expect(description).toContain(
      `Deployment ${NAMESPACE}/chat of speech holds 8 ${H100} at ${SITE}, and none of them works`,
    );
    // Eight times 70 W that are measured and 336 W of the host, and PUE 1.25; 2 EUR each and 0.20 EUR a kWh.
    expect(description).toContain('Power: 4.064kW.');
    expect(description).toContain('Cost: 16.81 EUR an hour.');
    expect(description).toMatch(/CO2e: [\d.]+kg an hour\./);
    expect(description).toContain('Scale it down to 0 while nobody needs it');
  });

  test('and nobody else', async () => {
    const firing = (await world.alerts()).filter(({ state }) => state === 'firing');
    expect(firing.map(({ labels }) => `${labels['alertname'] ?? ''} ${labels['workload'] ?? ''}`)).toEqual([
      'GPUHeldIdle chat',
    ]);
  });

  test('the workload is told as well', async () => {
    const notes = await world.notesOn('Deployment', 'chat');
    expect(notes.filter((note) => note.startsWith('GPUs'))).toEqual([
      expect.stringMatching(
        /^GPUsIdle: 8 NVIDIA-H100-80GB-HBM3 have been idle for .* \(4\.1 kW, 16\.81 EUR and .* an hour\)\. Scale/,
      ),
    ]);
  });

  test('the alert resolves once the GPUs work, and the workload is told', async () => {
    for (const uuid of gpusOfChat) exporter.set(uuid, { behaviour: BUSY });
    await world.untilQuiet('GPUHeldIdle');
    await world.untilNoted('Deployment', 'chat', new RegExp(`^GPUsInUse: 8 ${H100} at ${SITE}: in use again$`));
  });
});

describe('what is not known', () => {
  test.each([
    [
      'the exporter tells NaN',
      (): void => free.forEach((_, node) => tellNothing(node)),
      'NoData',
      /nothing for the activity of GPUs/,
    ],
    [
      'a label is renamed',
      (): void => exporter.rename({ uuid: 'gpu_identity' }),
      'Malformed',
      /usage\.prometheus\.labels/,
    ],
  ])('is said where %s, and no alert claims anything', async (_, happens, reason, message) => {
    happens();
    expect(await world.untilKnown(reason)).toMatch(message);
    expect((await world.alertsWithin(ALARM_MS)).filter(({ labels }) => labels['workload'] !== undefined)).toEqual([]);
    exporter.rename({});
    free.forEach((__, node) => tellAll(node));
    await world.untilKnown('UsageMeasured');
  });

  test('is said where Prometheus is too slow, jobs run all the same, and no alert claims anything of the time between', async () => {
    world.holdPrometheus();
    try {
      expect(await world.untilKnown('Unavailable', 'CircuitOpen')).toContain('gave no whole answer within 8 s');
      await world.untilRun('evaluate');
    } finally {
      world.letPrometheusOn();
    }
    await world.untilKnown('UsageMeasured');
    expect((await world.alertsWithin(ALARM_MS)).filter(({ labels }) => labels['workload'] !== undefined)).toEqual([]);
  });

  test('is said where Prometheus is gone, and jobs are planned and run all the same', async () => {
    await world.stopPrometheus();
    expect(await world.untilKnown('Unavailable', 'CircuitOpen')).toContain('ECONNREFUSED');
    await world.untilRun('fine-tune');
  });
});

const uuidsOf = (node: string) => Array.from({ length: GPUS_A_NODE }, (_, index) => `GPU-${node}-${index}`);

function tellNothing(node: string): void {
  for (const uuid of uuidsOf(node)) exporter.set(uuid, { tells: 'NaN' });
}

function tellAll(node: string): void {
  for (const uuid of uuidsOf(node)) exporter.set(uuid, { tells: undefined } as never);
}
