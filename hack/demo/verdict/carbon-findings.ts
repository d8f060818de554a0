import type { EpochMs } from '../../../operator/domain/units.ts';
import type { CarbonSourceName } from '../carbon/carbon-feed.ts';
import type { Outage } from '../carbon/outage.ts';
import { clockOf, SUBMISSION_HOUR, timeAt, type DemoDay } from '../day/demo-day.ts';
import type { DemoRecord } from '../watch/record.ts';
import { depthOf, isLive, type RungStep } from '../watch/site-rungs.ts';
import type { Finding } from './finding.ts';

/** How it went with what the operator had its figures from. */
export interface CarbonCourse {
  readonly source: CarbonSourceName;
  readonly outageAsked: boolean;
  readonly outage: Outage | undefined;
}

export interface CarbonContext {
  readonly day: DemoDay;
  readonly sites: readonly { readonly name: string }[];
  readonly record: Pick<DemoRecord, 'rungs'>;
  readonly killsAsked: number;
}

/** Rungs below a live forecast that an outage takes every site through: its last forecast, then what stands for any. */
const RUNGS_DOWN = 2;

interface SiteSteps {
  readonly name: string;
  readonly steps: readonly RungStep[];
}

/** Whether sites had their figures from where they should. */
export function carbonFindings(course: CarbonCourse, context: CarbonContext): readonly Finding[] {
  const { day, killsAsked, record, sites } = context;
  const all = sites.map(({ name }): SiteSteps => {
    return { name, steps: inForceFrom(timeAt(day, SUBMISSION_HOUR), record.rungs.get(name) ?? []) };
  });
  // An operator that was killed has forgotten its last forecast.
  const rungsDown = killsAsked > 0 ? 1 : RUNGS_DOWN;
  const findings = course.outageAsked ? underAnOutage(course, all, rungsDown) : [liveAllDay(course, all)];
  const wasAway = !course.outageAsked || course.outage !== undefined;
  const seen = wasAway ? inWords(all, day) : 'it never was away: the day was over before';
  return findings.map((finding) => ({ about: 'demo', ...finding, seen }));
}

type Point = Pick<Finding, 'claim' | 'holds'>;

function liveAllDay({ source }: CarbonCourse, all: readonly SiteSteps[]): Point {
  return {
    claim: `every site has live forecasts from ${source} all day`,
    holds: all.every(({ steps }) => steps.length > 0 && steps.every((step) => isLive(step) && step.source === source)),
  };
}

function underAnOutage({ outage, source }: CarbonCourse, all: readonly SiteSteps[], rungsDown: number): Point[] {
  return [
    {
      claim: `while ${source} is away every site goes down the ladder, ${rungsDown} rungs or more`,
      holds: outage !== undefined && all.every(({ steps }) => wentDown(steps, outage, rungsDown)),
    },
    {
      claim: `every site has a live forecast from ${source} again once it answers`,
      holds: outage?.recoveredAt !== undefined && all.every(({ steps }) => isLive(steps.at(-1))),
    },
  ];
}

/** Live before, then down and never up until it is live again. */
function wentDown(steps: readonly RungStep[], { startsAt }: Outage, rungsDown: number): boolean {
  const before = steps.filter(({ at }) => at < startsAt);
  const after = steps.filter(({ at }) => at >= startsAt);
  const back = after.findIndex(isLive);
  const depths = after.slice(0, back < 0 ? undefined : back).map(depthOf);
  const isDescent = depths.every((depth, index) => depth > (depths[index - 1] ?? 0));
  return before.length > 0 && before.every(isLive) && depths.length >= rungsDown && isDescent;
}

/** What held at an instant, and what came after it. */
function inForceFrom(instant: EpochMs, steps: readonly RungStep[]): readonly RungStep[] {
  const next = steps.findIndex(({ at }) => at > instant);
  return steps.slice(Math.max(0, (next < 0 ? steps.length : next) - 1));
}

function inWords(all: readonly SiteSteps[], day: DemoDay): string {
  return all
    .map(({ name, steps }) => {
      const told = steps.map(({ at, rung, source }) => `${rung} of ${source ?? 'no one'} from ${clockOf(day, at)}`);
      return `${name}: ${told.join(', ') || 'nothing known'}`;
    })
    .join('; ');
}
