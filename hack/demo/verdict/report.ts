import type { Interval } from '../../../operator/domain/interval.ts';
import type { EpochMs } from '../../../operator/domain/units.ts';
import type { Outage } from '../carbon/outage.ts';
import { total } from './common-findings.ts';
import type { Evidence } from './evidence.ts';
import type { DemoOutcome, Verdict } from './verdict.ts';

/** What `--json` writes: times in RFC 3339, grams of the pressed day. */
export function reportOf(outcome: DemoOutcome, { evidence, findings, holds }: Verdict): object {
  const { carbon, day, record, operatorEnds, killsAsked, nodesOrdered } = outcome;
  const ran = evidence.filter(({ runs }) => runs.length > 0);
  return {
    holds,
    day: { midnight: time(day.midnight), hourSeconds: day.hour / 1_000 },
    carbon: { ...carbon, outage: carbon.outage && outageReport(carbon.outage) },
    sites: outcome.sites.map(({ name, region, zone, pue }) => {
      const rungs = (record.rungs.get(name) ?? []).map(({ at, ...step }) => ({ at: time(at), ...step }));
      return { name, region, zone, pue, rungs };
    }),
    jobs: evidence.map(jobReport),
    totals: {
      plannedGrams: total(ran, ({ planned }) => planned?.grams ?? NaN),
      grams: total(ran, ({ grams }) => grams),
      runNowGrams: total(ran, ({ runNowGrams }) => runNowGrams),
    },
    findings,
    operator: { kills: operatorEnds.killedAt.length, unexpected: operatorEnds.unexpected, killsAsked },
    nodesOrdered,
    journal: record.journal.map(({ at, ...entry }) => ({ at: time(at), ...entry })),
  };
}

function jobReport(one: Evidence): object {
  const { name, home, submittedAt, deadline, planned, sites, runs, end, podRuns, object } = one;
  return {
    name,
    home,
    submittedAt: time(submittedAt),
    deadline: time(deadline),
    planned: planned && { ...planned, startsAt: time(planned.startsAt), finishesAt: time(planned.finishesAt) },
    sites,
    runs: runs.map(stretch),
    end: end && { outcome: end.outcome, at: time(end.at) },
    grams: one.grams,
    runNowGrams: one.runNowGrams,
    jobs: one.jobUids,
    pods: podRuns.map(({ name: pod, node, gpus, startedAt, endedAt, succeeded }) => ({
      name: pod,
      node,
      gpus,
      startedAt: time(startedAt),
      endedAt: time(endedAt),
      succeeded,
    })),
    status: object?.status,
  };
}

function outageReport({ recoveredAt, ...interval }: Outage): object {
  return { ...stretch(interval), recoveredAt: time(recoveredAt) };
}

function stretch({ startsAt, endsAt }: Interval): object {
  return { startsAt: time(startsAt), endsAt: time(endsAt) };
}

function time(instant: EpochMs | undefined): string | undefined {
  return instant === undefined ? undefined : new Date(instant).toISOString();
}
