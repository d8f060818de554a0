import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { aTerminal } from '../../../test/builders/terminal.ts';
import type { Answer } from '../answer.ts';
import type { Block } from '../page/page.ts';
import { simulate, type SimulateFlags } from './simulate.ts';

const INTENSITY = [
  'zone,start,length,gramsPerKWh',
  ...[500, 400, 100, 200, 300, 300].map((figure, hour) => `DE,2026-06-01T0${String(hour)}:00:00Z,1h,${String(figure)}`),
  ...[50, 60, 70, 80, 90, 99].map((figure, hour) => `SE,2026-06-01T0${String(hour)}:00:00Z,1h,${String(figure)}`),
].join('\n');

const SCENARIO = `
slot: 1h
objective: Carbon
intensity: intensity.csv
jobs: jobs.csv
sites:
  - name: berlin
    spec: { region: berlin, zone: DE, pue: '1' }
`;

const JOBS = 'name,arrival,expectedDuration,maxDelay,watts,home\none,0,2h,3h,1000,berlin\n';

const FILES = { 's/scenario.yaml': SCENARIO, 's/intensity.csv': INTENSITY, 's/jobs.csv': JOBS };

function run(files: Readonly<Record<string, string>> = {}, flags: Partial<SimulateFlags> = {}): Promise<Answer> {
  const all = Object.entries({ ...FILES, ...files }).map(([name, text]) => [resolve(name), text] as const);
  const texts = new Map(all);
  const readText = (path: string): Promise<string> => {
    const text = texts.get(path);
    return text === undefined ? Promise.reject(new Error('no such file')) : Promise.resolve(text);
  };
  return simulate({ scenario: 's/scenario.yaml', ...flags }, { ...aTerminal(0), readText });
}

async function messageOf(files: Readonly<Record<string, string>>, flags: Partial<SimulateFlags> = {}): Promise<string> {
  return run(files, flags).then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : ''),
  );
}

function blocksOf<K extends Block['kind']>({ page }: Answer, kind: K) {
  return page.blocks.filter((block): block is Extract<Block, { kind: K }> => block.kind === kind);
}

