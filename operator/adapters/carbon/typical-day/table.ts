import typicalDays from './typical-days.json' with { type: 'json' };

/** The data file beside this one. Its `zones` stay under the Open Database License: see LICENSE.md. */
export interface TypicalDayTable {
  readonly about: string;
  readonly licence: string;
  readonly attribution: string;
  /** The calendar year that the figures average. */
  readonly year: number;
  readonly signal: string;
  readonly scope: string;
  readonly unit: string;
  readonly layout: string;
  /** Of `zones`, as compact JSON: a figure changed by hand shows. */
  readonly zonesSha256: string;
  /** Grid zone to encoded profile. */
  readonly zones: Readonly<Record<string, string>>;
}

export const TYPICAL_DAYS: TypicalDayTable = typicalDays;
