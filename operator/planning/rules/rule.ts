import type { ExclusionReason } from '../../api/v1alpha1/reasons.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Site } from '../../domain/site.ts';

/** Why a site or an accelerator is out: a reason for machines and a sentence for people. */
export interface Refusal {
  readonly reason: ExclusionReason | 'DataMissing';
  readonly message: string;
}

/** A rule says no, or nothing. */
export type SiteRule = (job: PlannableJob, site: Site) => Refusal | undefined;
