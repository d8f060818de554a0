import { formatTime } from '../../api/v1alpha1/timestamps.ts';
import type { ExpectedCost } from '../../domain/decision.ts';
import { planOn } from '../../planning/plan.ts';
import { placedIn } from '../../planning/what-if/around-others.ts';
import { optionsOf, type PlaceOptions, type PricedOption } from '../../planning/what-if/options.ts';
import { UsageError, type Answer } from '../answer.ts';
import { amountShown } from '../page/words/amounts.ts';
import type { BarsBlock, TableBlock, Tone } from '../page/page.ts';
import { costData, placeData, rounded, windowsData } from '../show/data.ts';
import { forecastTimeline, placeNames } from '../show/decision.ts';
import { leftOutBlocks } from '../show/left-out.ts';
import { notesBlocks } from '../show/notes.ts';
import { whyNotPlanned } from '../show/phase.ts';
import { dateAndClock, weekdayAndClock } from '../page/words/instants.ts';
import { carbonShown, massShown, moneyShown, percentShown, savingOf, savingShown, UNKNOWN } from '../show/words.ts';
import type { World } from '../world/world.ts';

/** One line of the comparison. */
interface Row {
  readonly place: PlaceOptions;
  readonly when: 'now' | 'best';
  readonly option: PricedOption;
}

/**
 * The deployment options of one job side by side: every site and accelerator, now and at its best time, sites on paper included.
 * Throws {@link UsageError} where there is no such job, or nothing to plan about it.
 * @param key `namespace/name`
 */
export function compare({ records, snapshot, notes }: World, key: string): Answer {
  if (!snapshot.jobs.some((job) => job.key === key)) {
    throw new UsageError(`${key} can't be compared: ${whyNotPlanned(records.get(key))}`);
  }
  const planned = planOn(undefined, snapshot);
  const options = optionsOf(planned, key);
  const { decision, job } = placedIn(planned, key);
  const rows = options.places.flatMap(rowsOf);
  const placeOf = placeNames(snapshot);
  const timeline = forecastTimeline({ decision, job, snapshot });
  return {
    data: {
      kind: 'Comparison',
      madeAt: formatTime(snapshot.now),
      job: key,
      deadline: formatTime(job.deadline),
      ...(options.baseline !== undefined && {
        baseline: { site: options.baseline.site, ...costData(options.baseline) },
      }),
      options: rows.map(rowData),
      leftOut: options.refused.map(({ reason, message, ...place }) => ({ ...placeData(place), reason, message })),
      notes,
    },
    page: {
      title: `${key}: deployment options`,
      blocks: [
        {
          kind: 'text',
          text: `To be finished by ${dateAndClock(job.deadline)} UTC. Lines marked "now" start as soon as there is room.`,
        },
        optionsTable(rows, options.baseline, placeOf),
        carbonBars(rows, placeOf),
        ...(timeline === undefined ? [] : [timeline]),
        ...leftOutBlocks(options.refused),
        ...notesBlocks(notes),
      ],
    },
    exitCode: rows.some(({ option, place }) => !option.late && !place.onPaper) ? 0 : 3,
  };
}

/** Where now is the best time there is one line. */
function rowsOf(place: PlaceOptions): readonly Row[] {
  const { best, earliest } = place;
  const rows: Row[] = [];
  const isOne = best !== undefined && earliest !== undefined && sameTimes(best, earliest);
  if (earliest !== undefined && !isOne) rows.push({ place, when: 'now', option: earliest });
  if (best !== undefined) rows.push({ place, when: isOne ? 'now' : 'best', option: best });
  return rows;
}

function sameTimes({ expected: a, pauses }: PricedOption, { expected: b, pauses: other }: PricedOption): boolean {
  return a.startsAt === b.startsAt && a.finishesAt === b.finishesAt && pauses === other;
}

/** Units stand in the titles, and what is the same in all lines is left out: there are many figures. */
function optionsTable(rows: readonly Row[], baseline: ExpectedCost | undefined, placeOf: PlaceOf): TableBlock {
  const currencies = new Set(rows.map(({ option }) => option.expected.currency));
  const [currency = ''] = currencies;
  const costOf = (expected: ExpectedCost): string =>
    currencies.size === 1 ? moneyShown({ ...expected, currency: '' }) : moneyShown(expected);
  const columns: readonly Column[] = [
    { title: 'Place', align: 'left', cellOf: ({ place }) => placeOf(place) },
    { title: 'Starts', align: 'left', cellOf: ({ option }) => weekdayAndClock(option.expected.startsAt) },
    { title: 'Finishes', align: 'left', cellOf: ({ option }) => weekdayAndClock(option.expected.finishesAt) },
    { title: 'kWh', align: 'right', cellOf: ({ option }) => amountShown(option.expected.energy) },
    { title: 'CO2e', align: 'right', cellOf: ({ option }) => carbonShown(option.expected.carbon) },
    { title: 'Saves', align: 'right', cellOf: ({ option }) => savingAgainst(option.expected, baseline) },
    {
      title: currencies.size === 1 ? currency : 'Cost',
      align: 'right',
      cellOf: ({ option }) => costOf(option.expected),
    },
    ...(rows.some(({ place }) => place.slowdown > 0) ? [SLOWER] : []),
    { title: '', align: 'left', cellOf: remarksOn },
  ];
  return {
    kind: 'table',
    columns,
    rows: rows.map((row) => {
      const tone = toneOf(row);
      return { cells: columns.map(({ cellOf }) => cellOf(row)), ...(tone !== undefined && { tone }) };
    }),
    ifEmpty: 'no site can carry it',
  };
}

interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly cellOf: (row: Row) => string;
}

type PlaceOf = ReturnType<typeof placeNames>;

const SLOWER: Column = { title: 'Slower', align: 'right', cellOf: ({ place }) => percentShown(place.slowdown) };

function savingAgainst(expected: ExpectedCost, baseline: ExpectedCost | undefined): string {
  const saving = savingOf(expected, baseline);
  return saving === undefined ? UNKNOWN : savingShown(saving.share);
}

function remarksOn({ option: { late, pauses }, place, when }: Row): string {
  return [
    when,
    ...(late ? ['late'] : []),
    ...(place.onPaper ? ['on paper'] : []),
    ...(pauses > 0 ? [pauses === 1 ? '1 pause' : `${String(pauses)} pauses`] : []),
  ].join(', ');
}

function toneOf({ place, option }: Row): Tone | undefined {
  if (option.late) return 'bad';
  return place.onPaper ? 'dim' : undefined;
}

function carbonBars(rows: readonly Row[], placeOf: PlaceOf): BarsBlock {
  const bars = rows.flatMap((row) => {
    const { carbon } = row.option.expected;
    if (carbon === undefined) return [];
    const tone = toneOf(row);
    return [
      {
        label: `${placeOf(row.place)}, ${row.when}`,
        value: carbon.grams,
        shown: massShown(carbon.grams),
        ...(tone !== undefined && { tone }),
      },
    ];
  });
  return { kind: 'bars', title: 'CO2e of the whole job', bars };
}

function rowData({ place, when, option }: Row) {
  const { expected, late, pauses, windows } = option;
  return {
    ...placeData(place),
    when,
    onPaper: place.onPaper,
    late,
    pauses,
    slowdownPercent: rounded(100 * place.slowdown),
    windows: windowsData(windows),
    expected: costData(expected),
  };
}
