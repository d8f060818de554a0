import type { UsageAssessment } from '../../domain/usage/assessment.ts';

/** What is known of the use of accelerators at the moment of a scrape. */
export interface UsageState {
  readonly assessment: UsageAssessment;
  /** Of a site, by name; empty where the site is not known. */
  readonly currencyOf: (site: string) => string;
}

/** How many have series of their own, so that the number of series does not grow with the cluster. The others are summed up. */
export interface SeriesBounds {
  readonly workloads: number;
  readonly nodes: number;
}

/** Stands for all that have no series of their own; Kubernetes allows no such name. */
export const OTHERS = '(others)';