describe('kubectl carbon simulate', () => {
  test('holds what the planner does against run on arrival and against the bound', async () => {
    const { data, exitCode } = await run();
    expect(exitCode).toBe(0);
    expect(data).toMatchObject({
      kind: 'Simulation',
      totals: {
        ...{ jobs: 1, unfinished: 0, unknown: 0, late: 0, meanDelaySeconds: 2 * 3600, score: 0 },
        runOnArrival: { carbonGrams: 900, energyKWh: 2 },
        ours: { carbonGrams: 300, energyKWh: 2, savingPercent: 66.6666667 },
        bound: { carbonGrams: 300 },
      },
      sites: [{ site: 'berlin', zone: 'DE', carbonGrams: 300, runOnArrival: { carbonGrams: 900 } }],
      jobs: [
        {
          ...{ job: 'default/one', arrival: '2026-06-01T00:00:00Z', deadline: '2026-06-01T05:00:00Z', late: false },
          runs: [{ site: 'berlin', start: '2026-06-01T02:00:00Z', end: '2026-06-01T04:00:00Z' }],
        },
      ],
    });
  });

  test('shows people the sums, the sites, the jobs, and when few jobs ran', async () => {
    const answer = await run();
    expect(answer.page.title).toBe('1 job replayed at 1 site');
    const [totals, sites, jobs] = blocksOf(answer, 'table');
    expect(totals?.rows.map(({ cells }) => cells.slice(0, 3))).toEqual([
      ['on arrival', '900 g', ''],
      ['Sunward', '300 g', '66.7 %'],
      ['bound', '300 g', '66.7 %'],
    ]);
    expect(sites?.rows.map(({ cells }) => cells)).toEqual([['berlin', 'DE', '2 kWh', '100 %', '100 %', '300 g']]);
    expect(jobs?.rows.map(({ cells }) => cells)).toEqual([
      ['one', 'Mon 1 Jun 00:00', '2 h', '300 g', '66.7 %', '66.7 %', 'berlin from Mon 1 Jun 02:00'],
    ]);
    const [timeline] = blocksOf(answer, 'timeline');
    expect(timeline?.strips.map(({ label, figures, windows }) => [label, figures.length, windows.length])).toEqual([
      ['berlin (DE)', 5, 1],
    ]);
    expect(blocksOf(answer, 'bars')).toHaveLength(1);
  });

  test('plans by the forecast and pays for what came', async () => {
    const forecast = INTENSITY.replace('T03:00:00Z,1h,200', 'T03:00:00Z,1h,900').replace(
      'T01:00:00Z,1h,400',
      'T01:00:00Z,1h,90',
    );
    const told = await run({ 's/forecast.csv': forecast, 's/scenario.yaml': `forecast: forecast.csv\n${SCENARIO}` });
    expect(told.data).toMatchObject({ totals: { ours: { carbonGrams: 500 }, bound: { carbonGrams: 300 } } });
    const blind = await run({}, { forecast: 'None' });
    expect(blind.data).toMatchObject({ foreseen: 'nothing', totals: { ours: { carbonGrams: 900 }, score: 1 } });
  });

  test.each([
    ['Persistence', 'the same hour of the day before', 3600],
    ['{ reach: 72h }', 'all that comes, 72h ahead', 3600],
    ['{ noisePercent: 5, seed: 3 }', 'all that comes, off by noise of 5 %', undefined],
    ['{ from: None }', 'nothing', undefined],
  ])('tells what %s foresees, and plans anew where that changes', async (forecast, foreseen, replanSeconds) => {
    const { data } = await run({ 's/scenario.yaml': `forecast: ${forecast}\n${SCENARIO}` });
    expect([data['foreseen'], data['replanSeconds']]).toEqual([foreseen, replanSeconds]);
  });

  test('takes files of the command line before those of the scenario', async () => {
    const files = {
      'other/jobs.csv': JOBS.replace('2h,3h', '1h,5h'),
      'other/intensity.csv': INTENSITY.replace('T05:00:00Z,1h,300', 'T05:00:00Z,1h,10'),
      'other/forecast.csv': INTENSITY,
    };
    const flags = { jobs: 'other/jobs.csv', intensity: 'other/intensity.csv' };
    expect((await run(files, flags)).data).toMatchObject({ totals: { ours: { carbonGrams: 10 } } });
    expect((await run(files, { ...flags, forecast: 'other/forecast.csv' })).data).toMatchObject({
      totals: { ours: { carbonGrams: 100 }, bound: { carbonGrams: 10 } },
    });
  });

  test('reads jobs and sites as lists and as files, with everything that they can say', async () => {
    const sites = `
apiVersion: sunward.dev/v1alpha1
kind: ComputeSite
metadata: { name: berlin }
spec:
  { region: berlin, zone: DE, cluster: { local: {} }, accelerators: [{ product: NVIDIA-H100-80GB-HBM3, maxCapacity: 4 }],
    prices: { currency: EUR, electricityPerKWh: '0.20' } }
---
apiVersion: sunward.dev/v1alpha1
kind: ComputeSite
metadata: { name: stockholm }
spec: { region: stockholm, zone: SE, cluster: { local: {} }, accelerators: [{ product: NVIDIA-A100-SXM4-80GB, maxCapacity: 4 }] }
`;
    const scenario = `
slot: 1h
objective: Carbon
home: berlin
intensity: intensity.csv
sites: sites.yaml
jobs:
  - name: words
    arrival: 2026-06-01T00:00:00Z
    expectedDuration: 1h
    maxDelay: 2h
    devices: 2
    accelerators: NVIDIA-H100-80GB-HBM3 NVIDIA-A100-SXM4-80GB:0.5
  - name: list
    namespace: team
    arrival: 3600
    expectedDuration: 7200
    actualDuration: 1h
    completeBy: 2026-06-01T06:00:00Z
    devices: 4
    accelerators: [{ product: NVIDIA-H100-80GB-HBM3, speed: 1 }, { product: NVIDIA-A100-SXM4-80GB, speed: 0.5 }]
    interruptible: { restartOverhead: 10m }
    sites: [berlin]
    weight: 2
    objective: Custom
    prices: { carbonPerTonne: '100', delayPerAcceleratorHour: '0' }
`;
    const { data } = await run({ 's/scenario.yaml': scenario, 's/sites.yaml': sites });
    expect(data).toMatchObject({
      totals: { jobs: 2, late: 0, runOnArrival: { currency: 'EUR' } },
      jobs: [
        {
          job: 'default/words',
          runs: [
            {
              site: 'stockholm',
              accelerator: 'NVIDIA-A100-SXM4-80GB',
              start: '2026-06-01T00:00:00Z',
              end: '2026-06-01T02:00:00Z',
            },
          ],
        },
        {
          job: 'team/list',
          deadline: '2026-06-01T06:00:00Z',
          runs: [{ site: 'berlin', accelerator: 'NVIDIA-H100-80GB-HBM3' }],
        },
      ],
    });
    const jobs = '- { arrival: 0, expectedDuration: 2h, maxDelay: 3h, watts: 1000 }\n';
    expect((await run({ 's/jobs.yaml': jobs }, { jobs: 's/jobs.yaml' })).data).toMatchObject({
      jobs: [{ job: 'default/job-1', carbonGrams: 300 }],
    });
  });

  test('takes what the operator saw of a site for what is there, and none of it for held', async () => {
    const sites = `
apiVersion: sunward.dev/v1alpha1
kind: ComputeSite
metadata: { name: berlin }
spec: { region: berlin, zone: DE, cluster: { local: {} } }
status:
  nodes: 1
  conditions: []
  accelerators: [{ product: NVIDIA-H100-80GB-HBM3, resource: nvidia.com/gpu, capacity: 4, allocated: 4, maxCapacity: 4 }]
`;
    const jobs = 'arrival,expectedDuration,maxDelay,devices\n0,2h,1h,4\n0,1h,0s,5\n';
    const scenario = SCENARIO.replace(/sites:[^]*/, 'sites: sites.yaml\n');
    const { data } = await run({ 's/scenario.yaml': scenario, 's/sites.yaml': sites, 's/jobs.csv': jobs });
    expect(data).toMatchObject({
      totals: { jobs: 1, unfinished: 1 },
      jobs: [{ runs: [{ site: 'berlin' }] }, { runs: [] }],
    });
  });

  test('ends with 3 where a job that could be held is late, and not where nobody could help it', async () => {
    const short = await run({
      's/jobs.csv': 'arrival,expectedDuration,maxDelay,watts,actualDuration\n0,1h,1h,1000,3h\n',
    });
    expect(short).toMatchObject({ exitCode: 0, data: { totals: { late: 1 }, jobs: [{ couldBeHeld: false }] } });
    const full = SCENARIO.replace(
      "pue: '1'",
      "pue: '1', accelerators: [{ product: NVIDIA-H100-80GB-HBM3, maxCapacity: 1 }]",
    );
    const row = '0,2h,1h,1,berlin';
    const late = await run({
      's/scenario.yaml': full,
      's/jobs.csv': `arrival,expectedDuration,maxDelay,devices,home\n${row}\n${row}\n`,
    });
    expect(late).toMatchObject({ exitCode: 3, data: { totals: { late: 1 } } });
    expect(blocksOf(late, 'text')[0]).toMatchObject({ tone: 'bad' });
  });

  test('says what is left out of the sums', async () => {
    const { data, page } = await run({
      's/jobs.csv': 'arrival,expectedDuration,maxDelay,devices,watts\n0,1h,1h,8,\n14400,3h,0s,,1000\n',
    });
    expect(data).toMatchObject({ totals: { jobs: 0, unfinished: 1, unknown: 1 } });
    expect(page.blocks.at(-1)).toMatchObject({
      kind: 'list',
      items: [{}, {}].map(() => expect.stringContaining('1 job is')),
    });
  });

  test('shows of many jobs those that saved most and least', async () => {
    const rows = Array.from({ length: 12 }, (_, k) => `job-${String(k)},0,1h,${String(k % 5)}h,${String(100 + k)}`);
    const answer = await run({ 's/jobs.csv': ['name,arrival,expectedDuration,maxDelay,watts', ...rows].join('\n') });
    const [, , most, least] = blocksOf(answer, 'table');
    expect(most?.rows.map(({ cells }) => cells[0])).toEqual(['job-9', 'job-8', 'job-7', 'job-4', 'job-3']);
    expect(least?.rows.map(({ cells }) => cells[0])).toEqual(['job-10', 'job-5', 'job-0', 'job-1', 'job-6']);
    expect(blocksOf(answer, 'timeline')).toEqual([]);
  });
});

