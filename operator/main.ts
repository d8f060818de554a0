import { hostname } from 'node:os';
import { AxiosClient } from './adapters/http/axios-client.ts';
import { SecretFile } from './adapters/secret-file/secret-file.ts';
import { loadKubeConfig } from './adapters/kubernetes/client/kube-config.ts';
import { RestClient } from './adapters/kubernetes/client/rest-client.ts';
import { OPERATOR_NAME } from './api/v1alpha1/labels.ts';
import { createCaches, haveSynced, runCaches } from './composition/caches.ts';
import { createControlLoops } from './composition/control-loops.ts';
import { createMetrics } from './composition/metrics.ts';
import { ConfigError } from './config/config.ts';
import { asksForHelp, readLaunch, USAGE, type Launch } from './config/read-config.ts';
import { bySize, planHere } from './controllers/planning-cycle/planner.ts';
import { PlanningThread } from './controllers/planning-cycle/planning-thread.ts';
import type { Logger } from './ports/logger.ts';
import { steadyClock, systemClock } from './runtime/clocks.ts';
import { runAsLeader } from './runtime/leadership/leader-election.ts';
import { together } from './runtime/together.ts';
import { TelemetryServer } from './telemetry/http-server.ts';
import { createLogger } from './telemetry/logger.ts';
import { createRegistry } from './telemetry/registry.ts';

/** Exit codes: 0 told to stop; 1 a fault, the lost lease among them; 2 told something that can't be used. */
async function main(args: readonly string[]): Promise<number> {
  if (asksForHelp(args)) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  let launch: Launch;
  try {
    launch = readLaunch(args, process.env, hostname());
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const logger = createLogger({ level: launch.config.log.level });
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      logger.info('stopping', { signal });
      stop.abort(new Error(signal));
    });
  }
  try {
    await run(launch, logger, stop.signal);
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) process.stderr.write(`${error.message}\n`);
    else logger.error('ending with a fault', { error });
    return error instanceof ConfigError ? 2 : 1;
  }
}

/** Config -> adapters -> caches -> loops -> run until told to stop. A fault in one part stops them all. */
async function run({ config, kubeconfig, namespace, identity }: Launch, logger: Logger, stop: AbortSignal) {
  const registry = createRegistry();
  const metrics = createMetrics(registry);
  const random = Math.random;
  const credentials = await loadKubeConfig(kubeconfig === undefined ? {} : { path: kubeconfig });
  const client = { credentials, clock: steadyClock, random, logger, metrics: metrics.client };
  const { requestsInFlight, requestTimeout } = config.kubernetes;
  const api = new RestClient({ ...client, maxInFlight: requestsInFlight, requestTimeoutMs: requestTimeout });
  // The lease never waits behind other requests.
  const leaseApi = new RestClient({ ...client, maxInFlight: 1, requestTimeoutMs: config.leaderElection.retryPeriod });

  const caches = createCaches({
    api,
    config,
    clock: systemClock,
    random,
    logger,
    metrics: metrics.reflectors,
  });
  const thread = new PlanningThread(new URL(planWorkerScript(), import.meta.url));
  const planner = bySize({ here: planHere(), beside: thread, largeFrom: config.planning.threadFrom });
  const http = new AxiosClient({ clock: systemClock });
  const parts = { config, api, http, caches, clock: systemClock, random, logger, metrics };
  const surroundings = { ...parts, secretAt, namespace, instance: identity };
  const loops = createControlLoops(surroundings, planner);
  const server = await TelemetryServer.start({
    ...config.server,
    registry,
    ready: { caches: () => haveSynced(caches) },
    alive: { process: () => true },
  });
  logger.info('serving metrics and health', { port: server.port });

  const lead = (abort: AbortSignal): Promise<void> => loops.run(abort);
  const leading = (abort: AbortSignal): Promise<void> =>
    config.leaderElection.enabled
      ? runAsLeader(
          {
            api: leaseApi,
            lease: { namespace, name: OPERATOR_NAME },
            identity: `${identity}_${crypto.randomUUID()}`,
            clock: steadyClock,
            random,
            logger,
            metrics: metrics.leader,
            timing: leaseTiming(config.leaderElection),
            lead,
          },
          abort,
        )
      : lead(abort);
  try {
    await together([leading, (abort) => runCaches(caches, abort)], stop);
  } finally {
    await Promise.all([thread.stop(), server.stop()]);
    http.close();
    api.close();
    leaseApi.close();
  }
}

const secretAt = (path: string): SecretFile => new SecretFile(path);

function leaseTiming({ leaseDuration, renewDeadline, retryPeriod }: Launch['config']['leaderElection']) {
  return { leaseDurationMs: leaseDuration, renewDeadlineMs: renewDeadline, retryPeriodMs: retryPeriod };
}

/** Beside this file, as source or as bundle. */
function planWorkerScript(): string {
  return import.meta.url.endsWith('.ts') ? './controllers/planning-cycle/plan-worker.ts' : './plan-worker.js';
}

process.exitCode = await main(process.argv.slice(2));
