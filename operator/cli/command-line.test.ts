import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { aTerminal } from '../../test/builders/terminal.ts';
import { runCommandLine } from './command-line.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SITES = join(ROOT, 'docs/examples/sites.yaml');
const USE = join(ROOT, 'docs/examples/use.yaml');
const SCENARIO = join(ROOT, 'docs/examples/simulate/scenario.yaml');
const JOB = join(ROOT, 'crds/samples/carbonawarejob-interruptible.yaml');
const NOW = Date.parse('2026-11-23T08:00:00Z');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-cli-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function run(...args: readonly string[]) {
  return runWith('', ...args);
}

async function runWith(input: string, ...args: readonly string[]) {
  const terminal = aTerminal(NOW, input);
  const code = await runCommandLine(args, terminal, new AbortController().signal);
  return { code, ...terminal.written };
}

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe('plan', () => {
  test('says when and where, why, what it saves and what else there was, in lines that fit', async () => {
    const { code, err, out } = await run('plan', '-f', JOB, '--sites', SITES);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const words of ['Decision', 'Why', 'Deadline', 'Options', 'chosen', 'g/kWh', 'quote-oslo', 'on paper only']) {
      expect(out).toContain(words);
    }
    expect(out.split('\n').filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test('says the same to programs, as JSON and as YAML', async () => {
    const json = await run('plan', '-f', JOB, '--sites', SITES, '-o', 'json');
    const answer = JSON.parse(json.out) as { jobs: readonly object[] };
    expect(answer).toMatchObject({
      kind: 'Plan',
      madeAt: '2026-11-23T08:00:00Z',
      jobs: [{ job: 'default/diffusion-pretrain', deadlineAtRisk: false, plan: { expected: { currency: 'EUR' } } }],
    });
    expect((await run('plan', '-f', JOB, '--sites', SITES, '-o', 'yaml')).out).toContain('kind: Plan');
  });

  test('reads a job from standard input', async () => {
    const { code, out } = await runWith(await readFile(JOB, 'utf8'), 'plan', '-f', '-', '--sites', SITES);
    expect(code).toBe(0);
    expect(out).toContain('default/diffusion-pretrain');
  });

  test('exits with 3 where a job can’t be carried out', async () => {
    const job = join(ROOT, 'crds/samples/carbonawarejob-data.yaml');
    const { code, out } = await run('plan', '-f', job, '--sites', SITES);
    expect(code).toBe(3);
    expect(out).toContain('nothing can carry it');
    expect(out).toContain('the job needs 64');
  });

  test('writes a page that shows the same, with pictures', async () => {
    const path = join(folder, 'plan.html');
    const { code, err } = await run('plan', '-f', JOB, '--sites', SITES, '--html', path);
    expect({ code, err }).toEqual({ code: 0, err: `wrote ${path}\n` });
    const html = await readFile(path, 'utf8');
    expect(html).toContain('<svg');
    expect(html).toContain('default/diffusion-pretrain');
    expect(html).not.toContain('<script');
  });
});

describe('compare', () => {
  test('has every site and accelerator, sites on paper among them', async () => {
    const { code, out } = await run('compare', '-f', JOB, '--sites', SITES, '-o', 'json');
    expect(code).toBe(0);
    const { options } = JSON.parse(out) as { options: readonly { site: string; onPaper: boolean }[] };
    expect(new Set(options.map(({ site }) => site))).toEqual(
      new Set(['california', 'frankfurt', 'quote-oslo', 'stockholm']),
    );
    expect(options.filter(({ onPaper }) => onPaper).map(({ site }) => site)).toContain('quote-oslo');
    expect((await run('compare', '-f', JOB, '--sites', SITES)).out).toContain('CO2e of the whole job');
  });
});

describe('explain', () => {
  const asked = 'caj/diffusion-pretrain';

  test('finds the job among the manifests, and says what would change the decision', async () => {
    const placement = 'spec:\n  objective: Carbon\n  placement: { sites: { allow: [california] } }\n';
    const job = (await readFile(JOB, 'utf8')).replace('maxDelay: 36h', 'maxDelay: 2h').replace('spec:\n', placement);
    const sites = await file('all.yaml', `${await readFile(SITES, 'utf8')}\n---\n${job}`);
    const { code, out } = await run('explain', asked, '--sites', sites);
    expect(code).toBe(0);
    expect(out).toContain('What would change it');
    expect(out).toContain('may run at any site');
    expect(out).toContain('spec.placement.sites.allow does not name stockholm');
  });

  test('of a job that is not there says so', async () => {
    const { code, err } = await run('explain', asked, '--sites', SITES, '-n', 'research');
    expect(code).toBe(2);
    expect(err).toContain('there is no CarbonAwareJob research/diffusion-pretrain');
  });

  test('of another kind is a slip', async () => {
    expect(await run('explain', 'pod/x', '--sites', SITES)).toMatchObject({
      code: 2,
      err: '"pod/x" is no job: write caj/NAME, and its namespace with -n\n',
    });
  });
});

describe('sites', () => {
  test('tells how clean each is, when it is cleanest, what is free and what that costs, in lines that fit', async () => {
    const { code, err, out } = await run('sites', '--sites', SITES);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const words of ['4 sites', 'Cleanest 3 h', 'typical day', 'g/kWh', 'EUR/h', 'on paper', 'no status says']) {
      expect(out).toContain(words);
    }
    expect(out.split('\n').filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test('says the same to programs', async () => {
    const { out } = await run('sites', '--sites', SITES, '-o', 'json');
    const answer = JSON.parse(out) as { sites: readonly { name: string }[] };
    expect(answer).toMatchObject({ kind: 'Sites', madeAt: '2026-11-23T08:00:00Z' });
    expect(answer.sites.map(({ name }) => name)).toEqual(['california', 'frankfurt', 'quote-oslo', 'stockholm']);
  });

  test('goes by a file of intensities where one is named', async () => {
    const rows = ['DE,2026-11-23T00:00:00Z,12h,300', 'DE,2026-11-23T12:00:00Z,12h,200'];
    const path = await file('intensity.csv', ['zone,start,length,gramsPerKWh', ...rows].join('\n'));
    const { code, err, out } = await run('sites', '--sites', SITES, '--intensity', path, '-o', 'json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { sites } = JSON.parse(out) as { sites: readonly { name: string; intensity: object }[] };
    expect(sites.find(({ name }) => name === 'frankfurt')).toMatchObject({
      intensity: { gramsPerKWh: 300, rung: 'LiveForecast' },
    });
  });
});

describe('waste', () => {
  const use = ['waste', '--sites', USE];

  test('says who holds what where nobody is asked what it does, in lines that fit', async () => {
    const { code, err, out } = await run(...use, '-A');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const words of ['What is held', 'deployment/chat', 'speech', 'assistant', '4 H100', 'EUR/h', '--prometheus']) {
      expect(out).toContain(words);
    }
    expect(out.split('\n').filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test('is of one namespace, or of all', async () => {
    const namesIn = async (...flags: readonly string[]) => {
      const { out } = await run(...use, ...flags, '-o', 'json');
      const { workloads } = JSON.parse(out) as { workloads: readonly { workload: { name: string } }[] };
      return workloads.map(({ workload }) => workload.name);
    };
    expect(await namesIn('-A')).toEqual(['finetune', 'chat', 'scratch']);
    expect(await namesIn('-n', 'research')).toEqual(['finetune', 'scratch']);
    expect(await namesIn('-A', '--top', '1')).toEqual(['finetune']);
    expect(await namesIn()).toEqual([]);
  });

  test('asks Prometheus where it is told one, and says so where that has no answer', async () => {
    const { code, out } = await run(...use, '-A', '--prometheus', 'http://127.0.0.1:1', '-o', 'json');
    expect(code).toBe(0);
    const answer = JSON.parse(out) as { unknownFigures: readonly object[] };
    expect(answer).toMatchObject({ kind: 'Waste', activity: 'Unknown' });
    expect(answer.unknownFigures).toContainEqual(
      expect.objectContaining({ figure: 'Activity', reason: 'Unavailable' }),
    );
  });

  test('says of which workload the active hours can’t be read', async () => {
    const annotations = 'annotations: { sunward.dev/active-hours: whenever }';
    const text = (await readFile(USE, 'utf8')).replace('name: scratch', `name: scratch, ${annotations}`);
    const path = await file('hours.yaml', text);
    const { out } = await run('waste', '--sites', path, '-A', '-o', 'json');
    expect((JSON.parse(out) as { notes: readonly string[] }).notes).toEqual([
      expect.stringMatching(/^pod\/scratch in research: sunward\.dev\/active-hours: "whenever" is not .*; write it/),
    ]);
  });

  test('of manifests without a pod says what to save', async () => {
    const { code, out } = await run('waste', '--sites', SITES);
    expect(code).toBe(0);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('has no Pod: save those of a cluster with kubectl get pods,nodes -A');
  });
});

describe('simulate', () => {
  test('replays the example: above the bound, and nobody late', async () => {
    const { code, out } = await run('simulate', '--scenario', SCENARIO, '-o', 'json');
    expect(code).toBe(0);
    const { totals } = JSON.parse(out) as {
      totals: Record<'runOnArrival' | 'ours' | 'bound', { carbonGrams: number }> & { late: number };
    };
    expect(totals.late).toBe(0);
    expect(totals.ours.carbonGrams).toBeGreaterThanOrEqual(totals.bound.carbonGrams);
    expect(totals.ours.carbonGrams).toBeLessThan(totals.runOnArrival.carbonGrams);
  });

  test('saves no less with perfect knowledge than without any, in a table that fits', async () => {
    const savingOf = async (forecast: string) => {
      const { out } = await run('simulate', '--scenario', SCENARIO, '--forecast', forecast, '-o', 'json');
      return (JSON.parse(out) as { totals: { ours: { savingPercent: number } } }).totals.ours.savingPercent;
    };
    expect(await savingOf('Perfect')).toBeGreaterThan(await savingOf('None'));
    const { out } = await run('simulate', '--scenario', SCENARIO, '--forecast', 'None');
    expect(out.split('\n').filter((line) => Array.from(line).length > 80)).toEqual([]);
  });

  test('names each slip of a scenario with its field', async () => {
    const path = await file('scenario.yaml', 'slot: 2h\nsites: []\nforecast: Sunny.txt\nintensity: x.csv\n');
    const { code, err } = await run('simulate', '--scenario', path);
    expect(code).toBe(2);
    expect(err).toContain('slot');
  });
});

describe('slips', () => {
  test.each([
    [['plan'], "required option '-f, --filename <file>' not specified"],
    [['plan', '-f', '/nowhere.yaml', '--sites', SITES], '-f /nowhere.yaml can’t be read'.replace('’', "'")],
    [['plan', '-f', SITES, '--sites', SITES], 'has no CarbonAwareJob: write apiVersion'],
    [['plan', '-f', JOB, '--sites', JOB], 'has no ComputeSite: write one'],
    [['plan', '-f', JOB, '--sites', SITES, '--at', 'noon'], '--at is "noon": write a time with a time zone'],
    [['plan', '-f', JOB, '--sites', SITES, '-o', 'xml'], 'Allowed choices are table, json, yaml'],
    [
      ['waste', '--sites', USE, '--prometheus', 'localhost:9090'],
      'write http://HOST:PORT, or service:NAMESPACE/NAME:PORT',
    ],
    [['waste', '--sites', USE, '--prometheus', 'service:a/b:1'], 'names a Service, which only a cluster has'],
    [['waste', '--sites', USE, '--top', '0'], 'Write a whole number from 1 on'],
    [['waste', '--sites', USE, '--class', 'Lazy'], 'Allowed choices are OutsideHours, Idle, Oversized, Underused'],
    [['dance'], "unknown command 'dance'"],
  ])('%j exits with 2 and says what to do', async (args, words) => {
    const { code, err, out } = await run(...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toContain(words);
  });

  test('in YAML are told with their line', async () => {
    const path = await file('broken.yaml', 'kind: CarbonAwareJob\nspec: [\n');
    const { code, err } = await run('plan', '-f', path, '--sites', SITES);
    expect(code).toBe(2);
    expect(err).toContain(`${path}, line 3`);
  });

  test('in objects are told with file, object and field', async () => {
    const site = (await readFile(SITES, 'utf8')).split('---')[0] ?? '';
    const sites = await file('odd-status.yaml', `${site}\nstatus: { accelerators: foo }\n`);
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: x }\nspec: { containers: [null] }\n';
    const pods = await file('odd-pod.yaml', pod);
    for (const [path, words, ...args] of [
      [sites, 'status.accelerators: "foo" is not a list', 'sites'],
      [sites, 'status.accelerators: "foo" is not a list', 'plan', '-f', JOB],
      [pods, 'Pod x/p, spec.containers[0] is missing', 'waste'],
    ] as const) {
      const { code, err, out } = await run(...args, '--sites', path);
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(`${path} can't be used:\n`);
      expect(err).toContain(words);
      expect(err).not.toContain('Error');
    }
  });

  test('without a cluster say how to do without one', async () => {
    const kubeconfig = await file('kubeconfig', 'apiVersion: v1\nkind: Config\ncurrent-context: none\n');
    const { code, err } = await run('plan', '-f', JOB, '--kubeconfig', kubeconfig);
    expect(code).toBe(1);
    expect(err).toContain('use --sites FILE');
  });
});

test('help is worth reading, and no failure', async () => {
  for (const command of [[], ['plan'], ['explain'], ['compare'], ['sites'], ['waste'], ['simulate']]) {
    const { code, out } = await run(...command, '--help');
    expect(code).toBe(0);
    expect(out).toContain('Usage: kubectl carbon');
  }
});
