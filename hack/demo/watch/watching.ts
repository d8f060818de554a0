import { Registry } from 'prom-client';
import type { CarbonAwareJob } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { ComputeSite } from '../../../operator/api/v1alpha1/compute-site.generated.ts';
import { CARBON_AWARE_JOBS, COMPUTE_SITES } from '../../../operator/api/v1alpha1/kinds.ts';
import type {
  KubernetesApi,
  KubernetesObject,
  ListScope,
  ResourceType,
} from '../../../operator/ports/kubernetes-api.ts';
import type { Change } from '../../../operator/runtime/cache/replica.ts';
import { Reflector } from '../../../operator/runtime/cache/reflector.ts';
import { Store } from '../../../operator/runtime/cache/store.ts';
import { systemClock } from '../../../operator/runtime/clocks.ts';
import { ReflectorMetrics } from '../../../operator/telemetry/reflector-metrics.ts';
import { silentLogger } from '../../../operator/runtime/silent-logger.ts';
import { DEMO_SELECTOR } from '../cluster/labels.ts';
import { PRODUCT } from '../setup/scenario.ts';
import { endOf, EVENTS, JOBS, PODS, type RawEvent, type RawJob } from './kinds.ts';
import { podFacts, type PodFacts, type RawPod } from './pod-facts.ts';
import type { DemoRecord } from './record.ts';

export interface Watching {
  /** The demo's pods as they are now. */
  readonly pods: () => readonly PodFacts[];
}

interface Subject<T extends KubernetesObject, P> {
  readonly resource: ResourceType;
  readonly scope?: ListScope;
  readonly project: (object: T) => P | undefined;
  readonly onChange: (change: Change<P>) => void;
}

/** Fills the record from the API server until `abort` fires. Resolves once everything that is there has been seen. */
export async function watchDemo(
  api: KubernetesApi,
  record: DemoRecord,
  namespaces: readonly string[],
  abort: AbortSignal,
): Promise<Watching> {
  const metrics = new ReflectorMetrics(new Registry());
  const scope = { labelSelector: DEMO_SELECTOR };
  const reflect = async <T extends KubernetesObject, P>(subject: Subject<T, P>): Promise<Store<P>> => {
    const store = new Store<P>();
    const reflector = new Reflector<T, P>({
      name: `${subject.resource.plural} ${subject.scope?.namespace ?? ''}`,
      listWatch: api.listWatch<T>(subject.resource, subject.scope ?? scope),
      store,
      project: subject.project,
      onChange: subject.onChange,
      clock: systemClock,
      random: Math.random,
      logger: silentLogger,
      metrics,
    });
    void reflector.run(abort);
    await reflector.whenSynced(abort);
    return store;
  };
  await reflect({
    resource: COMPUTE_SITES,
    ...changed<ComputeSite>((site) => record.takeSite(site, systemClock.now())),
  });
  await reflect({ resource: CARBON_AWARE_JOBS, ...changed<CarbonAwareJob>((job) => record.takeJob(job)) });
  await reflect({ resource: JOBS, ...changed<RawJob>((job) => takeBatchJob(record, job)) });
  for (const namespace of namespaces) {
    await reflect({
      resource: EVENTS,
      scope: { namespace },
      ...changed<RawEvent>((event) => takeEvent(record, event)),
    });
  }
  const pods = await reflect<RawPod, PodFacts>({
    resource: PODS,
    project: podFacts,
    onChange: (change) => {
      if (change.type === 'deleted') record.endPod(change.previous, systemClock.now());
      else record.takePod(change.current, systemClock.now());
    },
  });
  return { pods: () => pods.list() };
}

/** What is there after a change; deletions only happen at the end. */
function changed<T extends KubernetesObject>(take: (object: T) => void): Pick<Subject<T, T>, 'project' | 'onChange'> {
  return {
    project: (object) => object,
    onChange: (change) => {
      if (change.type !== 'deleted') take(change.current);
    },
  };
}

function takeBatchJob(record: DemoRecord, job: RawJob): void {
  record.takeBatchJob(job.metadata.name, job.metadata.uid ?? '', endOf(job, systemClock.now()));
}

/** The operator's own events only: those of the Job controller and the scheduler tell nothing about plans. */
function takeEvent(record: DemoRecord, { reason = '', note = '', eventTime, regarding }: RawEvent): void {
  if (regarding?.kind !== 'CarbonAwareJob' || regarding.name === undefined) return;
  // Every node has the same product, so that is not worth a word each time.
  const sentence = note.replaceAll(` on ${PRODUCT}`, '');
  const text = sentence.startsWith(reason) ? sentence : `${reason}: ${sentence}`;
  record.note(Date.parse(eventTime ?? '') || systemClock.now(), regarding.name, text);
}
