import type { ComputeSite } from '../../api/v1alpha1/compute-site.generated.ts';
import { describeProblems } from '../../api/v1alpha1/parse/field-reader.ts';
import type { Config } from '../../config/config.ts';
import type { JobRecord } from '../../controllers/carbonawarejob/job-record.ts';
import { siteRecordOf, type SiteRecord } from '../../controllers/computesite/site-record.ts';
import { zonesOf } from '../../controllers/computesite/to-site.ts';
import type { OutlookReader } from '../../controllers/outlooks/outlooks.ts';
import type { Clock } from '../../ports/clock.ts';
import { expectations } from './expectations.ts';
import { isSilent, publishedKnowledge, type PublishedKnowledge } from './published.ts';

export interface WorldOptions {
  /** Of the operator, as far as it is known: slots, margins, resources of accelerators. */
  readonly config: Config;
  readonly clock: Clock;
  /** See `expectations`. */
  readonly intensityFile: string | undefined;
}

/** Sites with all that their status and the user's file tell of them. */
export interface SitesKnown {
  readonly records: readonly SiteRecord[];
  readonly published: PublishedKnowledge;
  readonly outlooks: OutlookReader;
  /** What could not be read, in sentences. */
  readonly unread: readonly string[];
  /** What was taken for what nobody has told, in sentences. */
  readonly assumed: readonly string[];
}

/**
 * Throws {@link UsageError} for a file that can't be used.
 * @param jobs those whose pods may be among what a site has allocated
 */
export async function sitesKnown(
  sites: readonly ComputeSite[],
  jobs: readonly JobRecord[],
  { config, clock, intensityFile }: WorldOptions,
  abort: AbortSignal,
): Promise<SitesKnown> {
  const records = sites.map(siteRecordOf);
  const published = publishedKnowledge(records, jobs);
  const options = { clock, horizon: config.carbon.horizon, intensityFile };
  const outlooks = await expectations([...zonesOf(records)], published.outlooks, options, abort);
  const unread = published.problems.map(({ site, problem }) => `site ${site}: ${describeProblems([problem])}`);
  return { records, published, outlooks, unread, assumed: notPublished(records) };
}

function notPublished(sites: readonly SiteRecord[]): readonly string[] {
  const silent = sites.filter((site) => site.spec.ok && site.spec.value.cluster === 'Local' && isSilent(site));
  if (silent.length === 0) return [];
  const names = silent.map(({ name }) => name).join(', ');
  return [`of ${names} no status says what is there: what spec.accelerators lists is taken to be there and free`];
}
