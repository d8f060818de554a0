import { NOTHING_OBSERVED } from '../../operator/accounting/slowdown/slowdown-history.ts';
import { CARBON_AWARE_JOB_LABEL } from '../../operator/api/v1alpha1/labels.ts';
import type { Attempt } from '../../operator/controllers/carbonawarejob/attempts/attempts.ts';
import type { JobView } from '../../operator/controllers/carbonawarejob/job-view.ts';
import { NO_PODS } from '../../operator/controllers/carbonawarejob/pods-view.ts';
import type { Decision, ExpectedCost, Option } from '../../operator/domain/decision.ts';
import type { Interval } from '../../operator/domain/interval.ts';
import { HOUR_MS, kilowattHours, MINUTE_MS } from '../../operator/domain/units.ts';
import type { Workload } from '../../operator/ports/workloads.ts';
import { aJobRecord, JOB_UID } from './carbon-aware-job.ts';
import { atHour, H100, MIDNIGHT, someCarbon } from './planning.ts';

export const WORKLOAD_UID = 'bbbbbbbb-0000-4000-8000-000000000001';

/** The Job of `research/train`: just made, suspended. */
export function aWorkload(overrides: Partial<Workload> = {}): Workload {
  const suspended = overrides.suspended ?? true;
  return {
    metadata: {
      name: 'train',
      namespace: 'research',
      uid: WORKLOAD_UID,
      resourceVersion: '200',
      labels: { [CARBON_AWARE_JOB_LABEL]: 'train' },
      ownerReferences: [
        { apiVersion: 'sunward.dev/v1alpha1', kind: 'CarbonAwareJob', name: 'train', uid: JOB_UID, controller: true },
      ],
    },
    suspended,
    foreignFields: [],
    placedOn: [],
    activePods: suspended ? 0 : 1,
    terminatingPods: 0,
    settled: suspended,
    ...overrides,
  };
}

/** The first start, at midnight, at `north`; open. */
export function anAttempt(overrides: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    site: 'north',
    product: H100,
    job: 'train',
    jobUid: WORKLOAD_UID,
    startedAt: MIDNIGHT,
    ...overrides,
  };
}

export function aWindow(fromHour: number, toHour: number): Interval {
  return { startsAt: atHour(fromHour), endsAt: atHour(toHour) };
}

export function aCost(overrides: Partial<ExpectedCost> = {}): ExpectedCost {
  return {
    site: 'north',
    energy: kilowattHours(2),
    carbon: someCarbon(100),
    money: 1.5,
    currency: 'EUR',
    startsAt: atHour(0),
    finishesAt: atHour(2),
    ...overrides,
  };
}

export function anOption(overrides: Partial<Option> = {}): Option {
  const windows = overrides.windows ?? [aWindow(0, 2)];
  const site = overrides.site ?? 'north';
  const [first] = windows;
  const last = windows.at(-1);
  const expected = aCost({
    site,
    ...(first && { startsAt: first.startsAt }),
    ...(last && { finishesAt: last.endsAt }),
  });
  return { site, product: H100, windows, moves: [], expected, ...overrides };
}

/** Runs at `north` from midnight to two, which saves half of what home would emit. */
export function aDecision(overrides: Partial<Decision> = {}): Decision {
  return {
    job: 'research/train',
    revision: `${JOB_UID}/1`,
    chosen: anOption(),
    baseline: aCost({ site: 'home', carbon: someCarbon(200) }),
    alternatives: [],
    reason: 'BetterSite',
    message: 'half the carbon',
    deadlineAtRisk: false,
    kept: false,
    signal: 'Average',
    rung: 'LiveForecast',
    source: 'file',
    notComparable: undefined,
    ...overrides,
  };
}

/** Midnight: the Job is made and suspended, and its window has come. */
export function aView(overrides: Partial<JobView> = {}): JobView {
  const record = overrides.record ?? aJobRecord();
  return {
    now: MIDNIGHT,
    record,
    attempts: record.attempts,
    workload: aWorkload(),
    pods: NO_PODS,
    decision: aDecision(),
    sites: new Map([
      ['north', { region: 'region-north', idleNodesSleep: true, provisioning: new Map(), toCome: new Set() }],
      [
        'south',
        {
          region: 'region-south',
          idleNodesSleep: true,
          provisioning: new Map([[H100, HOUR_MS]]),
          toCome: new Set([H100]),
        },
      ],
    ]),
    nodesToFill: [],
    productLabel: 'nvidia.com/gpu.product',
    unschedulableAfter: 5 * MINUTE_MS,
    avoidanceBackoff: { base: 30 * MINUTE_MS, longest: 4 * HOUR_MS },
    deadline: atHour(24),
    idle: undefined,
    use: 'Unknown',
    slowdowns: () => NOTHING_OBSERVED,
    home: undefined,
    createNotBefore: undefined,
    ...overrides,
  };
}
