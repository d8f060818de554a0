import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import { planOn } from '../../planning/plan.ts';
import { placedIn } from '../../planning/what-if/around-others.ts';
import type { Answer } from '../answer.ts';
import type { Block } from '../page/page.ts';
import { decisionData } from '../show/data.ts';
import { decisionBlocks } from '../show/decision.ts';
import { notesBlocks } from '../show/notes.ts';
import { whyNotPlanned } from '../show/phase.ts';
import type { World } from '../world/world.ts';

/**
 * What would happen to jobs if they were applied now, next to all that is planned already. Nothing is created.
 * @param keys `namespace/name` of each, in the order in which they are shown; the world has them
 */
export function plan({ records, snapshot, notes: seen }: World, keys: readonly string[]): Answer {
  const planned = planOn(undefined, snapshot);
  const isPlanned = new Set(snapshot.jobs.map(({ key }) => key));
  const found = keys.filter((key) => isPlanned.has(key)).map((key) => placedIn(planned, key));
  const left = keys.filter((key) => !isPlanned.has(key));
  const notes = [...left.map((key) => `${key} is not planned: ${whyNotPlanned(records.get(key))}`), ...seen];
  const blocks = found.flatMap(({ decision, job }): readonly Block[] => [
    { kind: 'heading', text: job.key },
    ...decisionBlocks({ decision, job, snapshot }),
  ]);
  const cannot = found.some(({ decision: { chosen, deadlineAtRisk } }) => chosen === undefined || deadlineAtRisk);
  return {
    data: {
      kind: 'Plan',
      madeAt: formatTime(snapshot.now),
      jobs: found.map(({ decision }) => decisionData(decision)),
      notes,
    },
    page: {
      title: keys.length === 1 ? 'What would happen' : `What would happen to ${String(keys.length)} jobs`,
      blocks: [...blocks, ...notesBlocks(notes)],
    },
    exitCode: cannot ? 3 : 0,
  };
}
