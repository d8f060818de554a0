import { homeOf } from '../controllers/carbonawarejob/plannable/to-plannable.ts';
import { workloadSlowdowns } from '../controllers/carbonawarejob/slowdown/workload-slowdowns.ts';
import { deadlinesAtRisk } from '../controllers/carbonawarejob/status/deadlines-at-risk.ts';
import { jobsByPhase } from '../controllers/carbonawarejob/status/jobs-by-phase.ts';
import { policyTriggers } from '../controllers/carbonpolicy/triggers.ts';
import { siteTriggers } from '../controllers/computesite/triggers.ts';
import type { Planner } from '../controllers/planning-cycle/planner.ts';
import type { PlanningCycle } from '../controllers/planning-cycle/planning-cycle.ts';
import { jobChangesPlan, workloadChangesPlan } from '../controllers/planning-cycle/triggers.ts';
import { together } from '../runtime/together.ts';
import { whenSynced, type Caches } from './caches.ts';
import { createControllers, createEventRecorder, type Controllers } from './controllers.ts';
import { createKnowledge, type Knowledge } from './knowledge.ts';
import { createPlanningCycle } from './planning.ts';
import type { Surroundings } from './surroundings.ts';
import { createUsageCycle } from './usage.ts';

/** What only the leader does: it asks for data, plans, and carries the plan out. */
export interface ControlLoops {
  /** Ends with `abort`; rejects only for a fault that no loop could take. */
  run(abort: AbortSignal): Promise<void>;
}

export function createControlLoops(surroundings: Surroundings, planner: Planner): ControlLoops {
  const { caches, metrics } = surroundings;
  metrics.jobs.observe(() => jobsByPhase(caches.jobs.store.list()));
  observeDeadlines(surroundings);
  const knowledge = createKnowledge(surroundings, {
    regionChanged: (region) => {
      sites.regionChanged(region);
      cycle.request();
    },
    zoneChanged: (zone) => {
      sites.zoneChanged(zone);
      cycle.request();
    },
    nodePricesChanged: () => {
      cycle.request();
    },
  });
  observeSlowdowns(surroundings, knowledge);
  const cycle = createPlanningCycle(surroundings, knowledge, {
    planner,
    publish: (jobs) => {
      for (const job of jobs) controllers.jobs.enqueue(job);
    },
  });
  const events = createEventRecorder(surroundings);
  const usage = createUsageCycle(surroundings, knowledge, {
    events,
    onAssessed: (assessed) => {
      for (const site of assessed.sites) controllers.sites.enqueue(site);
      for (const job of assessed.jobs) controllers.jobs.enqueue(job);
    },
  });
  const controllers = createControllers(surroundings, knowledge, { decisions: cycle, events, usage });
  const sites = siteTriggers(caches.sites.store, (name) => {
    controllers.sites.enqueue(name);
  });
  listenToJobs(caches, cycle, controllers);
  listenToSettings(caches, { cycle, controllers, knowledge, sites });

  return {
    async run(abort) {
      await whenSynced(caches, abort);
      await knowledge.gather(abort);
      const loops = [
        ...knowledge.loops,
        cycle,
        usage,
        events,
        ...Object.values<{ run: typeof events.run }>({ ...controllers }),
      ];
      // None goes on when another has failed: the lease is given back as soon as this returns.
      await together(
        loops.map((loop) => (ends) => loop.run(ends)),
        abort,
      );
    },
  };
}

function observeDeadlines({ caches, config, metrics }: Surroundings): void {
  const owners = { namespaces: caches.namespaces.store, ownerLabels: config.usage.ownerLabels };
  metrics.deadlines.observe(() => deadlinesAtRisk(caches.jobs.store.list(), owners));
}

function observeSlowdowns({ metrics }: Surroundings, { governance, slowdowns }: Knowledge): void {
  metrics.slowdowns.observe(() => {
    const policies = governance();
    const { counted, history } = slowdowns.lately();
    return workloadSlowdowns(counted, history, (record) =>
      homeOf(record, policies.policyOf(record.metadata.namespace ?? '')),
    );
  });
}

/** What changes of a job, its Job and its pods is looked at again, and planned anew where a plan depends on it. */
function listenToJobs(caches: Caches, cycle: PlanningCycle, { jobs }: Controllers): void {
  caches.jobs.listen((change) => {
    jobs.enqueue(change.key);
    if (jobChangesPlan(change)) cycle.request();
  });
  caches.workloads.listen((change) => {
    jobs.enqueue(change.key);
    if (workloadChangesPlan(change)) cycle.request();
  });
  caches.pods.listen((change) => {
    const job = change.type === 'deleted' ? change.previous.job : change.current.job;
    if (job !== undefined) jobs.enqueue(job);
  });
}

/** Sites, policies and namespaces: what holds for all jobs. */
function listenToSettings(
  caches: Caches,
  {
    cycle,
    controllers,
    knowledge,
    sites,
  }: {
    cycle: PlanningCycle;
    controllers: Controllers;
    knowledge: Knowledge;
    sites: ReturnType<typeof siteTriggers>;
  },
): void {
  const policies = policyTriggers(caches.policies.store, (name) => {
    controllers.policies.enqueue(name);
  });
  const replan = (isNeeded: boolean): void => {
    if (!isNeeded) return;
    knowledge.request();
    cycle.request();
  };
  caches.sites.listen((change) => {
    replan(sites.siteChanged(change));
  });
  caches.policies.listen((change) => {
    replan(policies.policyChanged(change));
  });
  caches.namespaces.listen((change) => {
    replan(policies.namespaceChanged(change));
  });
}
