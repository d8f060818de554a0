import type { IntensitySeries } from '../../operator/domain/intensity.ts';
import type { PlannableJob } from '../../operator/domain/job.ts';
import { watts } from '../../operator/domain/units.ts';
import { foreseen } from '../../operator/simulation/foresight.ts';
import type { Scenario, SimulatedSite } from '../../operator/simulation/scenario.ts';
import { aPlannableJob, aSite, aSnapshot, series } from './planning.ts';

/** A place without accelerators worth the name, in the zone of the same name. */
export function aSimulatedSite(name: string, overrides: Partial<SimulatedSite> = {}): SimulatedSite {
  const { outlooks: _, ...site } = aSite(name, undefined, { zone: name, pools: [], ...overrides });
  return site;
}

/** What comes in each zone from midnight on, an hour each, at a site of the same name; all of it is foreseen, and plans are exact. */
export function aScenario(
  figures: Readonly<Record<string, readonly (number | undefined)[]>>,
  overrides: Partial<Scenario> = {},
): Scenario {
  const came = new Map<string, IntensitySeries>(
    Object.entries(figures).map(([zone, hourly]) => [zone, series(hourly, { zone })]),
  );
  const exact = { hysteresisShare: 0, pauseGainShare: 0, indifferenceShare: 0 };
  const { slot, tuning } = aSnapshot();
  return {
    slot,
    sites: [...came.keys()].map((zone) => aSimulatedSite(zone)),
    came,
    foresight: foreseen(came),
    tuning: { ...tuning, ...exact },
    ...overrides,
  };
}

/** Two hours of work at a kilowatt, without accelerators: its grams are those of its hours. */
export function aKilowattJob(overrides: Partial<PlannableJob> = {}): PlannableJob {
  return aPlannableJob({ devices: 0, otherPower: watts(1_000), ...overrides });
}
