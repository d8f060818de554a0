import type { EpochMs } from '../../../operator/domain/units.ts';
import type { DemoDay } from '../day/demo-day.ts';
import type { Grid } from '../day/intensity-rows.ts';
import type { OperatorEnds } from '../processes/operator-process.ts';
import type { Shape } from '../setup/dressed-job.ts';
import type { DemoSite } from '../setup/scenario.ts';
import type { DemoRecord } from '../watch/record.ts';
import { carbonFindings, type CarbonCourse } from './carbon-findings.ts';
import { commonFindings, overallFindings } from './common-findings.ts';
import { disturbances } from './disturbances.ts';
import { evidenceOf, type Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import { LESSONS } from './lessons.ts';

/** All that the demo knows at its end. */
export interface DemoOutcome {
  readonly day: DemoDay;
  readonly grid: Grid;
  readonly sites: readonly DemoSite[];
  readonly record: DemoRecord;
  /** How each job is cut into pods, by name. */
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly nodesOrdered: number;
  readonly operatorEnds: OperatorEnds;
  readonly killsAsked: number;
  readonly carbon: CarbonCourse;
  readonly now: EpochMs;
}

export interface Verdict {
  readonly evidence: readonly Evidence[];
  readonly findings: readonly Finding[];
  /** Every finding holds. */
  readonly holds: boolean;
}

export function verdictOn(outcome: DemoOutcome): Verdict {
  const { carbon, day, operatorEnds, killsAsked } = outcome;
  const context = { ...outcome, disturbances: disturbances(operatorEnds.killedAt, carbon.outage, day) };
  const pairs = LESSONS.map((lesson) => ({ lesson, evidence: evidenceFor(outcome, lesson.job, lesson.home) }));
  const findings = pairs.flatMap(({ lesson, evidence }) => [
    ...lesson.check(evidence, context).map((finding) => ({ about: lesson.job, ...finding })),
    ...(lesson.refused === true ? [] : commonFindings(evidence, day)),
  ]);
  const ran = pairs.filter(({ lesson }) => lesson.refused !== true).map(({ evidence }) => evidence);
  const all = [...findings, ...overallFindings(ran, operatorEnds, killsAsked), ...carbonFindings(carbon, outcome)];
  return { evidence: pairs.map(({ evidence }) => evidence), findings: all, holds: all.every(({ holds }) => holds) };
}

function evidenceFor({ record, shapes, ...context }: DemoOutcome, job: string, home: string): Evidence {
  const jobRecord = record.jobs.get(job);
  const shape = shapes.get(job);
  if (jobRecord === undefined || shape === undefined) throw new Error(`the demo has no job "${job}"`);
  return evidenceOf(jobRecord, { ...context, home, shape, pauseFrom: context.day.hour });
}
