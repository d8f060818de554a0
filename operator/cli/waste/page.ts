import type { Holding, NodeUsage } from '../../domain/usage/assessment.ts';
import type { UsageFigure } from '../../domain/usage/device-usage.ts';
import type { Block, FactsBlock, Page } from '../page/page.ts';
import { amountShown } from '../page/words/amounts.ts';
import { dateAndClock } from '../page/words/instants.ts';
import { tableOf, type Column } from '../show/columns.ts';
import { notesBlocks } from '../show/notes.ts';
import { listed, massShown, moneyShown } from '../show/words.ts';
import type { Sum } from './totals.ts';
import type { UseSight, WasteFound } from './sight.ts';
import {
  heldDevicesShown,
  heldShown,
  kilowattsShown,
  labelOf,
  rateColumns,
  wasteShown,
  wastedShown,
  whoseColumns,
  wordsFor,
  type Words,
} from './words.ts';

/** The sums, then who wastes and what to do, then what is not known. */
export function wastePage(found: WasteFound): Page {
  const { choice, notes, sight, stranded, totals, unknown, wasting } = found;
  const words = wordsFor(found);
  const title = sight.gaps === undefined ? 'What is held' : 'What is wasted';
  const scope = choice.namespace === undefined ? '' : ` in ${choice.namespace}`;
  const isSomething = totals.held.devices > 0;
  return {
    title: `${title}${scope}`,
    blocks: [
      factsOf(found),
      ...(isSomething ? activityBlocks(sight) : []),
      ...(wasting.length > 0 ? wastingBlocks(found, words) : []),
      ...strandedBlocks(stranded, words),
      ...unknownBlocks(unknown, found, words),
      ...notesBlocks([...notes, ...basisNotes(found)]),
    ],
  };
}

function factsOf({ choice, sight, totals }: WasteFound): FactsBlock {
  const { held, unknown, wasted } = totals;
  const isAsked = sight.gaps !== undefined;
  const facts: FactsBlock['facts'][number][] = [{ name: 'At', value: `${dateAndClock(sight.assessment.at)} UTC` }];
  if (held.devices === 0) {
    const elsewhere = choice.namespace === undefined ? '' : '; -A looks at all namespaces';
    return { kind: 'facts', facts: [...facts, { name: 'Held', value: `nothing${elsewhere}` }] };
  }
  facts.push({ name: 'Held', value: `${devicesShown(held)}: ${rateShown(held)}` });
  if (isAsked || wasted.devices > 0) {
    const isWasted = wasted.devices > 0;
    const value = isWasted ? `${devicesShown(wasted)}: ${rateShown(wasted)}` : 'nothing that is known of';
    facts.push({ name: 'Wasted', value, tone: isWasted ? 'warning' : 'good' });
  }
  if (isAsked && choice.class === undefined) {
    facts.push({ name: 'In use', value: counted(held.devices - wasted.devices - unknown.devices, 'device') });
  }
  if (isAsked && unknown.devices > 0) facts.push({ name: 'Unknown', value: devicesShown(unknown) });
  return { kind: 'facts', facts };
}

