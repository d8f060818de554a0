import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse, parseAllDocuments } from 'yaml';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { askCurves, askFigures, askTable, type Curve, type Figure } from '../../hack/dashboards/ask-panel.ts';
import { panelsOf, readDashboards, type PanelFile } from '../../hack/dashboards/dashboard-file.ts';
import { RULE_FILES, startMadeUpDay } from '../../hack/dashboards/made-up-day.ts';
import type { Table } from '../../hack/dashboards/merged-table.ts';
import { template } from '../../hack/helm/helm.ts';
import type { RunningPrometheus } from '../../hack/prometheus/prometheus.ts';
import { createMetrics } from '../../operator/composition/metrics.ts';
import { MINUTE_MS, type EpochMs } from '../../operator/domain/units.ts';
import { REPORTED } from '../builders/dashboard-day/day.ts';
import { DAY_ENDS, DAY_STARTS } from '../builders/dashboard-day/scrape.ts';

interface RuleFile {
  readonly groups: readonly { readonly rules: readonly { readonly record?: string }[] }[];
}

interface ConfigMap {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly data: Readonly<Record<string, string>>;
}

/** What a panel shows: a value a legend, or the rows of a table. */
type Shown = Readonly<Record<string, number>> | readonly (readonly (string | number)[])[];

/**
 * What each panel must show on the day of `test/builders/dashboard-day`, by a time of it, and by a site where only that one is
 * chosen. The figures are worked out by hand: of north (16 H100, 2 EUR, 40 g/kWh), south (8 A100, 1.5 USD, 100 g/kWh from 10 to
 * 16, else 300) and east (4 L4 of which nothing is known); a device draws 125 W where it idles and 875 W where it works.
 */
