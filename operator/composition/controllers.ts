import { KubernetesEventRecorder } from '../adapters/kubernetes/event-recorder.ts';
import { JobWorkload } from '../adapters/kubernetes/job/job-workload.ts';
import type { RawJob } from '../adapters/kubernetes/job/raw-job.ts';
import { workloadOfJob } from '../adapters/kubernetes/job/workload-of-job.ts';
import { CARBON_AWARE_JOB_LABEL } from '../api/v1alpha1/labels.ts';
import { CarbonAwareJobReconciler } from '../controllers/carbonawarejob/controller.ts';
import { jobRecordOf } from '../controllers/carbonawarejob/job-record.ts';
import { ApplyingStatusWriter } from '../controllers/carbonawarejob/status-writer.ts';
import { CarbonPolicyReconciler } from '../controllers/carbonpolicy/reconciler.ts';
import { ComputeSiteReconciler } from '../controllers/computesite/reconciler.ts';
import type { Decisions } from '../controllers/planning-cycle/decisions.ts';
import type { IdleReader } from '../controllers/usage/idle-reader.ts';
import { podProjectionOf } from '../controllers/inventory/pod-facts.ts';
import { longestFound } from '../controllers/usage/look-back.ts';
import type { UsageReader } from '../controllers/usage/usage-reader.ts';
import { MINUTE_MS, SECOND_MS } from '../domain/units.ts';
import type { EventRecorder } from '../ports/events.ts';
import type { KubernetesObject } from '../ports/kubernetes-api.ts';
import type { Workload } from '../ports/workloads.ts';
import { Controller, type Reconciler } from '../runtime/controller.ts';
import { objectKey } from '../runtime/cache/object-key.ts';
import { inventoryHeardAt, type Cache, type Caches } from './caches.ts';
import type { Knowledge } from './knowledge.ts';
import { planningSettings } from './planning.ts';
import type { Surroundings } from './surroundings.ts';

/** After the API server refused a Job for what its template says. */
const RETRY_REFUSED_AFTER_MS = 10 * MINUTE_MS;

/** One controller a kind. */
export interface Controllers {
  readonly jobs: Controller;
  readonly sites: Controller;
  readonly policies: Controller;
}

/** What else reconcilers read, and whom they tell. */
export interface Around {
  readonly decisions: Decisions;
  readonly events: EventRecorder;
  readonly usage: UsageReader & IdleReader;
}

export function createControllers(surroundings: Surroundings, knowledge: Knowledge, around: Around): Controllers {
  const { clock, config, logger, metrics, random } = surroundings;
  const controllerOf = (reconciler: Reconciler, concurrency = 1): Controller =>
    new Controller({ reconciler, clock, random, logger, metrics: metrics.controllers, concurrency });
  return {
    jobs: controllerOf(jobReconciler(surroundings, knowledge, around), config.jobs.concurrency),
    sites: controllerOf(siteReconciler(surroundings, knowledge, around)),
    policies: controllerOf(policyReconciler(surroundings, knowledge)),
  };
}

/** Writes its events in the background, see `run`. */
export function createEventRecorder(surroundings: Surroundings): KubernetesEventRecorder {
  const { api, clock, instance, logger, metrics, random } = surroundings;
  return new KubernetesEventRecorder({ api, clock, instance, logger, metrics: metrics.events, random });
}

function jobReconciler(
  { api, caches, clock, config }: Surroundings,
  { governance, inventory, slowdowns }: Knowledge,
  { decisions, events, usage }: Around,
): Reconciler {
  const projection = podProjectionOf(config);
  const statuses = new ApplyingStatusWriter(api, (job) =>
    observed(job, caches.jobs, (raw) => jobRecordOf(raw, projection)),
  );
  return new CarbonAwareJobReconciler({
    clock,
    sources: {
      jobs: caches.jobs.store,
      workloads: caches.workloads.store,
      pods: caches.pods.store,
      sites: caches.sites.store,
      decisions,
      policyOf: (namespace) => governance().policyOf(namespace),
      usage,
      inventory,
      slowdowns: () => slowdowns.lately().history,
    },
    hands: { workloads: new JobWorkload(api, (job) => observedWorkload(job, caches)), statuses, events },
    settings: {
      slot: config.planning.slot,
      retryRefusedAfter: RETRY_REFUSED_AFTER_MS,
      unschedulableAfter: config.jobs.unschedulableAfter,
      avoidanceBackoff: planningSettings(config).avoidanceBackoff,
      resources: config.accelerators,
    },
  });
}

/** Tells the cache what a write returned, and gives it as the cache has it: projecting is the costly part. */
function observed<T extends KubernetesObject, P extends KubernetesObject>(
  object: T,
  { reflector, store }: Cache<T, P>,
  project: (object: T) => P,
): P {
  reflector.observe(object);
  const cached = store.get(objectKey(object.metadata));
  const isSame = cached?.metadata.resourceVersion === object.metadata.resourceVersion;
  return cached !== undefined && isSame ? cached : project(object);
}

/** A Job that has lost its label is outside of what the cache watches, and must not be put into it. */
function observedWorkload(job: RawJob, { workloads }: Caches): Workload {
  const isWatched = job.metadata.labels?.[CARBON_AWARE_JOB_LABEL] !== undefined;
  return isWatched ? observed(job, workloads, workloadOfJob) : workloadOfJob(job);
}

function siteReconciler(
  { api, caches, clock, config }: Surroundings,
  knowledge: Knowledge,
  { events, usage }: Around,
): Reconciler {
  return new ComputeSiteReconciler({
    api,
    clock,
    events,
    sites: caches.sites.store,
    inventory: knowledge.inventory,
    inventoryHeardAt: () => inventoryHeardAt(caches),
    outlooks: knowledge.outlooks,
    prices: knowledge.prices,
    nodePrices: knowledge.nodePrices,
    usage,
    // Figures are as fresh as the plan's slots, but not written more often than people look.
    figuresIntervalMs: Math.min(10 * SECOND_MS, config.planning.slot),
    observe: (site) => {
      caches.sites.reflector.observe(site);
    },
  });
}

function policyReconciler({ api, caches, clock, config }: Surroundings, { governance }: Knowledge): Reconciler {
  return new CarbonPolicyReconciler({
    api,
    clock,
    policies: caches.policies.store,
    governance,
    // Where nothing is measured, nothing is found anyway, and the sites say so.
    longestFound: config.usage.prometheus === undefined ? Infinity : longestFound(config.usage.interval),
    observe: (policy) => {
      caches.policies.reflector.observe(policy);
    },
  });
}
