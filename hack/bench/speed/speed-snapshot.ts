import { replayTuning } from '../../../operator/composition/planning.ts';
import { seededRandom, type Random } from '../../../operator/domain/random.ts';
import type { IntensitySeries } from '../../../operator/domain/intensity.ts';
import type { PlannableJob } from '../../../operator/domain/job.ts';
import type { AcceleratorPool, ExpectedError, Site } from '../../../operator/domain/site.ts';
import { gramsPerKilowattHour, HOUR_MS, MINUTE_MS, watts } from '../../../operator/domain/units.ts';
import type { PlanningSnapshot } from '../../../operator/planning/snapshot.ts';
import { kilowattJob, siteIn } from '../quality/setup.ts';

export const SITES = 20;
/** Two days. */
export const SLOTS = 576;
const SLOT_MS = 5 * MINUTE_MS;

/** In the middle of a slot, as most plans are made. */
const NOW = Date.UTC(2026, 5, 1, 12, 1);
const FIRST_EDGE = Math.floor(NOW / SLOT_MS) * SLOT_MS;
const RESOURCE = 'nvidia.com/gpu';
const WIDTHS = [1, 2, 4, 8];
const NAMESPACES = 20;
/** What the sites have above what the jobs need by their deadlines. */
const SPARE = 0.3;
/** As the product tells it. */
const MOST_ALTERNATIVES = 3;

export interface SpeedSetup {
  readonly jobs: number;
  /** Share of the jobs that may pause. */
  readonly pausable?: number;
  /** Share of the jobs that may use the first site; all of them by default. */
  readonly onFirstSite?: number;
  /** How far off forecasts are expected to be; by default they are taken at their word. */
  readonly expectedError?: readonly ExpectedError[];
}

/**
 * Jobs of 1 to 6 hours on 1, 2, 4 or 8 devices with 2 to 42 hours of slack, all of them there at once, and sites whose grids
 * are clean at different hours of the day: with so few devices that not everybody can have those. The same for the same setup.
 */
export function speedSnapshot(setup: SpeedSetup): PlanningSnapshot {
  const random = seededRandom(5);
  const jobs = Array.from({ length: setup.jobs }, (_, k) => jobAt(k, random, setup));
  const capacity = Math.max(...WIDTHS, Math.ceil(((1 + SPARE) * devicesNeeded(jobs)) / SITES));
  return {
    now: NOW,
    slot: SLOT_MS,
    sites: Array.from({ length: SITES }, (_, k) => siteAt(k, random, { capacity, ...setup })),
    sitesNotReady: [],
    jobs,
    tuning: { ...replayTuning(), maxAlternatives: MOST_ALTERNATIVES },
  };
}

/** The same jobs whatever came before them: as those that arrive at a plan of others. */
export function jobsToCome(count: number, setup: SpeedSetup): readonly PlannableJob[] {
  const random = seededRandom(6);
  return Array.from({ length: count }, (_, k) => jobAt(setup.jobs + k, random, setup));
}

function jobAt(k: number, random: Random, { pausable = 0, onFirstSite = 1 }: SpeedSetup): PlannableJob {
  const work = Math.ceil((HOUR_MS * (1 + 5 * random())) / SLOT_MS) * SLOT_MS;
  const slack = HOUR_MS * (2 + 40 * random());
  const mayPause = random() < pausable;
  const anywhere = random() < onFirstSite;
  const job = kilowattJob({
    key: `team-${String(k % NAMESPACES)}/job-${String(k)}`,
    arrivesAt: NOW - k,
    work,
    deadline: Math.min(NOW + work + slack, FIRST_EDGE + SLOTS * SLOT_MS),
    home: siteName(k % SITES),
    ...(mayPause && { interruptible: { minimumRun: HOUR_MS / 2, restartOverhead: SLOT_MS, maxPauses: 4 } }),
  });
  return {
    ...job,
    home: undefined,
    devices: WIDTHS[Math.floor(random() * WIDTHS.length)] ?? 1,
    resource: RESOURCE,
    otherPower: watts(0),
    placementRules: { ...job.placementRules, jobDenies: anywhere ? [] : [siteName(0)] },
  };
}

/** The most device hours an hour that are due by any time: with fewer devices somebody would be late. */
function devicesNeeded(jobs: readonly PlannableJob[]): number {
  let due = 0;
  let most = 0;
  for (const { deadline, devices, remainingWork } of jobs.toSorted((a, b) => a.deadline - b.deadline)) {
    due += devices * remainingWork;
    most = Math.max(most, due / (deadline - NOW));
  }
  return most;
}

function siteAt(
  k: number,
  random: Random,
  { capacity, expectedError }: Pick<SpeedSetup, 'expectedError'> & { readonly capacity: number },
): Site {
  const pool: AcceleratorPool = {
    product: 'GPU',
    resource: RESOURCE,
    capacity,
    heldByOthers: 0,
    maxCapacity: capacity,
    provisioning: 0,
    power: { busy: watts(1_000), idle: watts(100), basis: 'Table' },
    pricePerHour: 2,
  };
  const series = forecastOf(siteName(k), random);
  return {
    ...siteIn(siteName(k)),
    pue: 1 + 0.05 * (k % 6),
    electricityPricePerKilowattHour: 0.1,
    pools: [pool],
    outlooks: { Average: { series, rung: 'LiveForecast', ...(expectedError && { expectedError }) } },
  };
}

function siteName(k: number): string {
  return `site-${String(k)}`;
}

/** A daily wave about the level of its grid. */
function forecastOf(zone: string, random: Random): IntensitySeries<'Average'> {
  const level = 100 + 400 * random();
  const cleanest = 24 * random();
  const samples = Array.from({ length: SLOTS + 2 }, (_, k) => {
    const hour = (k * SLOT_MS) / HOUR_MS;
    const figure = level * (1 - 0.4 * Math.cos(((hour - cleanest) * Math.PI) / 12)) + 20 * random();
    return {
      startsAt: FIRST_EDGE + k * SLOT_MS,
      endsAt: FIRST_EDGE + (k + 1) * SLOT_MS,
      gramsPerKilowattHour: gramsPerKilowattHour(figure),
      estimated: true,
    };
  });
  const labels = { signal: 'Average', scope: 'Lifecycle', perspective: 'Forecast' } as const;
  return { zone, ...labels, synthetic: false, source: 'made up', issuedAt: NOW, samples };
}

/** Another forecast for the first site's zone: what was to come comes three hours later. */
export function withNewForecast(snapshot: PlanningSnapshot): PlanningSnapshot {
  const later = (3 * HOUR_MS) / SLOT_MS;
  const sites = snapshot.sites.map((site, k): Site => {
    const { Average: average } = site.outlooks;
    if (k > 0 || average === undefined) return site;
    const { samples } = average.series;
    const moved = samples.map((sample, at) => ({
      ...sample,
      gramsPerKilowattHour:
        samples[(at + samples.length - later) % samples.length]?.gramsPerKilowattHour ?? sample.gramsPerKilowattHour,
    }));
    return { ...site, outlooks: { Average: { ...average, series: { ...average.series, samples: moved } } } };
  });
  return { ...snapshot, sites };
}
