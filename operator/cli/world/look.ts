import type { CarbonAwareJob } from '../../api/v1alpha1/carbon-aware-job.generated.ts';
import { parseTime } from '../../api/v1alpha1/timestamps.ts';
import { parseConfig } from '../../config/parse-config.ts';
import type { Config } from '../../config/config.ts';
import { objectKey } from '../../runtime/cache/object-key.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { Clock } from '../../ports/clock.ts';
import { UsageError } from '../answer.ts';
import { readNamed, type Terminal } from '../terminal.ts';
import { withCluster, type ClusterFlags } from './cluster-access.ts';
import { resourcesOf, sitesOf } from './cluster.ts';
import { readManifests, resourcesFrom } from './manifests.ts';
import { sitesKnown, type SitesKnown } from './sites-known.ts';
import { withApplied, worldOf, type World } from './world.ts';

/** Where to look, as the command line says it. */
export interface LookFlags extends ClusterFlags {
  /** Manifests to look at instead of a cluster. */
  readonly sites?: string;
  readonly intensity?: string;
  readonly config?: string;
  readonly at?: string;
}

/** What was found, and the keys of the jobs that were to be applied to it. */
export interface Sight {
  readonly world: World;
  readonly applied: readonly string[];
  readonly namespace: string;
}

/**
 * Looks at a cluster, or at files, with the jobs of a file applied to it. Throws {@link UsageError} or {@link ClusterError}.
 * @param jobsFile path of manifests with CarbonAwareJobs; absent: none are applied
 */
export async function look(
  flags: LookFlags,
  jobsFile: string | undefined,
  terminal: Terminal,
  abort: AbortSignal,
): Promise<Sight> {
  const clock = clockAt(flags.at, terminal.clock);
  const config = await configAt(flags.config, terminal);
  const jobs = jobsFile === undefined ? [] : await jobsIn(jobsFile, terminal);
  const found =
    flags.sites === undefined
      ? await withCluster(flags, ({ api, namespace }) => resourcesOf(api, namespace, abort))
      : resourcesFrom(
          readManifests(await readNamed(flags.sites, '--sites', terminal), flags.sites),
          flags.sites,
          flags.namespace ?? 'default',
        );
  const resources = withApplied(found, jobs, clock.now());
  const { namespace } = found;
  const world = await worldOf(resources, { config, clock, intensityFile: flags.intensity }, abort);
  return { world, namespace, applied: jobs.map(({ metadata }) => objectKey({ namespace, ...metadata })) };
}

/** Sites alone, and when they were looked at. */
export interface SitesSight {
  readonly known: SitesKnown;
  readonly now: EpochMs;
}

/** As above, for what sites have and what their electricity is. */
export async function lookAtSites(flags: LookFlags, terminal: Terminal, abort: AbortSignal): Promise<SitesSight> {
  const clock = clockAt(flags.at, terminal.clock);
  const config = await configAt(flags.config, terminal);
  const sites =
    flags.sites === undefined
      ? await withCluster(flags, ({ api }) => sitesOf(api, abort))
      : resourcesFrom(readManifests(await readNamed(flags.sites, '--sites', terminal), flags.sites), flags.sites, '')
          .sites;
  const known = await sitesKnown(sites, [], { config, clock, intensityFile: flags.intensity }, abort);
  return { known, now: clock.now() };
}

/** The time that the user names, else that of the terminal. Throws {@link UsageError}. */
export function clockAt(at: string | undefined, clock: Clock): Clock {
  if (at === undefined) return clock;
  const instant = parseTime(at);
  if (instant === undefined) {
    throw new UsageError(`--at is "${at}": write a time with a time zone, like 2026-11-23T08:00:00Z`);
  }
  return { ...clock, now: () => instant };
}

/** The operator's configuration, or its defaults. Throws {@link UsageError} or ConfigError. */
export async function configAt(path: string | undefined, terminal: Terminal): Promise<Config> {
  return path === undefined
    ? parseConfig('', 'the built-in configuration')
    : parseConfig(await readNamed(path, '--config', terminal), path);
}

async function jobsIn(path: string, terminal: Terminal): Promise<readonly CarbonAwareJob[]> {
  const { jobs, workloads } = readManifests(await readNamed(path, '-f', terminal), path);
  if (jobs.length > 0) return jobs;
  const remedy =
    workloads.length > 0
      ? 'put the Job into spec.template of a CarbonAwareJob'
      : 'write apiVersion: sunward.dev/v1alpha1, kind: CarbonAwareJob';
  throw new UsageError(`${path} has no CarbonAwareJob: ${remedy}`);
}
