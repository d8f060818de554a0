import type { SiteUsage } from '../../domain/usage/assessment.ts';
import type { Statement } from '../computesite/carbon-now.ts';

/** What was last found of the devices of one site. */
export interface SiteUse {
  /** One for each product that its nodes show. */
  readonly products: readonly SiteUsage[];
  /** The condition `UsageKnown`: its message says what can't be known, and what to do about it. */
  readonly known: Statement;
}

/** What sites use their devices for, as it was last assessed. */
export interface UsageReader {
  /** Whether anybody is to measure what devices do: a source is configured, whether or not it answers. */
  readonly isMeasured: boolean;
  /** `undefined` where nothing has been assessed yet, or so long ago that it says nothing of now; also for an unknown site. */
  site(name: string): SiteUse | undefined;
}
