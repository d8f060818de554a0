import { describe, expect, test } from '@jest/globals';
import { aHolding, anIdleHolding, aWaste, HELD_SINCE } from '../../../test/builders/holding.ts';
import type { Holding, NodeUsage, WorkloadRef } from '../../domain/usage/assessment.ts';
import { HOUR_MS, watts } from '../../domain/units.ts';
import type { UsageGap } from '../../ports/metrics-source.ts';
import { SourceError } from '../../ports/source-error.ts';
import { pageAsText } from '../page/text/page-as-text.ts';
import { aTerminal } from '../../../test/builders/terminal.ts';
import type { UseSight, WasteChoice } from './sight.ts';
import { waste } from './waste.ts';

const NOW = HELD_SINCE + 3 * HOUR_MS;
const EVERYTHING: WasteChoice = { namespace: undefined, class: undefined, top: 20 };

function aSight(holdings: readonly Holding[], overrides: Partial<UseSight> & { nodes?: readonly NodeUsage[] } = {}) {
  const { nodes = [], ...rest } = overrides;
  return {
    assessment: { at: NOW, holdings, nodes, sites: [] },
    ...{ gaps: [], lookBack: 6 * HOUR_MS, currencyOf: () => 'EUR', isWhole: true, unreadableHours: [], notes: [] },
    ...rest,
  } satisfies UseSight;
}

function aWorkload(name: string, overrides: Partial<WorkloadRef> = {}): { readonly workload: WorkloadRef } {
  return {
    workload: { namespace: 'research', apiVersion: 'apps/v1', kind: 'Deployment', name, uid: name, ...overrides },
  };
}

function aStrandedNode(): NodeUsage {
  const rate = { power: watts(400), moneyPerHour: 4, gramsPerHour: undefined };
  return {
    ...{ node: 'gpu-7', site: 'frankfurt', product: 'H100', resource: 'nvidia.com/gpu', acceptsWork: true },
    ...{ capacity: 8, held: 6, active: undefined, rate, powerBasis: 'Modelled' },
    stranded: { devices: 2, rate, message: 'the smallest pod that waits asks for 4' },
  };
}

function answer(sight: UseSight, choice: Partial<WasteChoice> = {}) {
  const { data, page, exitCode } = waste(sight, { ...EVERYTHING, ...choice });
  const text = pageAsText(page, aTerminal(NOW));
  const tables = page.blocks.filter((block) => block.kind === 'table');
  return { data: data as unknown as Data, exitCode, tables, text };
}

