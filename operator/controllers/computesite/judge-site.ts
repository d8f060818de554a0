import type { ComputeSiteSpecParsed } from '../../api/v1alpha1/parse/compute-site.ts';
import { describeProblems } from '../../api/v1alpha1/parse/field-reader.ts';
import type { Reason } from '../../api/v1alpha1/reasons.ts';
import { zoneOfRegion } from '../../domain/regions/regions.ts';
import type { SiteInventory } from '../inventory/site-inventory.ts';
import { claimedRegion, type SiteRecord } from './site-record.ts';

/** Where a site stands. */
export interface SiteStanding {
  readonly record: SiteRecord;
  readonly spec: ComputeSiteSpecParsed;
  readonly zone: string;
}

/** Why nothing can be planned at a site. */
export interface SiteRefusal {
  readonly reason: Reason;
  readonly message: string;
  /** The grid zone, where it is known all the same. */
  readonly zone?: string;
}

export type SiteJudgement =
  { readonly ok: true; readonly standing: SiteStanding } | { readonly ok: false; readonly refusal: SiteRefusal };

/** Judges a site by its spec and by the other sites; what its nodes show is another matter, see {@link lacksCapacity}. */
export function judgeSite(record: SiteRecord, sites: readonly SiteRecord[]): SiteJudgement {
  if (!record.spec.ok) {
    return { ok: false, refusal: { reason: 'InvalidSpec', message: describeProblems(record.spec.problems) } };
  }
  const spec = record.spec.value;
  const zone = zoneOf(spec);
  if (zone === undefined) return { ok: false, refusal: zoneUnknown(spec) };
  const holder = holderOf(record, sites);
  if (holder === undefined) return { ok: true, standing: { record, spec, zone } };
  return { ok: false, refusal: { ...regionTaken(spec, holder), zone } };
}

/** The zone that the spec names, else that of the region; never a guess. */
export function zoneOf({ zone, region }: ComputeSiteSpecParsed): string | undefined {
  return zone ?? zoneOfRegion(region)?.zone;
}

/** The site was found in order, and there is nothing in it to run on, nor will there be. */
export function lacksCapacity({ spec }: SiteStanding, inventory: SiteInventory): SiteRefusal | undefined {
  if (spec.cluster !== 'Local' || inventory.nodes > 0) return undefined;
  if (inventory.pools.some(({ maxCapacity }) => maxCapacity > 0)) return undefined;
  const remedy = 'or write into spec.accelerators what can be provisioned';
  const message =
    inventory.allNodes === 0
      ? `no node has the label topology.kubernetes.io/region=${spec.region}: label the nodes, correct spec.region, ${remedy}`
      : `none of the ${String(inventory.allNodes)} nodes of region ${spec.region} accepts work: uncordon them, see why they are not Ready, ${remedy}`;
  return { reason: 'NoNodes', message };
}

/**
 * The site that keeps the region which this one claims; `undefined` where it is this one, or it claims none. The older one of two
 * sites keeps it, of two of the same age the first by name.
 */
export function holderOf(record: SiteRecord, sites: readonly SiteRecord[]): SiteRecord | undefined {
  const region = claimedRegion(record);
  if (region === undefined) return undefined;
  return sites
    .filter((other) => other.name !== record.name && claimedRegion(other) === region && isBefore(other, record))
    .reduce<SiteRecord | undefined>((a, b) => (a !== undefined && isBefore(a, b) ? a : b), undefined);
}

function isBefore(a: SiteRecord, b: SiteRecord): boolean {
  return a.createdAt === b.createdAt ? a.name < b.name : a.createdAt < b.createdAt;
}

function zoneUnknown({ region }: ComputeSiteSpecParsed): SiteRefusal {
  const message = `the grid zone of region "${region}" is not known: set spec.zone, e.g. SE-SE3 or DE`;
  return { reason: 'ZoneUnknown', message };
}

function regionTaken({ region }: ComputeSiteSpecParsed, holder: SiteRecord): SiteRefusal {
  const message = `region ${region} belongs to the older ComputeSite ${holder.name}: delete one of the two, or correct spec.region`;
  return { reason: 'RegionTaken', message };
}
