import type { PriceSample } from '../../operator/domain/electricity-price.ts';
import type { Emissions, Footing, IntensityKind, IntensitySeries } from '../../operator/domain/intensity.ts';
import type { PlannableJob } from '../../operator/domain/job.ts';
import type { AcceleratorPool, Site } from '../../operator/domain/site.ts';
import {
  grams,
  gramsPerKilowattHour,
  HOUR_MS,
  kilowattHours,
  watts,
  type DurationMs,
  type EpochMs,
} from '../../operator/domain/units.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';

/** Midnight of a day in the tests' calendar. */
export const MIDNIGHT: EpochMs = Date.UTC(2026, 5, 1);

export function hours(n: number): DurationMs {
  return n * HOUR_MS;
}

export function atHour(n: number): EpochMs {
  return MIDNIGHT + hours(n);
}

/** Intensity from midnight on, one figure a slot; `undefined` leaves a gap. */
export function series(
  figures: readonly (number | undefined)[],
  overrides: Partial<IntensitySeries<'Average'>> & { slot?: DurationMs } = {},
): IntensitySeries<'Average'> {
  const { slot = HOUR_MS, ...labels } = overrides;
  return {
    zone: 'DE',
    signal: 'Average',
    scope: 'Lifecycle',
    perspective: 'Forecast',
    synthetic: false,
    source: 'file',
    issuedAt: MIDNIGHT,
    samples: figures.flatMap((figure, i) =>
      figure === undefined
        ? []
        : [
            {
              startsAt: MIDNIGHT + i * slot,
              endsAt: MIDNIGHT + (i + 1) * slot,
              gramsPerKilowattHour: gramsPerKilowattHour(figure),
              estimated: false,
            },
          ],
    ),
    ...labels,
  };
}

/** Prices of electricity from midnight on, one a slot; `undefined` leaves a gap. */
export function pricesPerSlot(figures: readonly (number | undefined)[], slot = HOUR_MS): readonly PriceSample[] {
  return figures.flatMap((perKilowattHour, i) =>
    perKilowattHour === undefined
      ? []
      : [{ startsAt: MIDNIGHT + i * slot, endsAt: MIDNIGHT + (i + 1) * slot, perKilowattHour, estimated: false }],
  );
}

/** Grams of the kind that {@link series} has and of a forecast, or of others. */
export function someCarbon(
  mass: number,
  { rung = 'LiveForecast', ...kind }: Partial<IntensityKind> & { readonly rung?: Footing } = {},
): Emissions {
  return { grams: grams(mass), kind: { signal: 'Average', scope: 'Lifecycle', ...kind }, rung };
}

export const H100 = 'NVIDIA-H100-80GB-HBM3';

export function aPool(overrides: Partial<AcceleratorPool> = {}): AcceleratorPool {
  const capacity = overrides.capacity ?? 8;
  return {
    product: H100,
    resource: 'nvidia.com/gpu',
    capacity,
    heldByOthers: 0,
    maxCapacity: capacity,
    provisioning: 0,
    power: { busy: watts(1_000), idle: watts(100), basis: 'Table' },
    pricePerHour: 0,
    ...overrides,
  };
}

export function aSite(
  name: string,
  figures: readonly (number | undefined)[] | undefined,
  overrides: Partial<Site> = {},
): Site {
  return {
    name,
    region: `region-${name}`,
    zone: 'DE',
    pue: 1,
    schedulable: true,
    idleNodesStayOn: false,
    currency: 'EUR',
    electricityPricePerKilowattHour: 0,
    electricityPrices: [],
    pools: [aPool()],
    storageBytesPerSecond: undefined,
    links: [],
    outlooks: figures === undefined ? {} : { Average: { series: series(figures), rung: 'LiveForecast' } },
    ...overrides,
  };
}

/** The same site with a forecast that is expected to be off by so much, as a share of what is usual. */
export function offBy(share: number, site: Site): Site {
  const { Average: average } = site.outlooks;
  if (average === undefined) return site;
  return {
    ...site,
    outlooks: { ...site.outlooks, Average: { ...average, expectedError: [{ lead: HOUR_MS, share }] } },
  };
}

const CARBON = { lexicographic: true, carbonPricePerTonne: 0, delayPricePerAcceleratorHour: 0 };

/** A two-hour job of one H100 that came at midnight and has a day. */
export function aPlannableJob(overrides: Partial<PlannableJob> = {}): PlannableJob {
  return {
    key: 'research/train',
    revision: 'one/1',
    createdAt: MIDNIGHT,
    phase: 'Waiting',
    home: undefined,
    remainingWork: hours(2),
    totalWork: hours(2),
    deadline: atHour(24),
    interruptible: undefined,
    pausesSoFar: 0,
    objective: CARBON,
    resource: 'nvidia.com/gpu',
    devices: 1,
    otherPower: watts(0),
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
    ...overrides,
  };
}

export function aSnapshot(overrides: Partial<PlanningSnapshot> = {}): PlanningSnapshot {
  return {
    now: MIDNIGHT,
    slot: HOUR_MS,
    sites: [],
    sitesNotReady: [],
    jobs: [],
    tuning: { hysteresisShare: 0.05, pauseGainShare: 0.02, indifferenceShare: 0.01, maxAlternatives: 3 },
    ...overrides,
  };
}
