import fc from 'fast-check';
import { aPlannableJob, aPool, aSite, aSnapshot, atHour, hours } from '../builders/planning.ts';
import { plan } from '../../operator/planning/plan.ts';
import type { PlanningSnapshot } from '../../operator/planning/snapshot.ts';
import { leastGrams } from './least-grams.ts';

const SLOTS = 10;
const MOST_JOBS = 6;

/** Whether jobs may pause: none, all, or some. */
export type Manner = 'in one piece' | 'in pieces' | 'of both kinds';

/** How a plan of a small case compares with the best there is. */
export interface ComparedCase {
  readonly snapshot: PlanningSnapshot;
  /** More grams than the least, as a share; `undefined` where somebody is late though nobody need be. */
  readonly gap: number | undefined;
}

/** By seed; the same seed gives the same cases. */
export function compared(manner: Manner, count: number, seed: number): readonly ComparedCase[] {
  return fc.sample(smallSnapshot(manner), { numRuns: count, seed }).map((snapshot) => {
    const grams = gramsOf(snapshot);
    if (grams === undefined) return { snapshot, gap: undefined };
    return { snapshot, gap: grams / leastGrams(snapshot, grams * (1 + 1e-9)) - 1 };
  });
}

/** Of all jobs together; `undefined` where somebody is late. */
function gramsOf(snapshot: PlanningSnapshot): number | undefined {
  let grams = 0;
  for (const { chosen, deadlineAtRisk } of plan(snapshot).decisions.values()) {
    if (chosen?.expected.carbon === undefined || deadlineAtRisk) return undefined;
    grams += chosen.expected.carbon.grams;
  }
  return grams;
}

/** Crowded, and all can be in time: every job has a place of its own from the beginning, and some slack around it. */
function smallSnapshot(manner: Manner): fc.Arbitrary<PlanningSnapshot> {
  const site = fc.record({
    figures: fc.array(fc.integer({ min: 20, max: 600 }), { minLength: SLOTS, maxLength: SLOTS }),
    capacity: fc.integer({ min: 2, max: 4 }),
  });
  const job = fc.record({
    devices: fc.integer({ min: 1, max: 3 }),
    work: fc.integer({ min: 1, max: 4 }),
    begin: fc.nat(SLOTS - 1),
    site: fc.nat(1),
    slack: fc.integer({ min: 0, max: 5 }),
    pausable: manner === 'of both kinds' ? fc.boolean() : fc.constant(manner === 'in pieces'),
    repeated: fc.constantFrom(0, 0, 1),
    maxPauses: fc.integer({ min: 1, max: 2 }),
  });
  return fc
    .record({
      sites: fc.array(site, { minLength: 1, maxLength: 2 }),
      jobs: fc.array(job, { minLength: 16, maxLength: 16 }),
      most: fc.integer({ min: 2, max: MOST_JOBS }),
    })
    .map(({ sites, jobs, most }) => {
      const free = sites.map(({ capacity }) => Array<number>(SLOTS).fill(capacity));
      const placed = jobs.filter((one) => takesPlace(one, free)).slice(0, most);
      return aSnapshot({
        sites: sites.map(({ figures, capacity }, i) =>
          aSite(`site-${String(i)}`, figures, { pools: [aPool({ capacity })] }),
        ),
        jobs: placed.map(({ begin, devices, work, slack, pausable, repeated, maxPauses }, i) =>
          aPlannableJob({
            key: `research/job-${String(i)}`,
            devices,
            remainingWork: hours(work),
            totalWork: hours(work),
            deadline: atHour(Math.min(SLOTS, begin + work + slack)),
            interruptible: pausable ? { minimumRun: hours(1), restartOverhead: hours(repeated), maxPauses } : undefined,
          }),
        ),
      });
    })
    .filter(({ jobs }) => jobs.length > 0);
}

function takesPlace(
  { begin, devices, site, work }: { begin: number; devices: number; site: number; work: number },
  free: readonly number[][],
): boolean {
  const row = free[site % free.length] ?? [];
  const slots = Array.from({ length: work }, (_, k) => begin + k);
  if (slots.some((slot) => (row[slot] ?? 0) < devices)) return false;
  for (const slot of slots) row[slot] = (row[slot] ?? 0) - devices;
  return true;
}

/** So that somebody can try it by hand. */
export function inWords({ sites, jobs }: PlanningSnapshot): string {
  const places = sites.map(({ name, outlooks, pools }) => {
    const row = outlooks.Average?.series.samples.map(({ gramsPerKilowattHour: figure }) => figure).join(' ') ?? '';
    return `${name} with ${String(pools[0]?.capacity ?? 0)} devices: ${row}`;
  });
  const all = jobs.map(({ deadline, devices, interruptible, totalWork }) => {
    const length = totalWork / hours(1);
    const by = (deadline - atHour(0)) / hours(1);
    const pauses = interruptible === undefined ? '' : `, ${String(interruptible.maxPauses)} pauses`;
    return `${String(devices)} devices for ${String(length)} h by ${String(by)} h${pauses}`;
  });
  return [...places, ...all].join('; ');
}
