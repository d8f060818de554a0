import { NOTHING, sumOfUsage, type Usage } from '../../../simulation/outcome.ts';
import type { SimulatedJob } from '../../../simulation/scenario.ts';
import { canBeCompared, type JudgedJob } from '../../../simulation/score.ts';
import { usageOf, type World } from '../../../simulation/world.ts';

/** What the jobs that can be compared use at one site. */
export interface SiteUse {
  readonly site: string;
  readonly zone: string;
  readonly ours: Usage;
  readonly onArrival: Usage;
}

/** In the order of the sites; those where nothing runs are left out. */
export function useBySite(
  world: World,
  jobs: readonly SimulatedJob[],
  judged: readonly JudgedJob[],
): readonly SiteUse[] {
  const pairs = judged.flatMap((outcome, k) => {
    const job = jobs[k];
    return job !== undefined && canBeCompared(outcome) ? [{ asked: job.asked, outcome }] : [];
  });
  return world.scenario.sites
    .map(({ name, zone }): SiteUse => ({
      ...{ site: name, zone },
      ours: pairs
        .map(({ asked, outcome }) =>
          usageOf(
            world,
            asked,
            outcome.runs.filter(({ site }) => site === name),
          ),
        )
        .reduce(sumOfUsage, NOTHING),
      onArrival: pairs
        .flatMap(({ outcome: { baseline } }) => (baseline.site === name ? [baseline] : []))
        .reduce(sumOfUsage, NOTHING),
    }))
    .filter(({ ours, onArrival }) => ours.energy > 0 || onArrival.energy > 0);
}

/** The one that all sites count in; `undefined` where they don't, or where nothing costs anything. */
export function currencyOf({ scenario }: World, { money }: Usage, onArrival: Usage): string | undefined {
  const [currency, ...others] = new Set(scenario.sites.map((site) => site.currency));
  return others.length === 0 && (money !== 0 || onArrival.money !== 0) ? currency : undefined;
}
