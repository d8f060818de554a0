import type { CarbonAwareJob } from '../../../operator/api/v1alpha1/carbon-aware-job.generated.ts';
import type { Interval } from '../../../operator/domain/interval.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import { siteOfNode } from '../cluster/nodes.ts';
import type { DemoDay } from '../day/demo-day.ts';
import type { Grid } from '../day/intensity-rows.ts';
import type { DemoSite } from '../setup/scenario.ts';
import { LESSONS } from '../verdict/lessons.ts';
import { stretches } from '../watch/pod-run.ts';
import type { DemoRecord, JobRecord } from '../watch/record.ts';
import type { DemoView, JobRow, SiteRow } from './frame.ts';

/** What is to be seen of the record at a time. */
export function viewOf(
  record: DemoRecord,
  scene: { readonly day: DemoDay; readonly grid: Grid; readonly sites: readonly DemoSite[] },
  now: EpochMs,
): DemoView {
  const jobs = LESSONS.map(({ job, shows }) => {
    const jobRecord = record.jobs.get(job);
    return jobRecord === undefined ? undefined : jobRow(jobRecord, shows, scene.day, now);
  });
  return {
    day: scene.day,
    grid: scene.grid,
    now,
    sites: scene.sites.map((site) => siteRow(site, record)),
    jobs: jobs.filter((job) => job !== undefined),
    journal: record.journal,
  };
}

function siteRow({ name, zone }: DemoSite, record: DemoRecord): SiteRow {
  const pods = [...record.jobs.values()].flatMap((job) => [...job.pods.values()]);
  const running = pods.filter(({ startedAt, endedAt }) => startedAt !== undefined && endedAt === undefined);
  const there = running.filter(({ node }) => siteOfNode(node ?? '') === name);
  const held = there.reduce((sum, { gpus }) => sum + gpus, 0);
  return { name, zone, held, capacity: record.sites.get(name)?.status?.devices?.capacity ?? 0 };
}

function jobRow({ name, object, pods }: JobRecord, shows: string, day: DemoDay, now: EpochMs): JobRow {
  const { phase = 'Pending', plan } = object?.status ?? {};
  const isOver = phase === 'Succeeded' || phase === 'Failed' || phase === 'Refused';
  return {
    name,
    shows,
    phase: object === undefined ? '' : phase,
    site: phase === 'Refused' ? '' : (plan?.site ?? ''),
    starts: phase === 'Refused' ? undefined : instantOf(plan?.starts),
    saves: phase === 'Refused' ? '' : (plan?.saves ?? ''),
    windows: isOver ? [] : windowsOf(object),
    runs: stretches([...pods.values()], day.hour / 2, now),
    deadline: phase === 'Refused' ? undefined : instantOf(plan?.deadline),
  };
}

function windowsOf(object: CarbonAwareJob | undefined): readonly Interval[] {
  const { windows = [], moves = [] } = object?.status?.plan ?? {};
  return [...windows, ...moves.flatMap((move) => move.windows)].map(({ start, end }) => ({
    startsAt: Date.parse(start),
    endsAt: Date.parse(end),
  }));
}

function instantOf(time: string | undefined): EpochMs | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
