import { legsOf, type Alternative, type Decision, type ExpectedCost, type Option } from '../../domain/decision.ts';
import type { Rung } from '../../domain/intensity.ts';
import type { Interval } from '../../domain/interval.ts';
import type { PlannableJob } from '../../domain/job.ts';
import type { Place } from '../../domain/place.ts';
import type { EpochMs } from '../../domain/units.ts';
import type { PlanningSnapshot } from '../../planning/snapshot.ts';
import type { Block, FactsBlock, TableBlock } from '../page/page.ts';
import { leftOutBlocks } from './left-out.ts';
import { observedShown } from './observed.ts';
import { intensityStrip } from './strip.ts';
import { dateAndClock, daysAndClocks, weekdayAndClock } from '../page/words/instants.ts';
import {
  carbonShown,
  energyShown,
  lengthShown,
  massShown,
  moneyShown,
  percentShown,
  placeShown,
  savingOf,
  shortNames,
} from './words.ts';

/** A decision with what it was made from. */
export interface Told {
  readonly decision: Decision;
  readonly job: PlannableJob;
  readonly snapshot: PlanningSnapshot;
}

const MOST_STRIPS = 5;

/** All that a decision says, for people: what, why, what it brings, when the power is clean, what else there was. */
export function decisionBlocks(told: Told): readonly Block[] {
  const { alternatives } = told.decision;
  const priced = alternatives.filter(({ expected }) => expected !== undefined);
  const excluded = alternatives.filter(({ expected }) => expected === undefined);
  const timeline = told.decision.chosen === undefined ? undefined : forecastTimeline(told);
  return [
    decisionFacts(told),
    ...(timeline === undefined ? [] : [timeline]),
    { kind: 'heading', text: 'Options' },
    optionsTable(told, priced),
    ...leftOutBlocks(excluded),
  ];
}

function decisionFacts(told: Told): FactsBlock {
  const { decision, job, snapshot } = told;
  const { chosen, deadlineAtRisk, length, notComparable } = decision;
  const facts: Fact[] = [
    {
      name: 'Decision',
      value: chosen === undefined ? 'nothing can carry it' : choiceShown(chosen),
      tone: chosen === undefined || deadlineAtRisk ? 'bad' : 'strong',
    },
    { name: 'Why', value: whyShown(decision) },
    ...(chosen === undefined ? [] : gainFacts(decision, chosen)),
    { name: 'Deadline', value: deadlineShown(told), ...(deadlineAtRisk && { tone: 'bad' as const }) },
  ];
  if (length !== undefined) facts.push({ name: 'Length', value: `${lengthShown(length.work)}, learnt, not told` });
  const observed = observedShown(job, placeNames(snapshot));
  if (observed !== undefined) facts.push({ name: 'Measured', value: observed });
  if (chosen !== undefined) facts.push({ name: 'Rests on', value: originShown(decision) });
  if (notComparable !== undefined) facts.push({ name: 'Compared', value: notComparable });
  facts.push({ name: 'Made at', value: `${dateAndClock(snapshot.now)} UTC, for ${devicesShown(job)}` });
  return { kind: 'facts', facts };
}

type Fact = FactsBlock['facts'][number];

function gainFacts({ baseline }: Decision, { expected }: Option): readonly Fact[] {
  const { carbon, energy } = expected;
  const costs = {
    name: 'Expected',
    value: `${energyShown(energy)}, ${carbonShown(carbon)} CO2e, ${moneyShown(expected)}`,
  };
  const saving = savingOf(expected, baseline);
  if (saving === undefined || baseline === undefined || Math.abs(saving.grams) < 0.5) return [costs];
  const isGain = saving.grams > 0;
  const amount = `${massShown(Math.abs(saving.grams))} CO2e`;
  const share = isGain ? ` (${percentShown(saving.share)})` : ' more';
  const value = `${amount}${share} ${isGain ? 'against' : 'than'} starting at once at ${baseline.site}`;
  return [{ name: isGain ? 'Saves' : 'Emits', value, tone: isGain ? 'good' : 'warning' }, costs];
}

/** What each site lacks stands below, in the list of those that are left out. */
function whyShown({ alternatives, message, reason }: Decision): string {
  return reason === 'NoSite' && alternatives.length > 0
    ? `${reason}: every site is left out, see below`
    : `${reason}: ${message}`;
}

function devicesShown({ devices, resource }: PlannableJob): string {
  return devices === 0 ? 'no accelerator' : `${String(devices)} ${resource}`;
}

function choiceShown(chosen: Option): string {
  return legsOf(chosen)
    .map((leg) => `${placeShown(leg)}: ${leg.windows.map(daysAndClocks).join('; ')}`)
    .join(', then ');
}

function deadlineShown({ decision: { chosen }, job: { deadline } }: Told): string {
  if (chosen === undefined) return dateAndClock(deadline);
  const slack = deadline - chosen.expected.finishesAt;
  const difference = slack < 0 ? `${lengthShown(-slack)} late` : `${lengthShown(slack)} to spare`;
  return `${dateAndClock(deadline)}, ${difference}`;
}

