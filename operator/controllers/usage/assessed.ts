import type { UsageAssessment } from '../../domain/usage/assessment.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { UsageGap } from '../../ports/metrics-source.ts';

/** What the last turn of the usage cycle has found. */
export interface Assessed {
  readonly assessment: UsageAssessment;
  /** Figures that the source has no answer for; `undefined` where there is no source. */
  readonly gaps: readonly UsageGap[] | undefined;
  /** What is held since later is not measured yet, and that is no fault. */
  readonly settledBefore: EpochMs;
  /** Of a site, by name; empty where the site is not known. */
  readonly currencyOf: (site: string) => string;
}
