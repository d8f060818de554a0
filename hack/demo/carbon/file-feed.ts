import { join } from 'node:path';
import { csvOf, type IntensityRow } from '../day/intensity-rows.ts';
import { writeWhole } from '../processes/workshop.ts';
import type { CarbonFeed, FeedSettings } from './carbon-feed.ts';

/** A file that the operator reads again when it changes. */
export class FileFeed implements CarbonFeed {
  readonly source = 'file';
  readonly #path: string;

  constructor(directory: string) {
    this.#path = join(directory, 'intensity.csv');
  }

  get settings(): FeedSettings {
    // The file is what comes, so it is as good as a live forecast; it is made up all the same.
    return { carbon: { sources: [{ file: { path: this.#path, rung: 'LiveForecast', synthetic: true } }] } };
  }

  publish(rows: readonly IntensityRow[]): Promise<void> {
    return writeWhole(this.#path, csvOf(rows));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