describe('the example of the documentation', () => {
  test('runs, and saves something', async () => {
    const { data, exitCode } = await simulate({ scenario: 'docs/examples/simulate/scenario.yaml' }, aTerminal(0));
    expect(exitCode).toBe(0);
    expect(data).toMatchObject({ totals: { jobs: 5, late: 0 } });
  });
});

describe('what can not be used is named with place, value and remedy', () => {
  test.each([
    ['slot: 2h', 'slot: "2h" must be from 1s to 1h'],
    ['forecast: tomorrow', 'forecast: "tomorrow" is unknown; write Perfect, Persistence, None, or a file'],
    ['forecast: { from: None, noisePercent: 5 }', 'forecast.noisePercent: 5 is noise on Perfect or on a file'],
    ['objectiv: Carbon', 'objectiv: "Carbon" is no field that is read here; there are slot, replan'],
    ['home: paris', 'home: "paris" is no site of the scenario; there are berlin'],
    ['signal: Mean', 'signal: "Mean" is unknown; write Average or Marginal'],
  ])('%s', async (line, expected) => {
    const message = await messageOf({ 's/scenario.yaml': `${line}\n${SCENARIO.replace(/^slot.*\n/m, '')}` });
    expect(message).toContain("UsageError: s/scenario.yaml can't be used:\n");
    expect(message).toContain(`\n  ${expected}`);
  });

  test('in a table by its line, all at once, ten at most', async () => {
    const bad = 'one,soon,6 hours,-1,,four,paris,maybe,x:0';
    const header = 'name,arrival,expectedDuration,maxDelay,completeBy,devices,home,interruptible,accelerators';
    const message = await messageOf({ 's/jobs.csv': [header, bad, 'two,0,1h,1h,2h,1,,,'].join('\n') });
    expect(message.split('\n')).toEqual([
      "UsageError: s/jobs.csv can't be used:",
      expect.stringContaining('  line 2, arrival: "soon" is not a time with a time zone; write it like'),
      '  line 2, expectedDuration: "6 hours" is not a length of time; write it like 6h, 1h30m or 45s, or in seconds',
      expect.stringContaining('  line 2, maxDelay: "-1" is not a length of time'),
      '  line 2, devices: "four" is not a whole number from 0 to 1000000',
      '  line 2, home: "paris" is no site of the scenario; there are berlin',
      '  line 2, interruptible: "maybe" is neither true nor false; write one of them',
      expect.stringContaining('  line 2, accelerators: "x:0" is not a list of products; write each with its speed'),
      '  line 3, maxDelay: "1h" is a second deadline beside completeBy; remove one of them',
      expect.stringContaining('  line 3, completeBy: "2h" is not a time'),
    ]);
    const many = Array.from({ length: 30 }, () => 'x,1h,1');
    expect(await messageOf({ 's/jobs.csv': ['arrival,expectedDuration,watts', ...many].join('\n') })).toContain(
      '\n  and 20 more',
    );
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['an empty scenario', { 's/scenario.yaml': '' }, 's/scenario.yaml is empty'],
    ['no YAML', { 's/scenario.yaml': 'a: [' }, 's/scenario.yaml, line 1, column'],
    ['a column', { 's/jobs.csv': 'arrives\n0' }, 's/jobs.csv, line 1: no such column: arrives; there are name'],
    ['a row', { 's/jobs.csv': `${JOBS}two,0\n` }, 's/jobs.csv, line 3: 2 cells where the first line has 6'],
    ['no job', { 's/jobs.csv': 'arrival,expectedDuration\n' }, 's/jobs.csv has no job'],
    ['a demand', { 's/jobs.csv': 'arrival,expectedDuration\n0,1h' }, 'line 2, devices is missing; write how many'],
    ['two jobs', { 's/jobs.csv': `${JOBS}one,0,2h,3h,1,\n` }, 'line 3, name: "one" is the second job default/one'],
    [
      'a zone',
      { 's/intensity.csv': INTENSITY.replaceAll('DE', 'FR') },
      's/intensity.csv lacks DE: it has Average intensity of FR, SE',
    ],
    [
      'a figure',
      { 's/intensity.csv': INTENSITY.replace('500', 'x') },
      's/intensity.csv, line 2, gramsPerKWh: "x" is not allowed',
    ],
    [
      'the status of a site',
      { 's/scenario.yaml': SCENARIO.replace('- name: berlin', '- name: berlin\n    status: { accelerators: foo }') },
      'sites[0].status.accelerators: "foo" is not a list; write its members below it',
    ],
    ['a site', { 's/scenario.yaml': SCENARIO.replace("'1'", "'0.5'") }, 'site berlin: spec.pue: must be 1 or more'],
    [
      'a file',
      { 's/scenario.yaml': SCENARIO.replace('jobs.csv', 'more.csv') },
      "s/more.csv can't be read: no such file",
    ],
    [
      'a kind of file',
      { 's/scenario.yaml': SCENARIO.replace('jobs.csv', 'jobs.txt') },
      'jobs file s/jobs.txt: the name must end in',
    ],
  ])('%s', async (_, files, expected) => {
    expect(await messageOf(files)).toContain(expected);
    expect(await messageOf(files)).toMatch(/^UsageError: /);
  });
});
