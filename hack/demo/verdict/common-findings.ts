import { clockOf, type DemoDay } from '../day/demo-day.ts';
import type { OperatorEnds } from '../processes/operator-process.ts';
import { runOf, type PodRun } from '../watch/pod-run.ts';
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';

/** What must be so of every job that runs. */
export function commonFindings(evidence: Evidence, day: DemoDay): readonly Finding[] {
  return [isDone(evidence, day), deadlineIsHeld(evidence, day), ranOnce(evidence), planIsKept(evidence, day)];
}

/** What must be so of all of them together. */
export function overallFindings(
  evidence: readonly Evidence[],
  operator: OperatorEnds,
  killsAsked: number,
): readonly Finding[] {
  const grams = total(evidence, (one) => one.grams);
  const runNow = total(evidence, (one) => one.runNowGrams);
  const about = 'demo';
  return [
    {
      about,
      claim: 'all jobs together emit less than run-now would have',
      holds: grams < runNow,
      seen: `${grams.toFixed(1)} g, ${runNow.toFixed(1)} g run-now`,
    },
    {
      about,
      claim: killsAsked === 0 ? 'the operator never ends' : 'the operator ends only where it is killed',
      holds: operator.unexpected === 0 && operator.killedAt.length === killsAsked,
      seen: `killed ${operator.killedAt.length} times, ended ${operator.unexpected} times by itself`,
    },
  ];
}

export function total(evidence: readonly Evidence[], figure: (one: Evidence) => number): number {
  return evidence.reduce((sum, one) => sum + figure(one), 0);
}

/**
 * The Job counts its completions. A pod that ends in the very moment of a pause succeeds for nothing, and its work is done again:
 * the Job controller lets go of the pods of a suspended Job before it deletes them.
 */
function isDone({ name, attempts, end, podRuns, shape }: Evidence, day: DemoDay): Finding {
  const succeeded = podRuns.filter(({ succeeded: did }) => did).length;
  const counted = end?.completions ?? 0;
  const endedInPauses = succeeded - counted;
  const isExplained = endedInPauses >= 0 && endedInPauses <= shape.parallelism * Math.max(0, attempts - 1);
  const ended = end === undefined ? 'not ended' : `${end.outcome} at ${clockOf(day, end.at)}`;
  return {
    about: name,
    claim: `its Job completes with ${shape.completions} pods that succeed`,
    holds: end?.outcome === 'Complete' && counted === shape.completions && isExplained,
    seen: `${ended}, ${counted} counted, ${succeeded} succeeded`,
  };
}

function deadlineIsHeld({ name, end, deadline = NaN }: Evidence, day: DemoDay): Finding {
  return {
    about: name,
    claim: `it is finished by ${clockOf(day, deadline)}`,
    holds: end !== undefined && end.at <= deadline,
    seen: end === undefined ? 'not finished' : `finished at ${clockOf(day, end.at)}`,
  };
}

/** One Job, one place at a time, and never more pods at work than the job has. */
function ranOnce({ name, jobUids, podRuns, shape }: Evidence): Finding {
  const most = mostAtOnce(podRuns);
  return {
    about: name,
    claim: 'it runs once: one Job, and never more pods than it asks for',
    holds: jobUids === 1 && most <= shape.parallelism,
    seen: `${jobUids} Jobs, at most ${most} pods at once`,
  };
}

function mostAtOnce(podRuns: readonly PodRun[]): number {
  const runs = podRuns.map((run) => runOf(run, Infinity)).filter((run) => run !== undefined);
  const counts = runs.map(
    ({ startsAt }) => runs.filter((run) => run.startsAt <= startsAt && startsAt < run.endsAt).length,
  );
  return Math.max(0, ...counts);
}

function planIsKept({ name, planned, sites }: Evidence, day: DemoDay): Finding {
  return {
    about: name,
    claim: 'it runs at the site that it was first told',
    holds: planned !== undefined && sites.length === 1 && sites[0] === planned.site,
    seen: planned === undefined ? 'no plan' : `planned for ${planned.site} from ${clockOf(day, planned.startsAt)}`,
  };
}
