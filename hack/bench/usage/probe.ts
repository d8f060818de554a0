import { ACCELERATOR_RESOURCES } from '../../../operator/domain/accelerators/accelerator-resource.ts';
import { Registry } from 'prom-client';
import { PrometheusMetricsSource } from '../../../operator/adapters/metrics/prometheus/source.ts';
import { AxiosClient } from '../../../operator/adapters/http/axios-client.ts';
import { PrometheusClient } from '../../../operator/adapters/prometheus/prometheus-client.ts';
import { assessUsage } from '../../../operator/accounting/usage/assess.ts';
import { BUILT_IN_POLICY } from '../../../operator/api/v1alpha1/defaults.ts';
import { parseConfig } from '../../../operator/config/parse-config.ts';
import { siteRecordOf } from '../../../operator/controllers/computesite/site-record.ts';
import { gatherUsage, type UsageSources } from '../../../operator/controllers/usage/gather.ts';
import { Owners } from '../../../operator/controllers/usage/owners/owners.ts';
import { UsageCycle } from '../../../operator/controllers/usage/usage-cycle.ts';
import { UsageHistory } from '../../../operator/controllers/usage/usage-history.ts';
import type { MeasuredUsage } from '../../../operator/domain/usage/device-usage.ts';
import { gridEnd } from '../../../operator/domain/usage/usage-grid.ts';
import type { MetricsSource, UsageAnswer } from '../../../operator/ports/metrics-source.ts';
import { silentLogger } from '../../../operator/runtime/silent-logger.ts';
import { systemClock } from '../../../operator/runtime/clocks.ts';
import { UsageMetrics } from '../../../operator/telemetry/usage/usage-metrics.ts';
import type { Taken } from '../speed/measurement.ts';
import { fleetOf, REGION, type Fleet } from './fleet.ts';
import type { UsageMeasured } from './measurement.ts';

const NEXT_TURNS = 5;
const ASSESSMENTS = 5;
const SCRAPES = 5;
const never = new AbortController().signal;

/** Remembers what it was answered. */
class Watched implements MetricsSource {
  readonly name: string;
  answers: UsageAnswer[] = [];
  readonly #source: MetricsSource;

  constructor(source: MetricsSource) {
    this.name = source.name;
    this.#source = source;
  }

  async usage(...asked: Parameters<MetricsSource['usage']>): Promise<UsageAnswer> {
    const answer = await this.#source.usage(...asked);
    this.answers.push(answer);
    return answer;
  }
}

/**
 * A process of its own, so that nothing else is in its heap and on its threads: `probe.ts 1000 http://127.0.0.1:9090`, workloads and
 * Prometheus. The usage cycle as the operator runs it, with its own configuration. Its measurement goes to standard output as JSON.
 */
async function measure(workloads: number, url: string): Promise<UsageMeasured> {
  const { interval, lookBack } = parseConfig('', 'the built-in configuration').usage;
  const fleet = fleetOf(workloads, systemClock.now());
  const http = new AxiosClient({ clock: systemClock });
  const source = new Watched(new PrometheusMetricsSource({ prometheus: new PrometheusClient({ http, url }) }));
  const registry = new Registry();
  const sources = sourcesOf(fleet);
  const cycle = new UsageCycle({
    ...{ source, sources, clock: systemClock, random: Math.random, logger: silentLogger },
    owners: new Owners({ api: { get: () => Promise.reject(new Error('nobody owns these')) }, logger: silentLogger }),
    events: { record: () => undefined },
    metrics: new UsageMetrics(registry),
    intervalMs: interval,
    lookBackMs: lookBack,
    onAssessed: () => undefined,
  });
  const first = await taken(1, () => cycle.turn(never));
  const answers = [...source.answers];
  const next = await taken(NEXT_TURNS, () => cycle.turn(never));
  const scrape = await taken(SCRAPES, () => registry.metrics());
  const text = await registry.metrics();
  const snapshot = gatherUsage({ ...sources, workloadOf: workloadsOf() }, allOf(answers), systemClock.now());
  const assessment = await taken(ASSESSMENTS, () => Promise.resolve(assessUsage(snapshot)));
  http.close();
  return {
    gpus: fleet.gpus.length,
    workloads,
    ...{ first, next, assessment, scrape },
    columnsAtFirst: answers.reduce((sum, { grid }) => sum + grid.columns, 0),
    series: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length,
    bytes: Buffer.byteLength(text),
    wasted: wastedIn(cycle),
    wastedInTruth: wastedInTruth(fleet),
    peak: process.resourceUsage().maxRSS * 1_024,
    gaps: [...new Set(source.answers.flatMap(({ gaps }) => gaps.map(gapWords)))],
  };
}

/** What the first look knows. */
function allOf(answers: readonly UsageAnswer[]): MeasuredUsage | undefined {
  const now = Math.max(...answers.map(({ grid }) => gridEnd(grid)));
  const { interval: step, lookBack } = parseConfig('', 'the built-in configuration').usage;
  const history = new UsageHistory({ step, lookBack: () => lookBack, holds: () => true });
  for (const answer of answers) history.add(answer, now);
  return history.at(now);
}

function gapWords({ error, figure }: UsageAnswer['gaps'][number]): string {
  return `${figure}: ${error.code}`;
}

function workloadsOf(): UsageSources['workloadOf'] {
  return ({ first, namespace }) => ({ namespace, ...first });
}

function sourcesOf({ nodes, pods }: Fleet): Omit<UsageSources, 'workloadOf'> {
  const policy = { ...BUILT_IN_POLICY };
  const prices = { currency: 'EUR', electricityPerKWh: '0.10', accelerators: [] };
  const spec = { region: REGION, zone: 'DE', pue: '1.2', cluster: { local: {} }, prices };
  const site = siteRecordOf({
    apiVersion: 'sunward.dev/v1alpha1',
    kind: 'ComputeSite',
    metadata: { name: 'frankfurt' },
    spec,
  });
  return {
    pods: { list: () => pods },
    nodes: { list: () => nodes },
    namespaces: { get: () => undefined },
    sites: { list: () => [site] },
    jobs: { get: () => undefined },
    governance: () => ({ policyOf: () => policy, dominionOf: () => undefined, policies: [policy] }),
    outlooks: { get: () => undefined },
    prices: { get: () => undefined },
    nodePrices: { devicePrice: () => undefined },
    accelerators: ACCELERATOR_RESOURCES,
    ownerLabels: [],
  };
}

/** In whole devices: of those that work little a part counts, which is not compared. */
function wastedIn(cycle: UsageCycle): number {
  const wastes = (cycle.assessed()?.assessment.holdings ?? []).flatMap(({ waste }) => waste ?? []);
  return wastes.reduce((sum, waste) => sum + (waste.class === 'Underused' ? 0 : waste.devices), 0);
}

function wastedInTruth({ gpus }: Fleet): number {
  return gpus.filter(({ active }) => active === 0).length;
}

async function taken(count: number, work: () => Promise<unknown>): Promise<Taken> {
  const cpuMs: number[] = [];
  const wallMs: number[] = [];
  for (let k = 0; k < count; k++) {
    globalThis.gc?.();
    const before = process.cpuUsage();
    const startedAt = performance.now();
    await work();
    wallMs.push(performance.now() - startedAt);
    const { system, user } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1_000);
  }
  return { cpuMs, wallMs };
}

const [workloads, url = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(Number(workloads), url)));