interface Data {
  readonly totals: Readonly<Record<'held' | 'wasted' | 'unknown', Record<string, unknown>>>;
  readonly workloads: readonly { readonly workload: { readonly name: string }; readonly waste?: object }[];
  readonly strandedNodes: readonly object[];
  readonly notes: readonly string[];
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

function namesOf({ workloads }: Data): readonly string[] {
  return workloads.map(({ workload }) => workload.name);
}

describe('a workload that wastes devices', () => {
  test('is named with its owner, the waste and the remedy', () => {
    const { exitCode, tables, text } = answer(aSight([anIdleHolding({ ...aWorkload('chat'), owner: 'team-x' })]));
    expect(exitCode).toBe(0);
    const titles = ['Workload', 'Namespace', 'Owner', 'Wasted', 'kW', 'EUR/h', 'kg CO2e/h', 'What'];
    expect(tables[0]?.columns.map(({ title }) => title)).toEqual(titles);
    expect(tables[0]?.rows.map(({ cells }) => cells)).toEqual([
      ['deployment/chat', 'research', 'team-x', '8 H100', '3.1', '12.00', '1.24', 'idle for 40 min'],
    ]);
    expect(text).toContain('deployment/chat in research: 8 H100 have done nothing for 40 min.');
    expect(oneLine(text)).toContain('Delete the Job.');
    expect(text).not.toContain('Job..');
    expect(text.split('\n').filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test('is told to programs with plain figures and their units', () => {
    const { data } = answer(aSight([anIdleHolding({ ...aWorkload('chat'), policy: 'everyone' })]));
    expect(data).toMatchObject({ kind: 'Waste', activity: 'Known', madeAt: '2026-11-23T11:00:00Z' });
    expect(data.workloads).toEqual([
      {
        workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'research', name: 'chat' },
        ...{ owner: 'team-x', policy: 'everyone', site: 'frankfurt', accelerator: 'H100', resource: 'nvidia.com/gpu' },
        ...{ pods: 1, devices: 8, sharing: 'Whole', attribution: 'Exporter', heldSince: '2026-11-23T08:00:00Z' },
        ...{ activePercent: 0, idleSeconds: 2_400, watts: 3_100, costPerHour: 12, currency: 'EUR' },
        ...{ carbonGramsPerHour: 1_240, powerBasis: 'Measured' },
        waste: {
          ...{
            class: 'Idle',
            devices: 8,
            since: '2026-11-23T08:00:00Z',
            watts: 3_100,
            costPerHour: 12,
            currency: 'EUR',
          },
          ...{ carbonGramsPerHour: 1_240, message: '8 H100 have done nothing for 40 min', remedy: 'Delete the Job.' },
        },
      },
    ]);
  });

  test('holds some that it uses, or uses all of them a little', () => {
    const some = aHolding({ active: 0.12, waste: aWaste({ class: 'Oversized', devices: 6 }) });
    const little = aHolding({ active: 0.2, sharing: 'Shared', waste: aWaste({ class: 'Underused', devices: 5.5 }) });
    const { tables } = answer(aSight([some, little]));
    expect(tables[0]?.rows.map(({ cells }) => [cells[3], cells.at(-1)])).toEqual([
      ['6 of 8 H100', 'oversized, 12 % active'],
      ['5.5 of 8 H100, shared', 'underused, 20 % active'],
    ]);
  });

  test('has been idle for longer than anybody was asked for', () => {
    const { tables } = answer(aSight([anIdleHolding({ idleFor: 6 * HOUR_MS })]));
    expect(tables[0]?.rows[0]?.cells).toContain('idle for over 6 h');
  });

  test('has no figure for what nobody knows', () => {
    const rate = { power: watts(3_100), moneyPerHour: 0, gramsPerHour: undefined };
    const unpriced = anIdleHolding({ rate, site: '', product: '', active: undefined, waste: aWaste({ rate }) });
    const { data, tables, text } = answer(aSight([unpriced], { currencyOf: () => '' }));
    expect(tables[0]?.columns.map(({ title }) => title)).not.toContain('kg CO2e/h');
    expect(tables[0]?.columns.some(({ title }) => title.endsWith('/h'))).toBe(false);
    expect(tables[0]?.rows[0]?.cells).toContain('8 nvidia.com/gpu');
    expect(JSON.stringify(data.workloads)).not.toMatch(/costPerHour|currency|Grams|site|accelerator|activePercent/);
    expect(text).toContain('8 devices of 1 workload: 3.1 kW');
  });
});

describe('the totals', () => {
  const holdings = [
    anIdleHolding(aWorkload('chat')),
    anIdleHolding({
      ...aWorkload('batch', { namespace: 'speech' }),
      waste: aWaste({ class: 'Oversized', devices: 6 }),
    }),
    aHolding(aWorkload('train')),
    aHolding({ ...aWorkload('dark'), active: undefined, devices: 2 }),
  ];

  test('have all that is held, also what is not named', () => {
    const { data, text } = answer(aSight(holdings), { top: 1 });
    expect(namesOf(data)).toEqual(['chat']);
    expect(data.totals).toMatchObject({
      held: { workloads: 4, devices: 26, watts: 12_400, costPerHour: [{ currency: 'EUR', amount: 48 }] },
      wasted: { workloads: 2, devices: 14, watts: 6_200, carbonGramsPerHour: 2_480, carbonIsWhole: true },
      unknown: { workloads: 1, devices: 2 },
    });
    expect(text).toContain('14 devices of 2 workloads: 6.2 kW, 24.00 EUR and 2.48 kg CO2e an hour');
    expect(text).toMatch(/In use +10 devices/);
    expect(text).toMatch(/Unknown +2 devices of 1 workload/);
    expect(text).toContain('And 1 more: --top shows them.');
  });

  test('count a workload once that holds two products', () => {
    const { data } = answer(aSight([aHolding(aWorkload('a')), aHolding({ ...aWorkload('a'), product: 'A100' })]));
    expect(data.totals.held).toMatchObject({ workloads: 1, devices: 16 });
  });

  test('keep currencies apart, and say where grams are not of all', () => {
    const dark = { power: watts(100), moneyPerHour: 1, gramsPerHour: undefined };
    const sight = aSight([aHolding(aWorkload('a')), aHolding({ ...aWorkload('b'), site: 'ohio', rate: dark })], {
      currencyOf: (site) => (site === 'ohio' ? 'USD' : 'EUR'),
    });
    expect(oneLine(answer(sight).text)).toContain('12.00 EUR, 1.00 USD and at least 1.24 kg CO2e an hour');
  });

  test('are those of one namespace or one class where that is asked for', () => {
    const ofSpeech = answer(aSight(holdings), { namespace: 'speech' });
    expect(namesOf(ofSpeech.data)).toEqual(['batch']);
    expect(ofSpeech.text).toContain('What is wasted in speech');
    expect(ofSpeech.tables[0]?.columns.map(({ title }) => title)).not.toContain('Namespace');
    const oversized = answer(aSight(holdings), { class: 'Oversized' });
    expect(namesOf(oversized.data)).toEqual(['batch']);
    expect(oversized.data.totals.wasted).toMatchObject({ workloads: 1, devices: 6 });
    expect(oversized.text).not.toContain('Not known');
  });

  test('of a namespace that holds nothing point to the others', () => {
    const { text } = answer(aSight(holdings), { namespace: 'empty' });
    expect(text).toContain('nothing; -A looks at all namespaces');
  });

  test('of a cluster in which all is used say so', () => {
    const { tables, text } = answer(aSight([aHolding()]));
    expect(text).toMatch(/Wasted +nothing that is known of/);
    expect(tables).toEqual([]);
  });
});

describe('where activity is not known', () => {
  test('because nobody was asked, it says who holds what, since when, at what price, and how to ask', () => {
    const dear = { power: watts(9_000), moneyPerHour: 50, gramsPerHour: 10 };
    const holdings = [
      aHolding({ ...aWorkload('old'), active: undefined, idleFor: undefined }),
      aHolding({ ...aWorkload('dear'), active: undefined, heldSince: 0, rate: dear, powerBasis: 'Modelled' }),
    ];
    const { data, tables, text } = answer(aSight(holdings, { gaps: undefined }));
    expect(data).toMatchObject({ activity: 'NotAsked' });
    expect(namesOf(data)).toEqual(['dear', 'old']);
    expect(tables[0]?.rows.map(({ cells }) => cells.slice(0, 5))).toEqual([
      ['deployment/dear', 'research', 'team-x', '8 H100', '–'],
      ['deployment/old', 'research', 'team-x', '8 H100', '3 h'],
    ]);
    expect(text).toContain('What is held');
    expect(text).toContain('--prometheus URL, or');
    expect(text).not.toContain('Wasted');
    expect(text).toContain('the power of 1 of them is not measured');
  });

  test('because the source has no answer, it gives the reason, and no word on hosts', () => {
    const gaps: readonly UsageGap[] = [
      { figure: 'Activity', error: new SourceError('NoData', 'no exporter is scraped') },
      { figure: 'HostPower', error: new SourceError('NoData', 'Kepler is not there') },
    ];
    const { data, text } = answer(aSight([aHolding({ active: undefined })], { gaps }));
    expect(data).toMatchObject({
      activity: 'Unknown',
      unknownFigures: [{ figure: 'Activity', reason: 'NoData' }, { figure: 'HostPower' }],
    });
    expect(text).toContain('What they do is not known: no exporter is scraped');
    expect(text).not.toContain('Kepler');
  });

  test('for one reason with its power, it says it once', () => {
    const error = new SourceError('Unavailable', 'prometheus is down');
    const gaps = (['Activity', 'Power', 'HostPower'] as const).map((figure) => ({ figure, error }));
    const { text } = answer(aSight([aHolding({ active: undefined })], { gaps }));
    expect(oneLine(text)).toContain('What they do is not known, and their power is modelled: prometheus is down');
    expect(text.match(/prometheus is down/g)).toHaveLength(1);
    const ofPower = answer(aSight([aHolding()], { gaps: gaps.slice(1) }));
    expect(ofPower.text).toContain('Their power is modelled: prometheus is down');
    expect(ofPower.data).toMatchObject({ activity: 'Known' });
  });

  test('what an owner calls useless at this hour is waste all the same', () => {
    const outside = aWaste({ class: 'OutsideHours', message: 'it is needed Mon-Fri 08:00-18:00', remedy: 'Scale it' });
    const { tables, text } = answer(aSight([aHolding({ active: undefined, waste: outside })], { gaps: undefined }));
    expect(tables[0]?.rows[0]?.cells.at(-1)).toBe('outside its hours');
    expect(text).toContain('it is needed Mon-Fri 08:00-18:00. Scale it.');
  });
});

describe('active hours that can’t be read', () => {
  const problem = '"whenever" is not days and hours; write it like Mon-Fri 08:00-18:00 Europe/Berlin';
  const unreadable = (name: string, namespace = 'research') => ({ ...aWorkload(name, { namespace }), problem });

  test('are a note, once for each text, with the workloads that go by it', () => {
    const other = { ...aWorkload('tts'), problem: 'another' };
    const unreadableHours = [unreadable('chat'), unreadable('chat'), unreadable('batch', 'speech'), other];
    const { data, text } = answer(aSight([aHolding()], { unreadableHours, notes: ['first'] }));
    expect(data.notes).toEqual([
      'first',
      `deployment/chat in research and deployment/batch in speech: sunward.dev/active-hours: ${problem}`,
      'deployment/tts in research: sunward.dev/active-hours: another',
    ]);
    expect(oneLine(text)).toContain(`in speech: sunward.dev/active-hours: ${problem}`);
  });

  test('of a whole namespace name a few of its workloads', () => {
    const unreadableHours = ['a', 'b', 'c', 'd', 'e'].map((name) => unreadable(name));
    expect(answer(aSight([], { unreadableHours })).data.notes).toEqual([
      expect.stringMatching(/^deployment\/a in research, .*, deployment\/c in research and 2 more: sunward/),
    ]);
  });

  test('are told of the namespace that is asked for', () => {
    const unreadableHours = [unreadable('chat'), unreadable('batch', 'speech')];
    expect(answer(aSight([], { unreadableHours }), { namespace: 'speech' }).data.notes).toEqual([
      `deployment/batch: sunward.dev/active-hours: ${problem}`,
    ]);
  });
});

describe('nodes with devices that no pod can have', () => {
  const sight = aSight([aHolding()], { nodes: [aStrandedNode()] });

  test('are shown where everything is', () => {
    const { data, text } = answer(sight);
    expect(data.strandedNodes).toMatchObject([{ node: 'gpu-7', devices: 2, watts: 400, costPerHour: 4 }]);
    expect(text).toContain('the smallest pod that waits asks for 4');
  });

  test('are not where only a part is seen, or asked for: who is not seen may hold them', () => {
    expect(answer({ ...sight, isWhole: false }).data.strandedNodes).toEqual([]);
    expect(answer(sight, { namespace: 'research' }).data.strandedNodes).toEqual([]);
  });
});
