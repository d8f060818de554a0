import { writeFile } from 'node:fs/promises';
import { SECOND_MS } from '../../operator/domain/units.ts';
import { timed } from '../controlplane/binaries/progress.ts';
import { startControlPlane } from '../controlplane/control-plane.ts';
import type { DemoOptions } from './arguments.ts';
import type { CarbonFeed } from './carbon/carbon-feed.ts';
import { FileFeed } from './carbon/file-feed.ts';
import { ProviderOutage } from './carbon/outage.ts';
import { ProviderFeed } from './carbon/provider-feed.ts';
import { accessCluster, type ClusterAccess } from './cluster/access.ts';
import { pressed } from './day/press.ts';
import { agreeOnCluster, leaveNothing } from './foreign-cluster.ts';
import { autoscalersOf, play } from './play.ts';
import { startFakeKubelet } from './processes/fake-kubelet.ts';
import { OperatorProcess } from './processes/operator-process.ts';
import { openWorkshop } from './processes/workshop.ts';
import { shapeOf } from './setup/dressed-job.ts';
import { readScenario, type Scenario } from './setup/scenario.ts';
import { setUp } from './stage.ts';
import { reportOf } from './verdict/report.ts';
import { verdictOn, type DemoOutcome } from './verdict/verdict.ts';
import { Presenter } from './view/presenter.ts';
import type { Screen } from './view/screen.ts';
import { DemoRecord } from './watch/record.ts';

export interface DemoSurroundings {
  readonly screen: Screen;
  /** Draw over and over; else a line an event. */
  readonly live: boolean;
  /** Who answers; absent where no one does. */
  readonly input: NodeJS.ReadableStream | undefined;
}

/** Runs the demo from nothing to nothing. True where everything that it is to show was so. */
export async function runDemo(
  options: DemoOptions,
  surroundings: DemoSurroundings,
  abort: AbortSignal,
): Promise<boolean> {
  const scenario = await readScenario();
  const { screen, input } = surroundings;
  const tell = (line: string): void => {
    screen.print(line);
  };
  if (options.kubeconfig !== undefined) {
    const cluster = await accessCluster(options.kubeconfig);
    try {
      const hasLeftovers = await agreeOnCluster(cluster, scenario, { tell, input, yes: options.yes }, abort);
      return await perform({ options, surroundings, scenario, cluster, isForeign: true, hasLeftovers }, abort);
    } finally {
      cluster.close();
    }
  }
  const plane = await timed(
    tell,
    { doing: 'starting a control plane: etcd, API server, controllers, scheduler', done: 'a control plane runs' },
    () => startControlPlane({ components: ['kube-controller-manager', 'kube-scheduler'], progress: tell }, abort),
  );
  try {
    const cluster = await accessCluster(plane.clusters[0].adminKubeconfig.path);
    try {
      return await perform({ options, surroundings, scenario, cluster, isForeign: false, hasLeftovers: false }, abort);
    } finally {
      cluster.close();
    }
  } finally {
    await plane.stop();
  }
}

interface Performance {
  readonly options: DemoOptions;
  readonly surroundings: DemoSurroundings;
  readonly scenario: Scenario;
  readonly cluster: ClusterAccess;
  readonly isForeign: boolean;
  /** Of a demo before. */
  readonly hasLeftovers: boolean;
}

async function perform(performance: Performance, abort: AbortSignal): Promise<boolean> {
  const { cluster, scenario, isForeign, hasLeftovers, surroundings } = performance;
  const { kubeconfigPath } = cluster;
  const tell = (line: string): void => {
    surroundings.screen.print(line);
  };
  const record = new DemoRecord(scenario.jobs.map(({ metadata }) => metadata.name));
  const workshop = await openWorkshop();
  const operator = new OperatorProcess(workshop.keeper, workshop.directory, (event) => {
    record.note(Date.now(), 'operator', event);
  });
  // Watches and whatever else still goes on end with the performance, not with the process.
  const end = new AbortController();
  try {
    // Before anything else: pods, those of a demo before as well, need their node to end on.
    await startFakeKubelet(workshop.keeper, { kubeconfigPath, directory: workshop.directory }, abort);
    if (hasLeftovers) await leaveNothing(cluster, tell);
    return await withFeed(performance.options, workshop.directory, (feed) =>
      performIn({ ...performance, feed, operator, record }, AbortSignal.any([abort, end.signal])),
    );
  } finally {
    end.abort();
    await operator.stop();
    if (isForeign) await leaveNothing(cluster, tell);
    await workshop.close();
  }
}

