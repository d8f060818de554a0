import type { PlannableJob } from '../../../../operator/domain/job.ts';
import type { IntensitySeries } from '../../../../operator/domain/intensity.ts';
import type { Site } from '../../../../operator/domain/site.ts';
import { gramsPerKilowattHour, watts, type EpochMs } from '../../../../operator/domain/units.ts';
import type { PlanningSnapshot } from '../../../../operator/planning/snapshot.ts';
import { replayTuning } from '../../../../operator/composition/planning.ts';
import { kilowattJob, siteIn } from '../setup.ts';
import { SLOT_MS, type Instance, type InstanceJob, type InstanceSite } from './instance.ts';

const NOW: EpochMs = Date.UTC(2026, 0, 1);
const RESOURCE = 'nvidia.com/gpu';

/** The same instance as the planner is told it. */
export function toSnapshot({ sites, jobs }: Instance): PlanningSnapshot {
  return {
    now: NOW,
    slot: SLOT_MS,
    sites: sites.map(toSite),
    sitesNotReady: [],
    jobs: jobs.map((job, k) => toJob(job, sites, NOW - jobs.length + k)),
    tuning: replayTuning(),
  };
}

/** In slots from the beginning. */
export function slotOf(instant: EpochMs): number {
  return (instant - NOW) / SLOT_MS;
}

function toSite({ name, devices, wattsPerDevice, gramsPerKilowattHour: figures }: InstanceSite): Site {
  const series: IntensitySeries<'Average'> = {
    zone: name,
    signal: 'Average',
    scope: 'Lifecycle',
    perspective: 'Forecast',
    synthetic: false,
    source: 'generated',
    issuedAt: NOW,
    samples: figures.map((figure, slot) => ({
      startsAt: NOW + slot * SLOT_MS,
      endsAt: NOW + (slot + 1) * SLOT_MS,
      gramsPerKilowattHour: gramsPerKilowattHour(figure),
      estimated: false,
    })),
  };
  const pool = {
    ...{ product: 'GPU', resource: RESOURCE, capacity: devices, maxCapacity: devices, heldByOthers: 0 },
    ...{ provisioning: 0, pricePerHour: 0 },
    power: { busy: watts(wattsPerDevice), idle: watts(0), basis: 'Assumed' as const },
  };
  return { ...siteIn(name), pools: [pool], outlooks: { Average: { series, rung: 'LiveForecast' } } };
}

function toJob(job: InstanceJob, sites: readonly InstanceSite[], createdAt: EpochMs): PlannableJob {
  const allowed = job.sites.flatMap((s) => sites[s]?.name ?? []);
  const asked = kilowattJob({
    ...{ key: `generated/${job.name}`, arrivesAt: createdAt, work: job.length * SLOT_MS },
    ...{ deadline: NOW + job.deadline * SLOT_MS, home: allowed[0] ?? '' },
  });
  return {
    ...asked,
    devices: job.devices,
    resource: RESOURCE,
    otherPower: watts(job.otherWatts),
    placementRules: { ...asked.placementRules, jobAllows: allowed },
  };
}
