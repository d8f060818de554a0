import { rememberedLengths } from '../controllers/carbonawarejob/plannable/finished-jobs.ts';
import { gatherSnapshot, type PlanningSettings } from '../controllers/planning-cycle/gather.ts';
import type { Planner } from '../controllers/planning-cycle/planner.ts';
import { PlanningCycle } from '../controllers/planning-cycle/planning-cycle.ts';
import type { Config } from '../config/config.ts';
import { parseConfig } from '../config/parse-config.ts';
import type { PlannerTuning } from '../planning/snapshot.ts';
import type { Knowledge } from './knowledge.ts';
import type { Surroundings } from './surroundings.ts';

/** Alternatives that the status of a job has room for. */
const MAX_ALTERNATIVES = 3;
/** A place that keeps failing a job is avoided for at most so many times the first time. */
const LONGEST_AVOIDANCE = 8;

export function createPlanningCycle(
  { caches, clock, config, logger, metrics }: Surroundings,
  { governance, inventory, nodePrices, outlooks, prices, slowdowns }: Knowledge,
  { planner, publish }: { planner: Planner; publish: (jobs: readonly string[]) => void },
): PlanningCycle {
  const settings = planningSettings(config);
  const sources = {
    jobs: caches.jobs.store,
    workloads: caches.workloads.store,
    sites: caches.sites.store,
    inventory,
    outlooks,
    prices,
    nodePrices,
    governance,
    slowdowns: () => slowdowns.now().history,
    lengths: rememberedLengths(),
  };
  return new PlanningCycle({
    clock,
    logger,
    metrics: metrics.planning,
    planner,
    publish,
    gather: () => gatherSnapshot(sources, settings, clock.now()),
    settleMs: config.planning.settle,
    intervalMs: config.planning.interval,
  });
}

/** How plans are made where nobody has configured anything. */
export function usualPlanning(): PlanningSettings {
  return planningSettings(parseConfig('', 'the built-in configuration'));
}

/** The same for replays, in which nobody reads alternatives. */
export function replayTuning(): PlannerTuning {
  return { ...usualPlanning().tuning, maxAlternatives: 0 };
}

/** How plans are made, by the configuration. */
export function planningSettings({ accelerators, jobs, planning }: Config): PlanningSettings {
  return {
    slot: planning.slot,
    tuning: {
      hysteresisShare: planning.hysteresisShare,
      pauseGainShare: planning.pauseGainShare,
      indifferenceShare: planning.indifferenceShare,
      maxAlternatives: MAX_ALTERNATIVES,
    },
    resources: accelerators,
    avoidanceBackoff: { base: jobs.avoidFor, longest: LONGEST_AVOIDANCE * jobs.avoidFor },
  };
}
