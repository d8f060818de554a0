import type { ComputeSite, ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import { parseComputeSite, type ComputeSiteSpecParsed } from '../../api/v1alpha1/parse/compute-site.ts';
import type { Reading } from '../../api/v1alpha1/parse/field-reader.ts';
import { parseTime } from '../../api/v1alpha1/timestamps.ts';
import type { EpochMs } from '../../domain/units.ts';

/** A ComputeSite as the cache holds it: read once when it comes, not at every look. */
export interface SiteRecord {
  readonly name: string;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly generation: number;
  readonly createdAt: EpochMs;
  readonly spec: Reading<ComputeSiteSpecParsed>;
  readonly status: ComputeSiteStatus;
}

/** The projection of the cache of ComputeSites. */
export function siteRecordOf(site: ComputeSite): SiteRecord {
  const { name, uid, resourceVersion, generation = 0, creationTimestamp } = site.metadata;
  return {
    name,
    uid,
    resourceVersion,
    generation,
    createdAt: creationTimestamp === undefined ? 0 : (parseTime(creationTimestamp) ?? 0),
    spec: parseComputeSite(site),
    status: site.status ?? {},
  };
}

/** The region whose nodes a site claims; none where it is on paper, or can't be read. */
export function claimedRegion({ spec }: SiteRecord): string | undefined {
  return spec.ok && spec.value.cluster === 'Local' ? spec.value.region : undefined;
}
