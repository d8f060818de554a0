import type { JobData } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';
import { SECOND_MS, type DurationMs, type Watts } from '../../domain/units.ts';
import { powerOfTransfer } from './network-energy.ts';
import { liesAt, routesTo, type Route } from './routes.ts';
import { bestRoutes, narrowest, secondsThrough, type Bottleneck } from './sharing.ts';

const BYTES_PER_GIBIBYTE = 2 ** 30;

/** What it takes a job to get at its data from one site, on one accelerator. */
export interface DataAccess {
  /** How much longer the work takes, as a share of its length, for what can't be carried. */
  readonly slowdown: number;
  /** What slows the work down; `undefined` where nothing does. */
  readonly bottleneck: Bottleneck | undefined;
  /** Before the work begins. */
  readonly staging: DurationMs;
  /** What staging brings over links, and what that costs in the currency of the site. */
  readonly staged: Transfer;
  /** The same of what each second of work brings, as time on an accelerator of speed 1. */
  readonly streamedPerSecond: Transfer;
}

export interface Transfer {
  readonly bytes: number;
  readonly money: number;
}

const NO_TRANSFER: Transfer = { bytes: 0, money: 0 };

/** Everything lies where the job runs. */
export const ALL_AT_HAND: DataAccess = {
  slowdown: 0,
  bottleneck: undefined,
  staging: 0,
  staged: NO_TRANSFER,
  streamedPerSecond: NO_TRANSFER,
};

/**
 * Reading overlaps with computing, so a job that wants r bytes a second and gets c takes r / c times as long where r > c, and
 * is not slowed at all where r <= c. It wants more on a faster accelerator. All streams of a job wait for the slowest one,
 * and share links and storage in proportion to what they want.
 *
 * Staged sets come before the work begins, at what links and storage carry: copying keeps enough reads under way. A data set
 * that is out of reach counts nothing here; {@link outOfReach} tells.
 * @param speed of the accelerator, relative to the one that the job's duration speaks of
 */
export function dataAccess(data: readonly JobData[], site: Site, speed: number): DataAccess {
  if (data.length === 0) return ALL_AT_HAND;
  const streams = bestRoutes(waysOf('Stream', data, site), (route) => readBy(route) * speed, 1);
  const bottleneck = narrowest(streams, (route) => readBy(route) * speed);
  const slowdown = Math.max(1, secondsThrough(bottleneck)) - 1;
  const copies = bestRoutes(waysOf('Stage', data, site), sizeOf, 0);
  return {
    slowdown,
    bottleneck: slowdown > 0 ? bottleneck : undefined,
    staging: secondsThrough(narrowest(copies, sizeOf)) * SECOND_MS,
    staged: transferOf(copies, sizeOf),
    streamedPerSecond: transferOf(streams, readBy),
  };
}

/** Power of the network while data are staged, before PUE. */
export function powerOfStaging({ staged, staging }: DataAccess): Watts {
  return powerOfTransfer(staging > 0 ? staged.bytes / (staging / SECOND_MS) : 0);
}

/** Data sets that no link brings to the site. */
export function outOfReach(data: readonly JobData[], site: Site): readonly JobData[] {
  return data.length === 0 ? data : data.filter((set) => routesTo(site, set).length === 0);
}

/** How many data sets have no copy at the site. */
export function setsAway(data: readonly JobData[], site: Site): number {
  let away = 0;
  for (const set of data) if (!liesAt(site, set)) away += 1;
  return away;
}

/** Of every set that is in reach and has to come: what lies at the site already is not copied, but read like the others. */
function waysOf(access: JobData['access'], data: readonly JobData[], site: Site): readonly (readonly Route[])[] {
  return data
    .filter((set) => set.access === access)
    .map((set) => routesTo(site, set).filter(({ link }) => access === 'Stream' || link !== undefined))
    .filter((routes) => routes.length > 0);
}

function readBy({ set }: Route): number {
  return set.stream?.bytesPerSecond ?? 0;
}

function sizeOf({ set }: Route): number {
  return set.bytes;
}

function transferOf(routes: readonly Route[], bytesOf: (route: Route) => number): Transfer {
  let bytes = 0;
  let money = 0;
  for (const route of routes) {
    if (route.link === undefined) continue;
    bytes += bytesOf(route);
    money += (bytesOf(route) / BYTES_PER_GIBIBYTE) * route.link.pricePerGibibyte;
  }
  return { bytes, money };
}
