import { setTimeout as delay } from 'node:timers/promises';
import { HOUR_MS, type DurationMs } from '../../operator/domain/units.ts';
import type { ClusterAccess } from './cluster/access.ts';
import type { ProviderOutage } from './carbon/outage.ts';
import { Autoscaler } from './cluster/autoscaler.ts';
import { createMissing } from './cluster/creation.ts';
import { createSiteNodes } from './cluster/nodes.ts';
import { hourAt, pressedLength, SUBMISSION_HOUR, timeAt, type DemoDay } from './day/demo-day.ts';
import { pressed } from './day/press.ts';
import type { Manifest } from '../controlplane/control-plane.ts';
import type { OperatorProcess } from './processes/operator-process.ts';
import { dressed } from './setup/dressed-job.ts';
import type { DemoSite, Scenario } from './setup/scenario.ts';
import type { Stage } from './stage.ts';
import { LESSONS } from './verdict/lessons.ts';
import type { DemoRecord } from './watch/record.ts';

/** Past this hour of the day nothing more is waited for: every job is due before it. */
const LAST_HOUR = 20;
const LOOK_MS = 200;
/** For the last statuses to follow the last Job. */
const AFTERMATH_MS = 5_000;
const LAST_EVENTS_MS = 500;
/** A node takes an hour of the day; the site says an hour and a half, to be on the safe side. */
const BOOT_TIME: DurationMs = HOUR_MS;

export interface PlayOptions {
  readonly cluster: ClusterAccess;
  readonly scenario: Scenario;
  readonly record: DemoRecord;
  readonly stage: Stage;
  readonly operator: OperatorProcess;
  readonly killOperatorAfterMs: number | undefined;
  readonly outage: ProviderOutage | undefined;
  /** Called again and again, for the view. */
  readonly onLook: () => void;
}

/** Submits the jobs and waits until the day is over for them. */
export async function play(options: PlayOptions, abort: AbortSignal): Promise<void> {
  const { cluster, scenario, record, stage, operator, killOperatorAfterMs, outage, onLook } = options;
  const jobs = scenario.jobs.map((job) => dressed(pressed(job, stage.day)) as unknown as Manifest);
  record.note(Date.now(), 'demo', `${jobs.length} jobs are submitted`);
  await createMissing(cluster.api, jobs, abort);
  const end = new AbortController();
  const killing =
    killOperatorAfterMs === undefined ? undefined : killOperator(operator, killOperatorAfterMs, end.signal);
  const breaking = outage?.run(timeAt(stage.day, SUBMISSION_HOUR), end.signal, abort);
  // It is awaited in the end, and must not fail unheard until then.
  breaking?.catch(() => undefined);
  const lookWhile = async (goesOn: () => boolean): Promise<void> => {
    while (goesOn()) {
      onLook();
      await delay(LOOK_MS, undefined, { signal: abort });
    }
  };
  try {
    await lookWhile(() => !isOver(record) && hourAt(stage.day, Date.now()) < LAST_HOUR);
    const aftermath = Date.now() + AFTERMATH_MS;
    await lookWhile(() => !statusesSayIt(record) && Date.now() < aftermath);
    await lookWhile(() => outage?.isUnderWay ?? false);
    // The last events are still on their way.
    await delay(LAST_EVENTS_MS, undefined, { signal: abort });
    onLook();
  } finally {
    end.abort();
    await killing;
    await breaking;
  }
}

/** Nodes for the regions that have none. */
export function autoscalersOf(
  { cluster, scenario, record }: Pick<PlayOptions, 'cluster' | 'scenario' | 'record'>,
  day: DemoDay,
  abort: AbortSignal,
): readonly Autoscaler[] {
  return scenario.sites
    .filter(({ nodes }) => nodes === 0)
    .map((site: DemoSite) => {
      return new Autoscaler({
        site,
        bootTime: pressedLength(day, BOOT_TIME),
        createNodes: (range) => createSiteNodes(cluster.api, site, range, abort),
        tell: (event) => {
          record.note(Date.now(), 'autoscaler', event);
        },
        failed: (error) => {
          record.note(Date.now(), 'autoscaler', `nodes could not be made: ${String(error)}`);
        },
      });
    });
}

async function killOperator(operator: OperatorProcess, afterMs: number, end: AbortSignal): Promise<void> {
  try {
    await delay(afterMs, undefined, { signal: end });
  } catch {
    // The day was over before.
    return;
  }
  await operator.kill();
}

function isOver(record: DemoRecord): boolean {
  return LESSONS.every(({ job, refused }) => {
    const jobRecord = record.jobs.get(job);
    if (refused !== true) return jobRecord?.end !== undefined;
    return jobRecord?.object?.status?.conditions?.some(({ type, status }) => type === 'Accepted' && status === 'False');
  });
}

function statusesSayIt(record: DemoRecord): boolean {
  const phases = [...record.jobs.values()].map(({ object }) => object?.status?.phase ?? '');
  return phases.every((phase) => ['Succeeded', 'Failed', 'Refused'].includes(phase));
}
