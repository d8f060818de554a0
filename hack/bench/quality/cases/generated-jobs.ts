import { join } from 'node:path';
import { plan } from '../../../../operator/planning/plan.ts';
import type { Plan } from '../../../../operator/domain/decision.ts';
import type { Finding } from '../../report/figure.ts';
import { firstCome, gramsOfSchedule, type Schedule } from '../many-jobs/first-come.ts';
import { generateInstance } from '../many-jobs/generate.ts';
import { loadOf, type Assignment, type Instance } from '../many-jobs/instance.ts';
import { solve, solveOnce, type SolverAnswer } from '../many-jobs/solver.ts';
import { timeIndexedModel, type TimeIndexedModel } from '../many-jobs/time-indexed-model.ts';
import { slotOf, toSnapshot } from '../many-jobs/to-snapshot.ts';
import { qualityRow, type CaseSession, type QualityCase, type QualityRow } from '../quality-case.ts';

const SEEDS = [1, 2, 3];
const SOLVER_SECONDS = 60;
/** Of the solver's time. */
const PLANNER_SHARE = 1 / 100;
const LEAST_LOAD = 0.85;
/** First come, first served is at least this much above the relaxation, or the instances are too easy. */
const HARD_SHARE = 0.04;

/** Where answers of the solver lie; set, they are taken from there instead of being found anew. */
const STORED_ANSWERS = 'SUNWARD_SOLVER_ANSWERS';

/** More work than the clean hours hold: 200 jobs at 5 sites over 48 slots, against a solver that has a hundred times as long. */
export const generatedJobs: QualityCase = {
  id: '9g',
  title: 'many jobs, few GPUs, generated, against HiGHS',
  async run(_, session) {
    plan(toSnapshot(generateInstance(0)));
    const measured: Measurement[] = [];
    for (const seed of SEEDS) measured.push(await measure(seed, session));
    const notes = [
      `Jobs in one piece, all there from the beginning. HiGHS ${measured[0]?.answer.version ?? ''} (WebAssembly, one thread) has ${String(SOLVER_SECONDS)} s for the time-indexed model; the bound is its dual bound. The planner has planned another instance before its time is taken.`,
      ...measured.map(noteOf),
    ];
    return { rows: measured.map(({ row }) => row), notes, findings: measured.flatMap(findingsOf) };
  },
};

interface Measurement {
  readonly seed: number;
  readonly row: QualityRow;
  readonly load: number;
  readonly answer: SolverAnswer;
  /** Of the solver's schedule; `Infinity` where it found none. */
  readonly solverGrams: number;
  readonly naive: Schedule;
}

async function measure(seed: number, session: CaseSession): Promise<Measurement> {
  const instance = generateInstance(seed);
  const snapshot = toSnapshot(instance);
  const startedAt = performance.now();
  const planned = plan(snapshot);
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  const ours = scheduleOf(planned, instance);
  session.progress(`    seed ${String(seed)}: planned, now HiGHS`);
  const model = timeIndexedModel(instance);
  const answer = await answerTo(model, seed, session);
  const row = qualityRow({
    ...{ id: '9g', variant: `seed ${String(seed)}`, zone: 'generated', publishedSavingPercent: null },
    jobs: instance.jobs.length,
    baselineGrams: [...planned.decisions.values()].reduce((sum, one) => sum + (one.baseline?.carbon?.grams ?? NaN), 0),
    planGrams: ours.grams,
    boundGrams: answer.dualBound,
    late: ours.late,
    restarts: 0,
    wallSeconds,
  });
  return {
    ...{ seed, row, answer, load: loadOf(instance), naive: firstCome(instance) },
    solverGrams: gramsOfAnswer(answer, model, instance),
  };
}

function answerTo(model: TimeIndexedModel, seed: number, { abort }: CaseSession): Promise<SolverAnswer> {
  const stored = process.env[STORED_ANSWERS];
  const task = { model, seconds: SOLVER_SECONDS };
  return stored === undefined ? solve(task, abort) : solveOnce(task, join(stored, `seed-${String(seed)}.json`), abort);
}

/** Reckoned from where the jobs are put, not from what the plan says of itself. */
function scheduleOf({ decisions }: Plan, instance: Instance): Schedule {
  const places: Assignment[] = [];
  let late = 0;
  for (const { name, deadline, length } of instance.jobs) {
    const chosen = decisions.get(`generated/${name}`)?.chosen;
    const site = instance.sites.findIndex((one) => one.name === chosen?.site);
    const start = slotOf(chosen?.windows[0]?.startsAt ?? NaN);
    places.push({ site, start });
    late += Number(!(start + length <= deadline));
  }
  return { grams: gramsOfSchedule(instance, places), late };
}

function gramsOfAnswer({ chosen }: SolverAnswer, { columns }: TimeIndexedModel, instance: Instance): number {
  if (chosen.length === 0) return Infinity;
  const places: Assignment[] = [];
  for (const column of chosen) {
    const one = columns[column];
    if (one !== undefined) places[one.job] = one;
  }
  return gramsOfSchedule(instance, places);
}

function noteOf({ seed, row, load, answer, solverGrams, naive }: Measurement): string {
  const above = (grams: number, reference: number): string => `${(100 * (grams / reference - 1)).toFixed(2)} %`;
  return [
    `Seed ${String(seed)}, load ${(100 * load).toFixed(1)} %: above the relaxation are the plan by ${above(row.planGrams, answer.relaxation)} (${row.wallSeconds.toFixed(2)} s)`,
    `HiGHS by ${above(solverGrams, answer.relaxation)} (${answer.seconds.toFixed(0)} s), its dual bound by ${above(answer.dualBound, answer.relaxation)}`,
    `first come by ${above(naive.grams, answer.relaxation)} with ${String(naive.late)} late; gap of the plan to the dual bound ${above(row.planGrams, answer.dualBound)}.`,
  ].join(', ');
}

function findingsOf({ seed, row, load, answer, solverGrams, naive }: Measurement): readonly Finding[] {
  const of = `seed ${String(seed)}:`;
  const share = naive.grams / answer.relaxation - 1;
  return [
    {
      claim: `${of} the plan is no worse than HiGHS after ${String(SOLVER_SECONDS)} s`,
      holds: row.planGrams <= solverGrams,
    },
    { claim: `${of} in a hundredth of its time`, holds: row.wallSeconds <= PLANNER_SHARE * SOLVER_SECONDS },
    { claim: `${of} nobody is late`, holds: row.late === 0 },
    {
      claim: `${of} it is hard: load, and first come above the relaxation`,
      holds: load >= LEAST_LOAD && share >= HARD_SHARE,
    },
  ];
}
