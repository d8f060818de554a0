import { formatDuration } from '../../../domain/duration.ts';
import type { Score } from '../../../simulation/score.ts';
import type { Usage } from '../../../simulation/outcome.ts';
import type { Block, Page, Tone } from '../../page/page.ts';
import { notesBlocks } from '../../show/notes.ts';
import { dateAndClock } from '../../page/words/instants.ts';
import { energyShown, listed, massShown, moneyShown, percentShown, UNKNOWN } from '../../show/words.ts';
import { counted, delayShown, percentOf } from './amounts.ts';
import { currencyOf, useBySite, type SiteUse } from './by-site.ts';
import { jobBlocks } from './jobs.ts';
import type { Simulated } from './simulated.ts';
import { timelineBlocks } from './timeline.ts';

/** What people read of a simulation. */
export function simulationPage(simulated: Simulated): Page {
  const { gathered, simulation, notes } = simulated;
  const { world, jobs } = gathered;
  const { score } = simulation;
  const currency = currencyOf(world, score, score.baseline);
  return {
    title: `${counted(jobs.length, 'job')} replayed at ${counted(world.scenario.sites.length, 'site')}`,
    blocks: [
      factsOf(simulated),
      ...verdict(score),
      ...totalsBlocks(score, currency),
      ...sitesBlocks(useBySite(world, jobs, simulation.jobs), score),
      ...timelineBlocks(simulated),
      ...jobBlocks(simulated),
      ...notesBlocks(notes),
    ],
  };
}

function factsOf({ gathered }: Simulated): Block {
  const { world, jobs, objective, replan, source, foreseen } = gathered;
  const { scenario } = world;
  const arrivals = jobs.map(({ asked }) => asked.createdAt);
  const [first, last] = [Math.min(...arrivals), Math.max(...arrivals)];
  const [series] = scenario.came.values();
  const kind = series === undefined ? '' : `${series.signal}, ${series.scope}, `;
  const slots = `in slots of ${formatDuration(scenario.slot)}`;
  return {
    kind: 'facts',
    facts: [
      {
        name: 'arrivals',
        value: first === last ? dateAndClock(first) : `${dateAndClock(first)} to ${dateAndClock(last)}`,
      },
      { name: 'sites', value: listed(scenario.sites.map(({ name, zone }) => `${name} (${zone})`)) },
      { name: 'intensity', value: `${kind}from ${source}` },
      { name: 'foreseen', value: foreseen },
      {
        name: 'planned',
        value: `for ${objective}, ${replan === undefined ? 'when a job arrives' : `when a job arrives, and every ${formatDuration(replan)}`}, ${slots}`,
      },
    ],
  };
}

function verdict({ baseline, boundSavingPercent, grams, jobs, late, leftOut, savingPercent }: Score): readonly Block[] {
  if (jobs === 0) return [{ kind: 'text', tone: 'bad', text: 'No job can be compared: see below.' }];
  const amount = massShown(Math.abs(baseline.grams - grams));
  const whole = `${massShown(baseline.grams)} CO2e of run on arrival`;
  const change =
    grams <= baseline.grams
      ? `Saved ${amount} of the ${whole}: ${percentOf(savingPercent)}, where ${percentOf(boundSavingPercent)} is the bound.`
      : `Emitted ${amount} more than the ${whole}.`;
  const missed = late + leftOut.unfinished;
  const inTime = missed === 0 ? 'No job was late.' : `${counted(missed, 'job')} late or never done.`;
  return [{ kind: 'text', tone: missed === 0 ? 'good' : 'bad', text: `${change} ${inTime}` }];
}

const BOUNDS: Readonly<Record<Score['boundBasis'], string>> = {
  Alone: 'each job alone, with all accelerators for it',
  Together: 'all jobs together, on the accelerators that there are',
};

function boundInWords({ boundBasis }: Score): string {
  return `The bound: the least for anybody who knew all that came, ${BOUNDS[boundBasis]}; reckoned without the planner.`;
}

function totalsBlocks(score: Score, currency: string | undefined): readonly Block[] {
  const { baseline, boundGrams, grams, jobs, late, leftOut, meanDelay, moves, restarts } = score;
  if (jobs === 0) return [];
  const usage = ({ energy, money }: Usage): readonly string[] => [
    energyShown(energy),
    ...(currency === undefined ? [] : [moneyShown({ money, currency })]),
  ];
  const unknown = [UNKNOWN, ...(currency === undefined ? [] : [UNKNOWN]), UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN];
  const titles = [
    'CO2e',
    'saved',
    'energy',
    ...(currency === undefined ? [] : ['cost']),
    'late',
    'restarts',
    'moves',
    'mean delay',
  ];
  const rows: readonly { cells: readonly string[]; tone?: Tone }[] = [
    { cells: ['on arrival', massShown(baseline.grams), '', ...usage(baseline), UNKNOWN, '0', '0', delayShown(0)] },
    {
      cells: [
        ...['Sunward', massShown(grams), percentOf(score.savingPercent), ...usage(score)],
        ...[String(late + leftOut.unfinished), String(restarts), String(moves), delayShown(meanDelay)],
      ],
      tone: 'strong',
    },
    { cells: ['bound', massShown(boundGrams), percentOf(score.boundSavingPercent), ...unknown] },
  ];
  return [
    { kind: 'heading', text: 'All jobs' },
    {
      kind: 'table',
      columns: [{ title: '', align: 'left' }, ...titles.map((title) => ({ title, align: 'right' as const }))],
      rows,
    },
    {
      kind: 'bars',
      title: 'CO2e',
      bars: [
        { label: 'on arrival', value: baseline.grams, shown: massShown(baseline.grams) },
        { label: 'Sunward', value: grams, shown: massShown(grams), tone: grams <= baseline.grams ? 'good' : 'bad' },
        { label: 'bound', value: boundGrams, shown: massShown(boundGrams), tone: 'dim' },
      ],
    },
    { kind: 'text', tone: 'dim', text: boundInWords(score) },
  ];
}

function sitesBlocks(sites: readonly SiteUse[], score: Score): readonly Block[] {
  if (sites.length === 0) return [];
  const share = (part: number, whole: number): string => (whole > 0 ? percentShown(part / whole) : UNKNOWN);
  return [
    { kind: 'heading', text: 'By site' },
    {
      kind: 'table',
      columns: [
        { title: 'site', align: 'left' },
        { title: 'zone', align: 'left' },
        ...['energy', 'of all', 'on arrival', 'CO2e'].map((title) => ({ title, align: 'right' as const })),
      ],
      rows: sites.map(({ site, zone, ours, onArrival }) => ({
        cells: [
          ...[site, zone, energyShown(ours.energy), share(ours.energy, score.energy)],
          ...[share(onArrival.energy, score.baseline.energy), massShown(ours.grams)],
        ],
      })),
    },
  ];
}