const EXPECTED: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Shown>>>>>> = {
  'Sunward / Fleet': {
    GPUs: {
      // llama 8, notebook 2, others 1; sweep 4, chat 2, preview 1; infer 2.
      '12:00': { held: 20, free: 8, unavailable: 0 },
      '12:00 south': { held: 7, free: 1, unavailable: 0 },
      '21:30': { held: 14, free: 7, unavailable: 7 },
    },
    Active: {
      // (2 x 0.1 + 2 x 0.6 + 0.5 + 4 x 0.25) / 24: nothing is known of the four of east.
      '12:00': { active: 2.9 / 24 },
      '12:00 south': { active: 2.7 / 8 },
      // While nobody scrapes the exporter.
      '02:05': {},
    },
    'GPUs wasted': {
      '12:00': { wasted: 8 + 1.75 + 0.5 },
      '12:00 south': { wasted: 0 },
      '02:05': {},
    },
    Power: {
      '12:00': { power: 2_150 + 3_025 + 200 },
      '12:00 south': { power: 3_025 },
    },
    'Emissions per hour': {
      '12:00': { all: 2.15 * 40 + 3.025 * 100, wasted: 10.25 * 0.125 * 40 },
      '12:00 south': { all: 302.5, wasted: 0 },
      '02:05': { all: (1_600 + 600 * 6.4) * 0.00125 * 20 + (800 + 600 * 1.2) * 0.00125 * 300 },
    },
    'Money per hour': {
      '12:00': { EUR: 32, USD: 12, 'EUR wasted': 20.5 },
      '14:30': { EUR: 32, USD: 12, 'EUR wasted': 4.5, 'USD wasted': 4.5 },
    },
    'Carbon intensity': {
      '03:00': { 'SE-SE3 Average Lifecycle': 20, 'ES Average Lifecycle': 300 },
      '12:00': { 'SE-SE3 Average Lifecycle': 40, 'ES Average Lifecycle': 100 },
    },
    'Active by site': {
      '12:00': { 'north H100': 0.2 / 16, 'south A100': 2.7 / 8 },
      '14:30': { 'north H100': 6.6 / 16, 'south A100': 2.7 / 8 },
      '02:05': {},
    },
    'Utilisation over a day': {
      // By the minute: llama, while its exporter was there (1190), and notebook; sweep, chat and preview.
      '24:00': {
        'north H100': (1_190 * 6.4 + 720 * 0.2) / (1_430 * 16 - 60 * 7),
        'south A100': (480 * 1 + 1_430 * 1.2 + 600 * 0.5) / (1_430 * 8),
      },
    },
    'GPUs by state': {
      '12:00': { held: 20, free: 8, unavailable: 0 },
      '21:30': { held: 14, free: 7, unavailable: 7 },
    },
    'Power by site': {
      '12:00': { north: 2_150, south: 3_025, east: 200 },
      '14:30': { north: 6_950, south: 3_025, east: 200 },
    },
    'Sites and products': {
      '14:30': [
        ['prod', 'south', 'A100', 8, 7, 0.3375, 3, 3_025, 302.5, 12, 'USD'],
        ['prod', 'north', 'H100', 16, 11, 0.4125, 2.25, 6_950, 278, 32, 'EUR'],
        ['prod', 'east', 'L4', 4, 2, '', '', 200, '', '', ''],
      ],
      '12:00 south': [['prod', 'south', 'A100', 8, 7, 0.3375, '', 3_025, 302.5, 12, 'USD']],
    },
    'GPUs wasted by class': {
      '10:25': { Idle: 0.5, Underused: 1.75 },
      '12:00': { Idle: 8.5, Underused: 1.75 },
      '18:00': { Idle: 0.5, Underused: 1.75, Oversized: 3, OutsideHours: 1 },
      '02:05': {},
    },
    'GPUs wasted by owner': {
      '12:00': { 'team-nlp': 8, 'team-vision': 1.75, '(others)': 0.5 },
      '18:00': { 'team-vision': 1.75 + 3, web: 1, '(others)': 0.5 },
    },
    'Money wasted by owner, per hour': {
      '14:30': { 'team-vision EUR': 3.5, 'team-vision USD': 4.5, '(others) EUR': 1 },
    },
    'GPU-hours wasted by owner': {
      // Ten minutes, in which nobody knew, are missing from the hours of preview (14) and of the others (24 at one half).
      '24:00': {
        'team-vision': 11 * 1.75 + 7 * 3,
        'team-nlp': 3.5 * 8,
        web: 14 - 1 / 6,
        '(others)': 12 - 1 / 12,
      },
    },
    // Rules look every five minutes, from 0:05 to 23:55, at what was scraped in the minute before.
    'Money wasted in a day by owner': {
      '24:00': {
        'team-vision EUR': 11 * 1.75 * 2,
        'team-vision USD': 7 * 3 * 1.5,
        'team-nlp EUR': 3.5 * 8 * 2,
        'web USD': ((96 - 2 + 71) / 12) * 1.5,
        '(others) EUR': ((287 - 2) / 12) * 0.5 * 2,
      },
    },
    'Emissions wasted in a day by owner': {
      '24:00': {
        'team-vision': 0.125 * (11 * 1.75 * 40 + 3 * 3 * 100 + 3 * 4 * 300),
        'team-nlp': 0.125 * 3.5 * 8 * 40,
        web: 0.125 * ((96 - 2 + 71) / 12) * 300,
        // The grid of north is cleaner until six.
        '(others)': (0.0625 * ((72 - 2) * 20 + 215 * 40)) / 12,
      },
    },
    'Workloads that waste': {
      '14:30': [
        ['prod', 'team-vision', 'batch', 'Job', 'sweep', 'south', 'A100', 'Oversized', 3, 0, 375, 37.5, 4.5, 'USD'],
        [
          ...['prod', 'team-vision', 'vision', 'StatefulSet', 'notebook', 'north', 'H100', 'Underused'],
          ...[1.75, 0, 218.75, 8.75, 3.5, 'EUR'],
        ],
        ['prod', '', '(others)', '', '(others)', 'north', 'H100', 'Idle', 0.5, 21_600, 62.5, 2.5, 1, 'EUR'],
      ],
      '20:30 south': [
        [
          'prod',
          'web',
          'web',
          'Deployment',
          'preview',
          'south',
          'A100',
          'OutsideHours',
          1,
          9_000,
          125,
          37.5,
          1.5,
          'USD',
        ],
      ],
    },
    'Nodes with stranded GPUs': {
      '12:00': [],
      '15:30': [['prod', 'n2', 'north', 'H100', 5, 625, 25, 10, 'EUR']],
    },
    Figures: {
      '12:00': { Activity: 1, Power: 1, HostPower: 0 },
      '02:05': { Activity: 0, Power: 1, HostPower: 0 },
    },
    'Held GPUs by how their work is known': {
      '12:00': { Exporter: 11, Node: 7, None: 2 },
      '23:00': { Exporter: 9, Node: 3, None: 2 },
    },
    'Questions that failed': {
      '02:05': { 'prometheus Activity NoData': 60 },
      '12:00': { 'prometheus Activity NoData': 0 },
    },
  },
  'Sunward / Jobs': {
    Jobs: {
      '09:00': { Pending: 0, Refused: 0, Waiting: 6, Running: 3, Paused: 0, Suspended: 0, Succeeded: 29, Failed: 0 },
      '18:00': { Pending: 0, Refused: 0, Waiting: 4, Running: 1, Paused: 2, Suspended: 0, Succeeded: 38, Failed: 0 },
    },
    'Deadlines at risk': { '12:00': { 'at risk': 0 }, '16:00': { 'at risk': 1 } },
    'In the plan': { '09:00': { jobs: 8 }, '16:00': { jobs: 6 } },
    'Age of the plan': { '03:20': { age: 21 * 60 + 10 }, '12:00': { age: 10 } },
    'Jobs that are not over': {
      '09:00': { Pending: 0, Waiting: 6, Running: 3, Paused: 0, Suspended: 0 },
      '12:00': { Pending: 0, Waiting: 2, Running: 7, Paused: 0, Suspended: 0 },
    },
    'What was done to jobs': {
      '10:30': { Started: 60, Paused: 0 },
      // Half of them are repetitions, which nobody writes down twice.
      '16:30': { Started: 0, Paused: 120 },
    },
    'Jobs with a deadline at risk': {
      '12:00': [],
      '16:00': [['prod', 'research', 'late-eval', 'nlp', 'south']],
    },
    'Slower than elsewhere': {
      '12:00': [
        ['prod', 'research', 'llama', 'south', 0.2],
        ['prod', 'batch', 'sweep', 'north', -0.05],
      ],
    },
    'Decisions by reason': {
      '09:00': { RunsNow: 3, BetterWindow: 5, DeadlineAtRisk: 0 },
      '16:00': { RunsNow: 3, BetterWindow: 2, DeadlineAtRisk: 1 },
    },
    'Changes of mind': { '06:30': { 'changes prod': 60 }, '12:00': { 'changes prod': 0 } },
    'Duration of a planning cycle': {
      // Spread evenly between the bounds of a bucket, as Prometheus takes it: 10 to 50 ms, and 0.5 to 1 s.
      '09:00': { median: 0.03, '99 %': 0.0496 },
      '12:30': { median: 0.75, '99 %': 0.995 },
    },
    'Planning cycles that failed': { '03:20': { 'failed prod': 60 }, '12:00': { 'failed prod': 0 } },
    'Errors of forecasts': {
      '12:00': [
        ['prod', 'ES', 'electricity-maps', 'Average', '24', 0.09, 0.15, -6],
        ['prod', 'ES', 'electricity-maps', 'Average', '1', 0.04, 0.12, 2],
      ],
    },
    'What plans rest on': {
      '06:00': { LiveForecast: 1, CachedForecast: 1, None: 1 },
      '12:00': { LiveForecast: 2, None: 1 },
    },
  },
};