function originShown({ chosen, rung, signal, source = 'nobody' }: Decision): string {
  const scope = chosen?.expected.carbon?.kind.scope;
  const kind = [signal.toLowerCase(), scope?.toLowerCase()].filter((word) => word !== undefined).join(', ');
  return `${originWords(rung, source)} (${kind})`;
}

function originWords(rung: Rung, source: string): string {
  switch (rung) {
    case 'LiveForecast':
      return `a live forecast of ${source}`;
    case 'CachedForecast':
      return `an earlier forecast of ${source}`;
    case 'Persistence':
      return `what ${source} measured at the same hour of the days before`;
    case 'TypicalDay':
      return 'the typical day of each zone: no forecast';
    case 'None':
      return 'no data';
  }
}

function optionsTable({ decision, job, snapshot }: Told, alternatives: readonly Alternative[]): TableBlock {
  const { chosen } = decision;
  const placeOf = placeNames(snapshot);
  const rows: TableBlock['rows'][number][] = [];
  if (chosen !== undefined) {
    rows.push({ cells: [placeOf(chosen), ...costCells(chosen.expected), 'chosen'], tone: 'strong' });
  }
  for (const { expected, reason, ...place } of alternatives) {
    if (expected === undefined) continue;
    const isLate = expected.finishesAt > job.deadline;
    const words = `${isLate ? 'late, ' : ''}${reasonWords(reason)}`;
    rows.push({
      cells: [placeOf(place), ...costCells(expected), words],
      ...(isLate && { tone: 'bad' as const }),
    });
  }
  return {
    kind: 'table',
    columns: [
      { title: 'Place', align: 'left' },
      { title: 'Starts', align: 'left' },
      { title: 'Finishes', align: 'left' },
      { title: 'CO2e', align: 'right' },
      { title: 'Cost', align: 'right' },
      { title: 'Why not', align: 'left' },
    ],
    rows,
    ifEmpty: 'no site can carry it',
  };
}

/** `MoreCarbon` as `more carbon`. */
function reasonWords(reason: string): string {
  return reason === 'InventoryOnly' ? 'on paper only' : reason.replace(/(?<=.)([A-Z])/g, ' $1').toLowerCase();
}

function costCells(expected: ExpectedCost): readonly string[] {
  return [
    weekdayAndClock(expected.startsAt),
    weekdayAndClock(expected.finishesAt),
    carbonShown(expected.carbon),
    moneyShown(expected),
  ];
}

/** Places for a table: the site, and the accelerator as short as it can be told from the others of all sites. */
export function placeNames({ sites }: PlanningSnapshot): (place: Place) => string {
  const names = shortNames(sites.flatMap(({ pools }) => pools.map(({ product }) => product)));
  return ({ site, product }) => (product === undefined ? site : `${site} ${names.get(product) ?? product}`);
}

/** Strips of the sites that matter, the chosen ones first; `undefined` where nothing is known of any. */
export function forecastTimeline({ decision, job, snapshot }: Told): Block | undefined {
  const { now, sites } = snapshot;
  const legs = decision.chosen === undefined ? [] : legsOf(decision.chosen);
  const named = [
    ...legs.map(({ site }) => site),
    decision.baseline?.site,
    ...decision.alternatives.filter(({ expected }) => expected !== undefined).map(({ site }) => site),
  ];
  const shown = [...new Set(named)]
    .flatMap((name) => sites.find((site) => site.name === name) ?? [])
    .slice(0, MOST_STRIPS);
  const windows = legs.flatMap((leg) => leg.windows);
  const known = shown.map(({ outlooks }) => outlooks[job.signal]?.series.samples.at(-1)?.endsAt ?? now);
  const span = spanOf({ now, deadline: job.deadline, known: Math.max(now, ...known), windows });
  const strips = shown.map((site) => {
    const here = legs.filter((leg) => leg.site === site.name).flatMap((leg) => leg.windows);
    return intensityStrip(site, site.outlooks[job.signal]?.series.samples ?? [], span, here);
  });
  if (strips.every(({ figures }) => figures.length === 0)) return undefined;
  const marks = [
    { at: now, label: 'now' },
    { at: job.deadline, label: 'deadline' },
  ];
  return { kind: 'timeline', span, unit: 'g/kWh', strips, marks };
}

/** From now, or from when it began, to a little beyond the deadline; no further than anything is known or planned. */
function spanOf({ now, deadline, known, windows }: SpanBasis): Interval {
  const startsAt = Math.min(now, ...windows.map((window) => window.startsAt));
  const matters = Math.max(Math.min(deadline, known), ...windows.map((window) => window.endsAt));
  return { startsAt, endsAt: matters + 0.05 * Math.max(matters - startsAt, 1) };
}

interface SpanBasis {
  readonly now: EpochMs;
  readonly deadline: EpochMs;
  /** The end of the longest forecast that is shown. */
  readonly known: EpochMs;
  readonly windows: readonly Interval[];
}
