import { lengthOf, overlapOf, type Interval } from '../../../operator/domain/interval.ts';
import { SECOND_MS, type DurationMs } from '../../../operator/domain/units.ts';
import { between, clockOf, type DemoDay } from '../day/demo-day.ts';
import type { Grid } from '../day/intensity-rows.ts';
import type { DemoSite } from '../setup/scenario.ts';
import { conditionOf, type Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';

export interface LessonContext {
  readonly day: DemoDay;
  readonly grid: Grid;
  readonly sites: readonly DemoSite[];
  /** Nodes that came because pods waited for them. */
  readonly nodesOrdered: number;
  /** When the operator could not do its work, or not as planned, for what was done to it on purpose. */
  readonly disturbances: readonly Interval[];
}

/** What a job of the demo shows, and how one sees that it did. */
export interface Lesson {
  readonly job: string;
  readonly shows: string;
  /** Where it would run without Sunward. */
  readonly home: string;
  readonly refused?: boolean;
  readonly check: (evidence: Evidence, context: LessonContext) => readonly Omit<Finding, 'about'>[];
}

type Check = Lesson['check'];

/** A start within this many hours of the day is a start at once: the plan, the Job and its pods take a moment each. */
const AT_ONCE_HOURS = 1.25;
/** How long these moments may be together on a machine that is busy, however short an hour of the day is. */
const AT_ONCE_LEAST_MS: DurationMs = 7 * SECOND_MS;
/** Sunshine, by the clock. */
const DIP = { from: 10.5, until: 15.5 };

export const LESSONS: readonly Lesson[] = [
  {
    job: 'evaluation',
    shows: 'moves to a cleaner region',
    home: 'warsaw',
    check: (evidence, context) => [...runsAt('stockholm')(evidence, context), ...startsAtOnce(evidence, context)],
  },
  {
    job: 'morning-report',
    shows: 'must start now: it is due soon',
    home: 'frankfurt',
    check: (evidence, context) => [
      ...runsAt('frankfurt')(evidence, context),
      ...startsAtOnce(evidence, context),
      ...noonIsTooLate(evidence, context),
    ],
  },
  {
    job: 'embeddings',
    shows: 'pauses through the dirty hours',
    home: 'frankfurt',
    check: (evidence, context) => [...runsAt('frankfurt')(evidence, context), ...runsInWindows(evidence, context)],
  },
  {
    job: 'transcription',
    shows: 'wakes a region that is at zero',
    home: 'frankfurt',
    check: (evidence, context) => [...runsAt('paris')(evidence, context), ...nodesCame(evidence, context)],
  },
  {
    job: 'fine-tune',
    shows: 'waits for the noon sun',
    home: 'frankfurt',
    check: (evidence, context) => [...runsAt('frankfurt')(evidence, context), ...runsInTheDip(evidence, context)],
  },
  {
    job: 'risk-model',
    shows: 'stays: its data may not leave',
    home: 'warsaw',
    check: (evidence, context) => [...runsAt('warsaw')(evidence, context), ...policyKeepsIt(evidence, context)],
  },
  {
    job: 'prototype',
    shows: 'is refused: a field is misspelt',
    home: 'frankfurt',
    refused: true,
    check: (evidence) => isRefused(evidence),
  },
];

function runsAt(site: string): Check {
  return ({ sites }) => [
    {
      claim: `all of its pods run in ${site}`,
      holds: sites.length === 1 && sites[0] === site,
      seen: sites.length === 0 ? 'none ran' : `they ran in ${sites.join(' and ')}`,
    },
  ];
}

const startsAtOnce: Check = ({ submittedAt = NaN, runs }, context) => {
  const { day } = context;
  const start = runs[0]?.startsAt ?? NaN;
  const atOnce = Math.max(AT_ONCE_HOURS * day.hour, AT_ONCE_LEAST_MS);
  const disturbed = disturbanceIn({ startsAt: submittedAt, endsAt: submittedAt + atOnce }, context);
  const limit = atOnce + (disturbed === undefined ? 0 : lengthOf(disturbed));
  return [
    { claim: 'it starts at once', holds: start - submittedAt <= limit, seen: startSeen(day, start, submittedAt) },
  ];
};

const runsInTheDip: Check = ({ submittedAt = NaN, runs, sites }, context) => {
  const { day } = context;
  const [run] = runs;
  if (disturbanceIn(between(day, 10.5, 12.5), context) !== undefined) return [];
  const dip = between(day, DIP.from, DIP.until);
  const start = run?.startsAt ?? NaN;
  const during = run === undefined ? NaN : meanAt(sites[0], run, context);
  const atSubmission =
    run === undefined ? NaN : meanAt(sites[0], { startsAt: submittedAt, endsAt: submittedAt + 1 }, context);
  return [
    {
      claim: 'it starts in the noon dip',
      holds: start >= dip.startsAt && start < dip.endsAt,
      seen: startSeen(day, start, submittedAt),
    },
    {
      claim: 'its power is at least 15 % cleaner than at submission',
      holds: during <= 0.85 * atSubmission,
      seen: `${during.toFixed(0)} g/kWh, ${atSubmission.toFixed(0)} at submission`,
    },
  ];
};

const noonIsTooLate: Check = ({ deadline = NaN, runs }, context) => {
  const noon = meanAt('frankfurt', between(context.day, 12, 14), context);
  const [run] = runs;
  const during = run === undefined ? NaN : meanAt('frankfurt', run, context);
  return [
    {
      claim: 'noon would be cleaner, and is after its deadline',
      holds: noon < during && deadline < between(context.day, 12, 14).startsAt,
      seen: `${during.toFixed(0)} g/kWh, ${noon.toFixed(0)} at noon, due at ${clockOf(context.day, deadline)}`,
    },
  ];
};

const runsInWindows: Check = ({ runs, attempts, planned }, context) => {
  if (disturbanceIn(between(context.day, 4, 6.5), context) !== undefined) return [];
  const shown = runs.map((run) => `${clockOf(context.day, run.startsAt)}–${clockOf(context.day, run.endsAt)}`);
  const gap = runs[0] === undefined || runs[1] === undefined ? undefined : gapOf(runs[0], runs[1]);
  const paused = gap === undefined ? NaN : meanAt('frankfurt', gap, context);
  const ran = runs.length === 0 ? NaN : Math.max(...runs.map((run) => meanAt('frankfurt', run, context)));
  return [
    {
      claim: 'it is planned in two windows or more',
      holds: (planned?.windows ?? 0) >= 2,
      seen: `${planned?.windows ?? 0} planned`,
    },
    {
      claim: 'its pods run in two stretches or more',
      holds: runs.length >= 2 && attempts >= 2,
      seen: `${shown.join(', ') || 'none'}, ${attempts} attempts`,
    },
    {
      claim: 'power between its stretches is dirtier than in any of them',
      holds: paused > ran,
      seen: `${paused.toFixed(0)} g/kWh between, at most ${ran.toFixed(0)} in them`,
    },
  ];
};

const nodesCame: Check = ({ submittedAt = NaN, runs }, { day, nodesOrdered }) => [
  {
    claim: 'nodes came because its pods waited for them',
    holds: nodesOrdered >= 2,
    seen: `${nodesOrdered} nodes, ${startSeen(day, runs[0]?.startsAt ?? NaN, submittedAt)}`,
  },
];

const policyKeepsIt: Check = ({ object, alternatives }) => {
  const policy = object?.status?.policy ?? 'no policy';
  const ruledOut = alternatives.filter(({ reason }) => reason === 'PolicyForbidsSite');
  return [
    { claim: 'the policy of residency governs it', holds: policy === 'demo-residency', seen: policy },
    {
      claim: 'its status names cleaner sites and the rule that forbids them',
      holds: ruledOut.length > 0,
      seen: ruledOut.map(({ site }) => site).join(', ') || 'no alternative is ruled out by the policy',
    },
  ];
};

function isRefused(evidence: Evidence): readonly Omit<Finding, 'about'>[] {
  const accepted = conditionOf(evidence, 'Accepted');
  const message = accepted?.message ?? 'no condition Accepted';
  return [
    {
      claim: 'it is refused with the reason TemplateRefused',
      holds: accepted?.status === 'False' && accepted.reason === 'TemplateRefused',
      seen: `Accepted is ${accepted?.status ?? 'absent'}, ${accepted?.reason ?? 'no reason'}`,
    },
    { claim: 'the message names the field', holds: message.includes('resources.limit'), seen: message },
    {
      claim: 'no Job and no pod of it ever existed',
      holds: evidence.jobUids === 0 && evidence.podRuns.length === 0,
      seen: `${evidence.jobUids} Jobs`,
    },
  ];
}

/**
 * An operator that is dead when a job should start or pause can't do it, and one without its figures does what others say:
 * then what the job shows is not judged by the clock.
 */
function disturbanceIn(during: Interval, { disturbances }: LessonContext): Interval | undefined {
  return disturbances.find((disturbance) => overlapOf(disturbance, during) > 0);
}

function meanAt(site: string | undefined, interval: Interval, { grid, sites }: LessonContext): number {
  const zone = sites.find(({ name }) => name === site)?.zone;
  return zone === undefined || !(lengthOf(interval) > 0) ? NaN : grid.mean(zone, interval);
}

function gapOf(before: Interval, after: Interval): Interval {
  return { startsAt: before.endsAt, endsAt: after.startsAt };
}

function startSeen(day: DemoDay, start: number, submittedAt: number): string {
  if (Number.isNaN(start)) return 'it did not start';
  return `submitted at ${clockOf(day, submittedAt)}, started at ${clockOf(day, start)}`;
}
