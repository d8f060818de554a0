import type { CaseReport, Figure, Finding } from '../report/figure.ts';
import type { Changes, MemoryMeasured, Replanned, Taken, TimesMeasured } from './measurement.ts';
import { SITES, SLOTS } from './speed-snapshot.ts';
import { least, median } from './stopwatch.ts';

/** What the planner may take for so many jobs, on one core. */
const LIMITS = { jobs: 10_000, anewMs: 2_000, oneJobMoreMs: 5, memoryMB: 400 } as const;

const MB = 1_000_000;
const NS_PER_MS = 1_000_000;

/** Times are of CPU, all threads of the process together; those of wall time say so. */
export function speedReport(jobs: number, times: TimesMeasured, memory: MemoryMeasured): CaseReport {
  const { exact, uncertain } = times;
  return {
    name: `speed: ${String(jobs)} jobs x ${String(SITES)} sites x ${String(SLOTS)} slots, CPU time`,
    figures: [
      ...figuresOfAPlan(jobs, times),
      ...figuresOfChanges(exact, { id: '', label: '' }),
      ...figuresOfChanges(uncertain, { id: 'Uncertain', label: ', uncertain forecasts' }),
      ...figuresOfMemory(memory),
    ].map((figure) => withLimit(figure, jobs)),
    breakdowns: [],
    findings: findingsOf(times),
  };
}

function withLimit(figure: Figure, jobs: number): Figure {
  const limits: Readonly<Record<string, number>> = {
    anew: LIMITS.anewMs,
    oneJobMore: LIMITS.oneJobMoreMs,
    peakMemory: LIMITS.memoryMB,
  };
  const reference = jobs === LIMITS.jobs ? limits[figure.id] : undefined;
  return reference === undefined ? figure : { ...figure, reference };
}

function figuresOfAPlan(jobs: number, { anew, bareLoop, cold, pausable }: TimesMeasured): readonly Figure[] {
  const best = least(anew.cpuMs);
  const bare = least(bareLoop.cpuMs);
  const entries = jobs * SITES * SLOTS;
  return [
    { id: 'anew', label: `planned anew, best of ${String(anew.cpuMs.length)}`, value: best, unit: 'ms' },
    { id: 'anewMedian', label: 'planned anew, median', value: median(anew.cpuMs), unit: 'ms' },
    { id: 'anewWall', label: 'planned anew, best wall time', value: least(anew.wallMs), unit: 'ms' },
    { id: 'anewPerEntry', label: 'a job, site and slot', value: (NS_PER_MS * best) / entries, unit: 'ns' },
    {
      ...{ id: 'bareLoop', label: 'bare loop, best', value: bare, unit: 'ms' },
      note: 'reads a number for each job, site and slot, and keeps the least',
    },
    { id: 'anewPerBareLoop', label: 'planned anew / bare loop', value: best / bare, unit: '' },
    { id: 'cold', label: 'first plan of a process', value: least(cold.cpuMs), unit: 'ms' },
    {
      ...{ id: 'pausable', label: `a tenth pausable, best of ${String(pausable.cpuMs.length)}` },
      ...{ value: least(pausable.cpuMs), unit: 'ms' },
    },
  ];
}

/** All of the jobs have been told what they have; a tenth may use the site whose forecast is new. */
function figuresOfChanges(
  changes: Changes,
  suffix: { readonly id: string; readonly label: string },
): readonly Figure[] {
  const figure = (id: string, label: string, { cpuMs }: Taken): Figure => {
    return { id: `${id}${suffix.id}`, label: `${label}${suffix.label}`, value: median(cpuMs), unit: 'ms' };
  };
  const again = (id: string, label: string, { choseAgain, took }: Replanned): Figure => {
    return { ...figure(id, `planned again, ${label}`, took), note: `${String(choseAgain)} jobs chose again` };
  };
  return [
    { ...figure('oneJobMore', 'one job more', changes.oneJobMore), note: 'all others keep what they have' },
    figure('promisedAnew', 'planned anew, all promised', changes.anew),
    again('unchanged', 'nothing new', changes.unchanged),
    again('oneJobCame', 'one job came', changes.oneJobCame),
    again('newForecast', 'a new forecast', changes.newForecast),
  ];
}

function figuresOfMemory({ heap, heapBefore, peak }: MemoryMeasured): readonly Figure[] {
  const before = `${(heapBefore / MB).toFixed(0)} MB of it is the snapshot`;
  return [
    {
      ...{ id: 'peakMemory', label: 'peak memory', value: peak / MB, unit: 'MB' },
      note: 'of a process that makes one plan',
    },
    { id: 'heap', label: 'heap that a plan leaves', value: heap / MB, unit: 'MB', note: before },
  ];
}

function findingsOf({ exact, late, uncertain }: TimesMeasured): readonly Finding[] {
  const again = [exact, uncertain].flatMap((one) => [one.unchanged, one.oneJobCame, one.newForecast]);
  const differ = again.reduce((sum, one) => sum + one.differ, 0);
  return [
    {
      claim: `planned again, jobs have what they have when planned anew (${String(differ)} don't)`,
      holds: differ === 0,
    },
    { claim: `no job is late (${String(late)} are)`, holds: late === 0 },
  ];
}