function counted(count: number, noun: string): string {
  return `${amountShown(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function devicesShown({ devices, workloads }: Sum): string {
  return `${counted(devices, 'device')} of ${counted(workloads, 'workload')}`;
}

/** `3.1 kW, 12.00 EUR and 1.24 kg CO2e an hour`; what is not known is left out. */
function rateShown({ gramsAreWhole, gramsPerHour, money, power }: Sum): string {
  const amounts = [...money].map(([currency, amount]) => moneyShown({ money: amount, currency }));
  const grams = `${gramsAreWhole ? '' : 'at least '}${massShown(gramsPerHour)} CO2e`;
  const perHour = [...amounts, ...(gramsPerHour > 0 ? [grams] : [])];
  const kilowatts = `${kilowattsShown(power)} kW`;
  return perHour.length === 0 ? kilowatts : `${kilowatts}, ${listed(perHour)} an hour`;
}

/** Why nothing can be said of what devices do. */
function activityBlocks({ gaps }: UseSight): readonly Block[] {
  if (gaps === undefined) {
    const text =
      'What they do is not known, for nobody was asked: give --prometheus URL, or service:NAMESPACE/NAME:PORT for a Service of the cluster.';
    return [{ kind: 'text', text, tone: 'warning' }];
  }
  const problem = (figure: UsageFigure) => gaps.find((gap) => gap.figure === figure)?.error.message;
  // Host power is measured in few clusters, and a share of the product stands for it: nothing is said of that.
  const [activity, power] = [problem('Activity'), problem('Power')];
  if (activity === undefined && power === undefined) return [];
  const modelled = 'power is modelled';
  if (activity === power) {
    return [{ kind: 'text', text: `What they do is not known, and their ${modelled}: ${activity ?? ''}`, tone: 'bad' }];
  }
  return [
    ...(activity === undefined
      ? []
      : [{ kind: 'text', text: `What they do is not known: ${activity}`, tone: 'bad' } as const]),
    ...(power === undefined ? [] : [{ kind: 'text', text: `Their ${modelled}: ${power}`, tone: 'warning' } as const]),
  ];
}

function wastingBlocks({ choice, wasting }: WasteFound, words: Words): readonly Block[] {
  const shown = wasting.slice(0, choice.top);
  const columns: readonly Column<Holding>[] = [
    ...whoseColumns(words, 'Wasted', wastedShown),
    ...rateColumns<Holding>(({ waste, rate }) => waste?.rate ?? rate, words),
    { title: 'What', align: 'left', cellOf: (one) => wasteShown(one, words) },
  ];
  const table = tableOf(
    columns,
    shown.map((row) => ({ row, tone: 'warning' as const })),
    'none',
  );
  const items = shown.map((one) => {
    const { message = '', remedy = '' } = one.waste ?? {};
    return `${labelOf(one, words)}: ${sentences(message, remedy)}`;
  });
  const remedies: readonly Block[] = [heading('What to do'), { kind: 'list', items }];
  return [heading('Waste'), table, ...more(wasting.length - shown.length), ...remedies];
}

function unknownBlocks(unknown: readonly Holding[], { choice, sight }: WasteFound, words: Words): readonly Block[] {
  if (unknown.length === 0) return [];
  const shown = unknown.slice(0, choice.top);
  const columns: readonly Column<Holding>[] = [
    ...whoseColumns(words, 'GPUs', heldDevicesShown),
    { title: 'Held for', align: 'right', cellOf: ({ heldSince }) => heldShown(heldSince, words) },
    ...rateColumns<Holding>(({ rate }) => rate, words),
  ];
  const table = tableOf(
    columns,
    shown.map((row) => ({ row, tone: undefined })),
    'none',
  );
  return [heading(sight.gaps === undefined ? 'Held' : 'Not known'), table, ...more(unknown.length - shown.length)];
}

function heading(text: string): Block {
  return { kind: 'heading', text };
}

function more(count: number): readonly Block[] {
  return count <= 0 ? [] : [{ kind: 'text', text: `And ${String(count)} more: --top shows them.`, tone: 'dim' }];
}

function sentences(...texts: readonly string[]): string {
  return texts.map((text) => `${text.replace(/\.$/, '')}.`).join(' ');
}

function strandedBlocks(stranded: readonly NodeUsage[], words: Words): readonly Block[] {
  if (stranded.length === 0) return [];
  const columns: readonly Column<NodeUsage>[] = [
    { title: 'Node', align: 'left', cellOf: ({ node }) => node },
    { title: 'Free', align: 'right', cellOf: (one) => `${String(one.stranded?.devices ?? 0)} ${words.shortName(one)}` },
    ...rateColumns<NodeUsage>((one) => one.stranded?.rate ?? one.rate, words),
    { title: 'Why', align: 'left', cellOf: (one) => one.stranded?.message ?? '' },
  ];
  const rows = stranded.map((row) => ({ row, tone: 'warning' as const }));
  return [heading('Free, and of no use to the pods that wait'), tableOf(columns, rows, 'none')];
}

/** What the watts are where they were not measured. */
function basisNotes({ unknown, wasting }: WasteFound): readonly string[] {
  const shown = [...wasting, ...unknown];
  const modelled = shown.filter(({ powerBasis }) => powerBasis === 'Modelled').length;
  if (modelled === 0) return [];
  const whose =
    modelled === shown.length ? 'power is not measured' : `the power of ${String(modelled)} of them is not measured`;
  return [`${whose}: that of the product stands for it, at its activity where that is known and else at work`];
}
