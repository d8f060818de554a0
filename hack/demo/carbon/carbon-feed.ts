import type { IntensityRow } from '../day/intensity-rows.ts';

/** What the operator can have its figures from, as `--carbon` says it and as sites name it in their status. */
export const CARBON_SOURCES = ['file', 'electricity-maps', 'uk-carbon-intensity'] as const;
export type CarbonSourceName = (typeof CARBON_SOURCES)[number];

/** What tells the operator the intensity of the day. */
export interface CarbonFeed {
  readonly source: CarbonSourceName;
  /** What the operator's configuration says of it. */
  readonly settings: FeedSettings;
  /** From now on it tells these, and no others. */
  publish(rows: readonly IntensityRow[]): Promise<void>;
  close(): Promise<void>;
}

/** Sections of the operator's configuration. */
export interface FeedSettings {
  readonly carbon: { readonly sources: readonly object[]; readonly cachedFor?: string };
  readonly providers?: object;
}
