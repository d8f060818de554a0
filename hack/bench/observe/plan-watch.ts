import { Registry } from 'prom-client';
import { RestClient } from '../../../operator/adapters/kubernetes/client/rest-client.ts';
import { loadKubeConfig } from '../../../operator/adapters/kubernetes/client/kube-config.ts';
import type {
  CarbonAwareJob,
  CarbonAwareJobStatus,
} from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import { findCondition } from '../../../operator/api/v1alpha1/conditions.ts';
import { CARBON_AWARE_JOBS } from '../../../operator/api/v1alpha1/kinds.ts';
import { Reflector } from '../../../operator/runtime/cache/reflector.ts';
import type { Change } from '../../../operator/runtime/cache/replica.ts';
import { Store } from '../../../operator/runtime/cache/store.ts';
import { steadyClock } from '../../../operator/runtime/clocks.ts';
import { KubernetesClientMetrics } from '../../../operator/telemetry/kubernetes-client-metrics.ts';
import { silentLogger } from '../../../operator/runtime/silent-logger.ts';
import { ReflectorMetrics } from '../../../operator/telemetry/reflector-metrics.ts';
import type { StatusWrite } from './status-change.ts';

/** What everyone can see of the jobs: one watch, as whoever the kubeconfig is for. */
export class PlanWatch {
  readonly #store = new Store<CarbonAwareJobStatus>();
  readonly #end = new AbortController();
  readonly #planned = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #writes: StatusWrite[] = [];
  #running: Promise<void> | undefined;
  #api: RestClient | undefined;

  /** Resolves when all jobs that there are are known. */
  async start(kubeconfig: string, abort: AbortSignal): Promise<void> {
    const common = { clock: steadyClock, random: Math.random, logger: silentLogger };
    const registry = new Registry();
    const api = new RestClient({
      ...common,
      credentials: await loadKubeConfig({ path: kubeconfig }),
      metrics: new KubernetesClientMetrics(registry),
      userAgent: 'sunward-bench',
    });
    const reflector = new Reflector<CarbonAwareJob, CarbonAwareJobStatus>({
      ...common,
      listWatch: api.listWatch(CARBON_AWARE_JOBS),
      store: this.#store,
      project: (job) => job.status ?? {},
      onChange: (change) => {
        this.#take(change);
      },
      metrics: new ReflectorMetrics(registry),
    });
    this.#api = api;
    this.#running = reflector.run(this.#end.signal);
    await reflector.whenSynced(abort);
  }

  async stop(): Promise<void> {
    this.#end.abort(new Error('the watch is over'));
    await this.#running;
    this.#api?.close();
  }

  /** Jobs with the condition Planned True. */
  get planned(): number {
    return this.#planned.size;
  }

  /** Jobs that the operator has started. */
  get started(): number {
    return this.#store.list().filter(({ attempts }) => (attempts?.length ?? 0) > 0).length;
  }

  status(key: string): CarbonAwareJobStatus | undefined {
    return this.#store.get(key);
  }

  /** Resolves when so many jobs are planned, or rejects with the reason of `abort`. */
  untilPlanned(count: number, abort: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        this.#waiting.delete(check);
        abort.removeEventListener('abort', onAbort);
        settle();
      };
      const check = (): void => {
        if (this.#planned.size >= count) finish(resolve);
      };
      const onAbort = (): void => {
        finish(() => {
          reject(abort.reason as Error);
        });
      };
      this.#waiting.add(check);
      abort.addEventListener('abort', onAbort, { once: true });
      if (abort.aborted) onAbort();
      else check();
    });
  }

  /** The changes of statuses since the last call. */
  takeWrites(): readonly StatusWrite[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  #take(change: Change<CarbonAwareJobStatus>): void {
    const { key } = change;
    const current = change.type === 'deleted' ? {} : change.current;
    if (change.type === 'updated') {
      this.#writes.push({ key, at: performance.now(), before: change.previous, after: current });
    }
    if (findCondition(current.conditions, 'Planned')?.status === 'True') this.#planned.add(key);
    else this.#planned.delete(key);
    for (const check of [...this.#waiting]) check();
  }
}
