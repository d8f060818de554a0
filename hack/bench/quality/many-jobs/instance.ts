import { HOUR_MS } from '../../../../operator/domain/units.ts';

/** Length of a slot. */
export const SLOT_MS = HOUR_MS;

/**
 * Many jobs, few devices, reduced to what the optimum depends on: whole slots, a pool a site, jobs in one piece. All of them
 * are there when it begins.
 */
export interface Instance {
  /** Every deadline lies within these. */
  readonly slots: number;
  readonly sites: readonly InstanceSite[];
  /** In the order in which they came. */
  readonly jobs: readonly InstanceJob[];
}

export interface InstanceSite {
  readonly name: string;
  readonly devices: number;
  /** Of one busy device. */
  readonly wattsPerDevice: number;
  /** Some slots more than the deadlines need, for whoever is late. */
  readonly gramsPerKilowattHour: readonly number[];
}

export interface InstanceJob {
  readonly name: string;
  readonly devices: number;
  /** Slots that it takes, anywhere. */
  readonly length: number;
  /** The first slot in which it may not run any more. */
  readonly deadline: number;
  /** Beside its devices. */
  readonly otherWatts: number;
  /** Positions of the sites where it may run; the first is its home. */
  readonly sites: readonly number[];
}

/** Where and when a job runs. */
export interface Assignment {
  readonly site: number;
  readonly start: number;
}

/** Of a run in one piece; NaN where it reaches beyond what is known of the site. */
export function gramsOf({ devices, length, otherWatts }: InstanceJob, site: InstanceSite, start: number): number {
  const kilowatts = (devices * site.wattsPerDevice + otherWatts) / 1_000;
  let perKilowatt = 0;
  for (let slot = start; slot < start + length; slot++) perKilowatt += site.gramsPerKilowattHour[slot] ?? NaN;
  return kilowatts * perKilowatt * (SLOT_MS / HOUR_MS);
}

/** Device slots that the jobs need, as a share of all that there are. */
export function loadOf({ slots, sites, jobs }: Instance): number {
  const room = slots * sites.reduce((sum, { devices }) => sum + devices, 0);
  return jobs.reduce((sum, { devices, length }) => sum + devices * length, 0) / room;
}