const dashboards = await readDashboards();
const panels = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ dashboard: dashboard.title, title: panel.title, panel })),
);

let prometheus: RunningPrometheus;
beforeAll(async () => {
  await ensureBinaries(['helm']);
  prometheus = await startMadeUpDay();
}, TOOL_SETUP_MS);
afterAll(() => prometheus.stop());

/** Six digits that matter: what comes after them is noise of computing. */
const rounded = (value: number): number => Number(value.toPrecision(6));

function byLegend(figures: readonly Figure[]): Record<string, number> {
  const legends = figures.map(({ legend }) => legend);
  // Two series of one name can't be told apart by who looks at them.
  expect(legends).toEqual([...new Set(legends)]);
  return Object.fromEntries(figures.map(({ legend, value }) => [legend, rounded(value)]));
}

const allRounded = (shown: Shown): unknown =>
  JSON.parse(JSON.stringify(shown), (_, value: unknown) => (typeof value === 'number' ? rounded(value) : value));

function figuresAt(curves: readonly Curve[], at: EpochMs): readonly Figure[] {
  return curves.flatMap(({ legend, points }) => {
    const value = points.get(at);
    return value === undefined ? [] : [{ legend, value }];
  });
}

async function shownBy(panel: PanelFile, at: EpochMs, site: string | undefined): Promise<unknown> {
  const variables = site === undefined ? {} : { $site: site };
  const asked = { url: prometheus.url, panel, variables };
  if (panel.type === 'table') return allRounded((await askTable(asked, at)).rows);
  if (panel.type !== 'timeseries') return byLegend(await askFigures(asked, at));
  const span = { startsAt: DAY_STARTS, endsAt: DAY_ENDS };
  return byLegend(figuresAt(await askCurves(asked, span, 5 * MINUTE_MS), at));
}

