import type { JobData } from '../../domain/job.ts';
import type { Link, Site } from '../../domain/site.ts';

/** How a data set comes to a job: from the site that holds a copy, over a link. */
export interface Route {
  readonly set: JobData;
  readonly from: string;
  /** Absent for a copy at the job's own site. */
  readonly link: Link | undefined;
  /** What the storage that holds the copy gives to the job; `Infinity` where it sets no limit. */
  readonly storageBytesPerSecond: number;
}

/** Every way from a copy to the site; the site's own copy is the only one where there is one. Empty: out of reach. */
export function routesTo(site: Site, set: JobData): readonly Route[] {
  if (liesAt(site, set)) {
    return [{ set, from: site.name, link: undefined, storageBytesPerSecond: site.storageBytesPerSecond ?? Infinity }];
  }
  return site.links
    .filter(({ to }) => set.sites.includes(to))
    .map((link) => ({ set, from: link.to, link, storageBytesPerSecond: link.storageBytesPerSecond ?? Infinity }));
}

export function liesAt({ name }: Site, { access, sites, stagedAt }: JobData): boolean {
  return sites.includes(name) || (access === 'Stage' && stagedAt.includes(name));
}