async function withFeed<T>(
  { carbon: source, hourSeconds, providerOutage }: DemoOptions,
  directory: string,
  work: (feed: CarbonFeed) => Promise<T>,
): Promise<T> {
  const isToFail = providerOutage !== undefined;
  const scene = { directory, hour: hourSeconds * SECOND_MS, now: () => Date.now(), isToFail };
  const feed = source === 'file' ? new FileFeed(directory) : await ProviderFeed.open({ source, ...scene });
  try {
    return await work(feed);
  } finally {
    await feed.close();
  }
}

interface Staged extends Performance {
  readonly feed: CarbonFeed;
  readonly operator: OperatorProcess;
  readonly record: DemoRecord;
}

async function performIn(staged: Staged, abort: AbortSignal): Promise<boolean> {
  const { options, surroundings, scenario, record, operator, feed } = staged;
  const { screen, live } = surroundings;
  const stage = await setUp(
    {
      ...staged,
      hour: options.hourSeconds * SECOND_MS,
      killsOperator: options.killOperatorAfterMs !== undefined,
      progress: (line) => screen.print(line),
    },
    abort,
  );
  const { day, grid } = stage;
  const autoscalers = autoscalersOf(staged, day, abort);
  const presenter = new Presenter(screen, { live, record, day, grid, sites: scenario.sites });
  const { killOperatorAfterMs, providerOutage } = options;
  const provider = feed instanceof ProviderFeed ? feed : undefined;
  const outage = provider && providerOutage && new ProviderOutage(provider, providerOutage, record);
  if (provider !== undefined) record.note(Date.now(), 'provider', provider.introduction);
  try {
    const onLook = (): void => {
      for (const autoscaler of autoscalers) autoscaler.look(stage.watching.pods(), abort);
      presenter.look();
    };
    await play({ ...staged, stage, killOperatorAfterMs, outage, onLook }, abort);
  } finally {
    presenter.end();
  }
  const outcome: DemoOutcome = {
    day,
    grid,
    sites: scenario.sites,
    record,
    shapes: new Map(scenario.jobs.map((job) => [job.metadata.name, shapeOf(pressed(job, day))])),
    nodesOrdered: autoscalers.reduce((sum, { ordered }) => sum + ordered, 0),
    operatorEnds: operator.ends,
    killsAsked: killOperatorAfterMs === undefined ? 0 : 1,
    carbon: { source: feed.source, outageAsked: providerOutage !== undefined, outage: outage?.seen },
    now: Date.now(),
  };
  return conclude(outcome, operator, { screen, presenter, jsonFile: options.jsonFile });
}

const COMPLAINTS = 5;

async function conclude(
  outcome: DemoOutcome,
  operator: OperatorProcess,
  { screen, presenter, jsonFile }: { screen: Screen; presenter: Presenter; jsonFile: string | undefined },
): Promise<boolean> {
  const verdict = verdictOn(outcome);
  if (jsonFile !== undefined)
    await writeFile(jsonFile, `${JSON.stringify(reportOf(outcome, verdict), undefined, 2)}\n`);
  presenter.conclude(verdict);
  if (!verdict.holds) {
    const complaints = await operator.complaints(COMPLAINTS);
    if (complaints.length > 0) screen.print('The last that the operator complained of:');
    for (const complaint of complaints) screen.print(`  ${complaint}`);
  }
  return verdict.holds;
}
