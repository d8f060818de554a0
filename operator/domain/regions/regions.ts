import { REGIONS } from './regions-data.ts';

export type CloudProvider = 'AWS' | 'GCP' | 'Azure';

/** The grid zone that a cloud region draws its power from. */
export interface RegionZone {
  readonly region: string;
  readonly provider: CloudProvider;
  /** Key of the zone as Electricity Maps writes it, e.g. `SE-SE3`. */
  readonly zone: string;
  /** Where the mapping is from: the published table and its year, or the place of the data centres. */
  readonly source: string;
}

const BY_REGION = new Map(
  REGIONS.map(([region, provider, zone, source]): [string, RegionZone] => [region, { region, provider, zone, source }]),
);

/**
 * Grid zone of a region, by the value of `topology.kubernetes.io/region` on its nodes, e.g. `eu-north-1`.
 * `undefined` for a region that is not in the table: the caller says so, and never guesses.
 */
export function zoneOfRegion(region: string): RegionZone | undefined {
  return BY_REGION.get(region);
}
