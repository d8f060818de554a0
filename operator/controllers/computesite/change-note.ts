import type { ComputeSiteStatus } from '../../api/v1alpha1/compute-site.generated.ts';
import { findCondition } from '../../api/v1alpha1/conditions.ts';
import { API_VERSION, COMPUTE_SITES } from '../../api/v1alpha1/kinds.ts';
import type { EventNote, Regarding } from '../../ports/events.ts';
import type { SiteRecord } from './site-record.ts';

/**
 * The event for a site whose carbon data come from another rung of the ladder than before, or fail for another reason:
 * down is a warning, up is not. `undefined` where the rung is the same, for the first one, and where it was not looked at.
 */
export function changeNote(before: ComputeSiteStatus, after: ComputeSiteStatus): EventNote | undefined {
  const [was, is] = [before, after].map(({ conditions }) => findCondition(conditions ?? [], 'CarbonDataFresh'));
  if (was === undefined || is === undefined) return undefined;
  if (was.status === 'Unknown' || is.status === 'Unknown') return undefined;
  if (was.reason === is.reason && was.status === is.status) return undefined;
  const type = is.status === 'True' ? 'Normal' : 'Warning';
  return { type, reason: is.reason, action: 'ReadCarbonData', message: is.message };
}

export function regardingOf({ name, uid }: SiteRecord): Regarding {
  return { apiVersion: API_VERSION, kind: COMPUTE_SITES.kind, metadata: { name, ...(uid !== undefined && { uid }) } };
}
