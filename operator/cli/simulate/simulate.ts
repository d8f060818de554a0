import { readFile } from 'node:fs/promises';
import type { Score } from '../../simulation/score.ts';
import { simulate as simulated, type Simulation } from '../../simulation/simulate.ts';
import type { Answer } from '../answer.ts';
import type { Terminal } from '../terminal.ts';
import { gather, type Gathered, type SimulateFlags } from './reading/gather.ts';
import type { ReadText } from './reading/files.ts';
import { replayProgress } from './replay-progress.ts';
import { simulationData } from './telling/data.ts';
import { simulationPage } from './telling/page.ts';

export type { SimulateFlags } from './reading/gather.ts';

/** What the command looks at, and where it says how far it is. */
export interface SimulateSurroundings extends Pick<Terminal, 'clock' | 'progress'> {
  /** Rejects where a file can't be read. */
  readonly readText?: ReadText;
}

const readFiles: ReadText = (path) => readFile(path, 'utf8');

/**
 * `kubectl carbon simulate`: replays jobs of a scenario through the planner and tells what it saves against run on arrival and
 * against the bound. Throws `UsageError` for a file that can't be used. Exit code 3 where a job that could be held is late.
 */
export async function simulate(
  flags: SimulateFlags,
  { readText = readFiles, ...terminal }: SimulateSurroundings,
): Promise<Answer> {
  const gathered = await gather(flags, readText);
  const simulation = watched(gathered, terminal);
  const told = { gathered, simulation, notes: [...notesOf(simulation.score), ...gathered.notes] };
  return { data: simulationData(told), page: simulationPage(told), exitCode: isHeld(simulation) ? 0 : 3 };
}

/** The replay, which says on the terminal how far it is. */
function watched({ jobs, replan, world }: Gathered, terminal: Pick<Terminal, 'clock' | 'progress'>): Simulation {
  const { onPlan, reckonsBound, end } = replayProgress(jobs.length, terminal);
  try {
    return simulated(world, jobs, {
      onPlan,
      timed: (replayed) => {
        const outcomes = replayed();
        reckonsBound();
        return outcomes;
      },
      ...(replan !== undefined && { every: replan }),
    });
  } finally {
    end();
  }
}

function isHeld({ jobs }: Simulation): boolean {
  return jobs.every(({ late, couldBeHeld }) => !late || !couldBeHeld);
}

function notesOf({ leftOut: { unfinished, unknown } }: Score): readonly string[] {
  return [
    ...(unfinished === 0
      ? []
      : [`${jobsAre(unfinished)} never done: no site can have the accelerators, or nobody gave them back`]),
    ...(unknown === 0
      ? []
      : [`${jobsAre(unknown)} not wholly in the time of the intensity, or nobody knows where they would have run`]),
  ];
}

function jobsAre(count: number): string {
  return count === 1 ? '1 job is' : `${String(count)} jobs are`;
}