function timeOf(clock: string): EpochMs {
  const [hours = NaN, minutes = NaN] = clock.split(':').map(Number);
  return DAY_STARTS + (hours * 60 + minutes) * MINUTE_MS;
}

describe.each(panels)('$dashboard: $title', ({ dashboard, title, panel }) => {
  const expected = Object.entries(EXPECTED[dashboard]?.[title] ?? {});

  test('is held against the day', () => {
    expect(expected.filter(([, shown]) => Object.keys(shown).length > 0)).not.toHaveLength(0);
  });

  test('shows what its title says', async () => {
    for (const [when, shown] of expected) {
      const [clock = '', site] = when.split(' ');
      expect({ when, shown: await shownBy(panel, timeOf(clock), site) }).toEqual({ when, shown: allRounded(shown) });
    }
  });

  test('shows the same while two pods of the operator are scraped', async () => {
    const asked = { url: prometheus.url, panel };
    const [alone, together] = await Promise.all(
      [timeOf('17:57'), timeOf('17:59')].map(async (at) =>
        panel.type === 'table' ? rowsAsFigures(await askTable(asked, at)) : byLegend(await askFigures(asked, at)),
      ),
    );
    expect(Object.keys(together ?? {}).sort()).toEqual(Object.keys(alone ?? {}).sort());
    for (const [legend, value] of Object.entries(alone ?? {})) {
      // In two minutes a mean over a day moves by little, and nothing else does.
      expect(Math.abs((together?.[legend] ?? NaN) - value)).toBeLessThanOrEqual(Math.abs(value) / 100);
    }
  });
});

/** Each number of a table by the words of its row and the title of its column. */
function rowsAsFigures({ columns, rows }: Table): Record<string, number> {
  const figures = rows.flatMap((row) => {
    const name = row.filter((cell) => typeof cell === 'string').join(' ');
    return row.flatMap((cell, index) =>
      typeof cell === 'number' ? [{ legend: `${name}: ${columns[index] ?? ''}`, value: cell }] : [],
    );
  });
  return byLegend(figures);
}

