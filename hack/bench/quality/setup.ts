import { PRESETS } from '../../../operator/api/v1alpha1/objectives.ts';
import { replayTuning } from '../../../operator/composition/planning.ts';
import type { IntensitySeries } from '../../../operator/domain/intensity.ts';
import type { Interruptible, PlannableJob } from '../../../operator/domain/job.ts';
import { kilowattHours, watts, type DurationMs, type EpochMs } from '../../../operator/domain/units.ts';
import { foreseen } from '../../../operator/simulation/foresight.ts';
import type { Foresight, SimulatedSite } from '../../../operator/simulation/scenario.ts';
import { worldOf, type World } from '../../../operator/simulation/world.ts';

/** A place of a zone's name with room for everybody: what its jobs draw is all that counts. */
export function siteIn(zone: string): SimulatedSite {
  return {
    name: zone,
    region: zone,
    zone,
    pue: 1,
    schedulable: true,
    idleNodesStayOn: false,
    currency: 'EUR',
    electricityPricePerKilowattHour: 0,
    electricityPrices: [],
    pools: [],
    links: [],
    storageBytesPerSecond: undefined,
  };
}

/** A site in each zone; what comes is known in advance, or what `foresight` says. */
export function worldIn(
  came: ReadonlyMap<string, IntensitySeries>,
  { slot, foresight = foreseen(came) }: { readonly slot: DurationMs; readonly foresight?: Foresight },
): World {
  return worldOf({ slot, sites: [...came.keys()].map(siteIn), came, foresight, tuning: replayTuning() });
}

export interface JobSetup {
  readonly key: string;
  readonly arrivesAt: EpochMs;
  readonly work: DurationMs;
  readonly deadline: EpochMs;
  readonly home: string;
  readonly interruptible?: Interruptible;
}

/** A kilowatt for as long as it runs, so that grams are those of the intensity; objective `Carbon`. */
export function kilowattJob({ key, arrivesAt, work, deadline, home, interruptible }: JobSetup): PlannableJob {
  return {
    key,
    revision: '1',
    createdAt: arrivesAt,
    phase: 'Waiting',
    home,
    remainingWork: work,
    totalWork: work,
    deadline,
    interruptible,
    pausesSoFar: 0,
    objective: PRESETS.Carbon,
    resource: '',
    devices: 0,
    otherPower: watts(1_000),
    accelerators: [],
    placementRules: {
      jobAllows: undefined,
      jobDenies: [],
      policyAllows: undefined,
      templateRegions: undefined,
      templateProducts: undefined,
    },
    data: [],
    maxSlowdownShare: undefined,
    weight: 1,
    spent: { energy: kilowattHours(0), carbon: 0, money: 0 },
    baseline: undefined,
    current: undefined,
    avoid: [],
    signal: 'Average',
    withoutData: 'Run',
  };
}

/** Pauses at will and for nothing, as often as there are slots. */
export function freelyPausable(work: DurationMs, slot: DurationMs): Interruptible {
  return { minimumRun: 0, restartOverhead: 0, maxPauses: Math.ceil(work / slot) };
}
