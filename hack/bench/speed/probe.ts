import { getHeapStatistics } from 'node:v8';
import { HOUR_MS } from '../../../operator/domain/units.ts';
import { planOn } from '../../../operator/planning/plan.ts';
import { bareLoop, runningSums } from './bare-loop.ts';
import type { MemoryMeasured, TimesMeasured } from './measurement.ts';
import { measureChanges } from './replanning.ts';
import { speedSnapshot } from './speed-snapshot.ts';
import { timed, times } from './stopwatch.ts';

const TIMES = 5;
const TIMES_PAUSABLE = 3;
const PAUSABLE = 0.1;
/** As forecasts of a day ahead are. */
const EXPECTED_ERROR = [
  { lead: 0, share: 0.03 },
  { lead: 24 * HOUR_MS, share: 0.08 },
];

/**
 * A process of its own, so that nothing else is in its heap and on its threads: `probe.ts times 10000` or `probe.ts memory 10000`.
 * Its measurement goes to standard output as JSON.
 */
function measured(what: string | undefined, jobs: number): TimesMeasured | MemoryMeasured {
  if (what === 'times') return measureTimes(jobs);
  if (what === 'memory') return measureMemory(jobs);
  throw new Error(`"${String(what)}" is nothing to measure: say times or memory`);
}

function measureTimes(jobs: number): TimesMeasured {
  const snapshot = speedSnapshot({ jobs });
  const pausable = speedSnapshot({ jobs, pausable: PAUSABLE });
  const sums = runningSums(snapshot);
  const plan = (one: typeof snapshot) => planOn(undefined, one).plan;
  const { took: cold } = timed([snapshot], plan);
  const anew = timed(times(TIMES, snapshot), plan);
  return {
    cold,
    anew: anew.took,
    late: [...anew.last.decisions.values()].filter(({ deadlineAtRisk }) => deadlineAtRisk).length,
    bareLoop: timed(times(TIMES + 1, sums), (rows) => bareLoop(rows, jobs)).took,
    pausable: timed(times(TIMES_PAUSABLE, pausable), plan).took,
    exact: measureChanges({ jobs }),
    uncertain: measureChanges({ jobs, expectedError: EXPECTED_ERROR }),
  };
}

function measureMemory(jobs: number): MemoryMeasured {
  const heap = (): number => {
    globalThis.gc?.();
    return getHeapStatistics().used_heap_size;
  };
  const snapshot = speedSnapshot({ jobs });
  const heapBefore = heap();
  const planned = planOn(undefined, snapshot);
  const peak = process.resourceUsage().maxRSS * 1_024;
  const heapAfter = heap();
  // Still held here.
  if (planned.plan.decisions.size !== jobs) throw new Error('not every job has a decision');
  return { peak, heap: heapAfter, heapBefore };
}

const [what, jobs] = process.argv.slice(2);
process.stdout.write(JSON.stringify(measured(what, Number(jobs))));
