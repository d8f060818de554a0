import type { Dashboard, Row } from './dashboard.ts';
import { JOBS_PLANS } from './jobs-plans.ts';
import { perHour, sumBy, told } from './promql.ts';

const OVER = 'Succeeded|Failed|Refused';
const HAPPENED = 'Started|Paused|Resumed|Moved|Replanned|Unschedulable|JobDeleted|Completed|Failed';

const AT_RISK = 'sunward_job_deadline_at_risk{cluster=~"$cluster"}';

const NOW: Row = {
  title: 'Now',
  panels: [
    {
      kind: 'stat',
      title: 'Jobs',
      description: 'CarbonAwareJobs by what they are doing.',
      width: 12,
      unit: 'short',
      queries: [{ expr: sumBy('phase', told('sunward_jobs', ['phase'])), legend: '{{phase}}' }],
    },
    {
      kind: 'stat',
      title: 'Deadlines at risk',
      description:
        'Jobs that will be late by the plan of now: the earliest finish there is comes after their deadline.',
      width: 4,
      unit: 'short',
      badFrom: 1,
      queries: [{ expr: sumBy('', told('sunward_jobs_deadline_at_risk', [])), legend: 'at risk' }],
    },
    {
      kind: 'stat',
      title: 'In the plan',
      description: 'Jobs that the last plan decided about.',
      width: 4,
      unit: 'short',
      queries: [{ expr: sumBy('', told('sunward_planned_jobs', ['reason'])), legend: 'jobs' }],
    },
    {
      kind: 'stat',
      title: 'Age of the plan',
      description: 'Time since the last planning cycle succeeded. The plan before stays in force where one fails.',
      width: 4,
      unit: 's',
      badFrom: 600,
      queries: [
        {
          expr: `time() - min(${told('sunward_planning_last_success_timestamp_seconds', [])})`,
          legend: 'age',
        },
      ],
    },
  ],
};

const WHAT_HAPPENED: Row = {
  title: 'What happened',
  panels: [
    {
      kind: 'timeseries',
      title: 'Jobs that are not over',
      description: 'Waiting for their window, running, paused, suspended by their owner, or not looked at yet.',
      width: 12,
      unit: 'short',
      stacked: true,
      queries: [{ expr: sumBy('phase', told('sunward_jobs', ['phase'], `phase!~"${OVER}"`)), legend: '{{phase}}' }],
    },
    {
      kind: 'timeseries',
      title: 'What was done to jobs',
      description:
        'Events by reason: what the plan led to. Paused and Moved are meant to be rare; Unschedulable and JobDeleted were not planned.',
      width: 12,
      unit: 'suffix:per hour',
      queries: [{ expr: perHour('sunward_events_total', ['reason'], `reason=~"${HAPPENED}"`), legend: '{{reason}}' }],
    },
    {
      kind: 'table',
      title: 'Jobs with a deadline at risk',
      description: '`kubectl carbon explain` says why, and what would make them finish in time. The first hundred.',
      width: 12,
      columns: [
        { title: 'Cluster', label: 'cluster' },
        { title: 'Namespace', label: 'job_namespace' },
        { title: 'Job', label: 'job_name' },
        { title: 'Owner', label: 'owner' },
        { title: 'Site', label: 'site' },
        { expr: `max by (cluster, job_namespace, job_name, owner, site) (${AT_RISK})`, hidden: true },
      ],
    },
    {
      kind: 'table',
      title: 'Slower than elsewhere',
      description:
        'How much longer jobs of a kind took at a site than at others, by those that finished: 20 % is a fifth longer. Plans count with it.',
      width: 12,
      sortedBy: 'Longer by',
      columns: [
        { title: 'Cluster', label: 'cluster' },
        { title: 'Namespace', label: 'workload_namespace' },
        { title: 'Workload', label: 'workload' },
        { title: 'Site', label: 'site' },
        {
          title: 'Longer by',
          expr: `max by (cluster, workload_namespace, workload, site) (sunward_job_observed_slowdown_ratio{cluster=~"$cluster"})`,
          unit: 'percentunit',
        },
      ],
    },
  ],
};

/** For who runs jobs, and for who is on call for Sunward. */
export const JOBS: Dashboard = {
  name: 'jobs',
  title: 'Sunward / Jobs',
  description: 'What was planned for CarbonAwareJobs, what happened, and what the plans rest on.',
  variables: [{ name: 'cluster', label: 'Cluster', series: 'sunward_jobs' }],
  rows: [NOW, WHAT_HAPPENED, ...JOBS_PLANS],
};
