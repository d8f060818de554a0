import type { SimulatedJob } from '../../../simulation/scenario.ts';
import { canBeCompared, savingPercent, type JudgedJob } from '../../../simulation/score.ts';
import type { Block, TableBlock } from '../../page/page.ts';
import { dayAndClock } from '../../page/words/instants.ts';
import { massShown, UNKNOWN } from '../../show/words.ts';
import { delayShown, percentOf } from './amounts.ts';
import type { Simulated } from './simulated.ts';

const MOST_SHOWN = 10;
/** Of more jobs than are shown: those that saved most, beside those that saved least. */
const MOST_SAVING = 5;

interface Row {
  readonly job: SimulatedJob;
  readonly outcome: JudgedJob;
}

/** All jobs, or of many those that people ask about: late ones, and those that saved most and least. */
export function jobBlocks({ gathered, simulation }: Simulated): readonly Block[] {
  const rows = simulation.jobs.flatMap((outcome, k): readonly Row[] => {
    const job = gathered.jobs[k];
    return job === undefined ? [] : [{ job, outcome }];
  });
  if (rows.length <= MOST_SHOWN) return [{ kind: 'heading', text: 'Jobs' }, tableOf(rows)];
  const bySaving = rows.filter(({ outcome }) => canBeCompared(outcome)).toSorted((a, b) => savedBy(b) - savedBy(a));
  const late = rows.filter(({ outcome }) => outcome.late);
  const shown = (title: string, some: readonly Row[]): readonly Block[] =>
    some.length === 0 ? [] : [{ kind: 'heading', text: title }, tableOf(some)];
  const first = late.slice(0, MOST_SHOWN);
  const more = late.length > first.length ? ` (${String(first.length)} of ${String(late.length)})` : '';
  return [
    ...shown(`Late jobs${more}`, first),
    ...shown('Jobs that saved most', bySaving.slice(0, MOST_SAVING)),
    ...shown('Jobs that saved least', bySaving.slice(-MOST_SAVING).toReversed()),
  ];
}

function savedBy({ outcome: { grams, baseline } }: Row): number {
  return baseline.grams - grams;
}

function tableOf(rows: readonly Row[]): TableBlock {
  return {
    kind: 'table',
    columns: [
      { title: 'job', align: 'left' },
      { title: 'arrives', align: 'left' },
      ...['delay', 'CO2e', 'saved', 'at most'].map((title) => ({ title, align: 'right' as const })),
      { title: 'ran', align: 'left' },
    ],
    rows: rows.map(({ job, outcome }) => ({
      cells: [
        ...[
          outcome.key.replace(/^default\//, ''),
          dayAndClock(job.asked.createdAt),
          delayOf(outcome),
          ...gramsOf(outcome),
        ],
        [ranAt(outcome), ...lateness(outcome)].join('; '),
      ],
      ...(outcome.late && { tone: 'bad' as const }),
    })),
  };
}

function delayOf({ finishesAt, baseline }: JudgedJob): string {
  return finishesAt === undefined || baseline.site === undefined
    ? UNKNOWN
    : delayShown(finishesAt - baseline.finishesAt);
}

function gramsOf(outcome: JudgedJob): readonly string[] {
  if (!canBeCompared(outcome))
    return [Number.isFinite(outcome.grams) ? massShown(outcome.grams) : UNKNOWN, UNKNOWN, UNKNOWN];
  const { grams, baseline, boundGrams } = outcome;
  return [
    massShown(grams),
    percentOf(savingPercent(grams, baseline.grams)),
    percentOf(savingPercent(boundGrams, baseline.grams)),
  ];
}

/** Places in order of time, once each in a row, with the start of the first run there. */
function ranAt({ runs }: JudgedJob): string {
  const legs: { site: string; from: number; pauses: number }[] = [];
  for (const { site, startsAt } of runs) {
    const last = legs.at(-1);
    if (last?.site === site) last.pauses += 1;
    else legs.push({ site, from: startsAt, pauses: 0 });
  }
  if (legs.length === 0) return 'nowhere';
  return legs
    .map(
      ({ site, from, pauses }) =>
        `${site} from ${dayAndClock(from)}${pauses > 0 ? ` with ${String(pauses)} pause${pauses === 1 ? '' : 's'}` : ''}`,
    )
    .join(', then ');
}

function lateness({ couldBeHeld, finishesAt, late }: JudgedJob): readonly string[] {
  if (!late) return [];
  const what = finishesAt === undefined ? 'never done' : 'late';
  return [couldBeHeld ? what : `${what}, which nobody could help`];
}