describe('the dashboards', () => {
  const registry = new Registry();
  createMetrics(registry);
  const reported = new Map(
    (registry.getMetricsAsArray() as unknown as { name: string; labelNames?: string[] }[]).map(
      ({ name, labelNames = [] }) => [name, new Set([...labelNames, 'le'])],
    ),
  );
  const rules = RULE_FILES.map((path) => parse(readFileSync(path, 'utf8')) as RuleFile);
  const recorded = new Set(
    rules.flatMap(({ groups }) => groups.flatMap((group) => group.rules.map(({ record }) => record))),
  );
  const ofHistogram = (name: string): string => name.replace(/_bucket$/, '');

  test('have no expectation for a panel that is not there', () => {
    const there = panels.map(({ dashboard, title }) => `${dashboard}: ${title}`);
    const expected = Object.entries(EXPECTED).flatMap(([dashboard, all]) =>
      Object.keys(all).map((title) => `${dashboard}: ${title}`),
    );
    expect(expected.sort()).toEqual(there.sort());
  });

  test('ask only for what the operator reports or the rules record', () => {
    const texts = panels.flatMap(({ panel }) => (panel.targets ?? []).map(({ expr }) => expr));
    const definitions = dashboards.flatMap(({ templating }) =>
      templating.list.map(({ definition = '' }) => definition),
    );
    const asked = [...texts, ...definitions].flatMap((text) => text.match(/\bsunward[_:][\w:]+/g) ?? []);
    expect(asked.length).toBeGreaterThan(0);
    const known = (name: string): boolean => reported.has(ofHistogram(name)) || recorded.has(name);
    expect([...new Set(asked)].filter((name) => !known(name))).toEqual([]);
  });

  test('are tried on series that have the labels which the operator gives them', () => {
    const faults = REPORTED.flatMap(({ metric, labels }) => {
      const known = reported.get(ofHistogram(metric));
      const unknown = Object.keys(labels).filter((label) => known?.has(label) !== true);
      return known === undefined || unknown.length > 0 ? [`${metric}: ${unknown.join(', ')}`] : [];
    });
    expect([...new Set(faults)]).toEqual([]);
  });

  test.each(dashboards)('$title: panels are told apart and none covers another', ({ panels: all }) => {
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}/${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...all.map(({ gridPos: { x, w } }) => x + w))).toBeLessThanOrEqual(24);
  });

  test.each(dashboards)('$title: each panel has a description and a unit', (dashboard) => {
    for (const { description, type, fieldConfig, title } of panelsOf(dashboard)) {
      expect({ title, description }).toEqual({ title, description: expect.stringMatching(/^\S.*\.$/) });
      const units = [
        fieldConfig?.defaults.unit,
        ...(fieldConfig?.overrides ?? []).flatMap(({ properties }) => properties.map(({ value }) => value)),
      ].filter((unit) => unit !== undefined);
      if (type !== 'table') expect({ title, units }).toEqual({ title, units: [expect.stringMatching(/./)] });
    }
  });

  test(
    'come out of the chart as they are, each in a ConfigMap that the sidecar of Grafana finds',
    async () => {
      const rendered = await template('charts/sunward', {
        values: { monitoring: { dashboards: { enabled: true } } },
        args: ['--show-only=templates/monitoring/dashboards.yaml'],
      });
      const configMaps = parseAllDocuments(rendered).map((document) => document.toJS() as ConfigMap);
      expect(configMaps.map(({ metadata }) => metadata.labels['grafana_dashboard'])).toEqual(['1', '1']);
      const contents = configMaps.flatMap(({ data }) => Object.values(data));
      expect(contents.map((content) => JSON.parse(content) as unknown)).toEqual(dashboards);
    },
    TOOL_SETUP_MS,
  );

  test('name no address, and no data source but the one that is chosen', () => {
    const text = JSON.stringify(dashboards);
    expect(text).not.toMatch(/https?:/);
    const uids = [...text.matchAll(/"datasource":\{[^}]*"uid":"([^"]*)"/g)].map(([, uid]) => uid);
    expect(new Set(uids)).toEqual(new Set(['${datasource}']));
  });
});
