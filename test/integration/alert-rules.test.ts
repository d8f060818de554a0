import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { parse } from 'yaml';
import { ensureBinaries, TOOL_SETUP_MS } from '../../hack/controlplane/binaries/ensure.ts';
import { createMetrics } from '../../operator/composition/metrics.ts';
import { RUNGS } from '../../operator/domain/intensity.ts';
import { WASTE_CLASSES } from '../../operator/domain/usage/assessment.ts';
import { USAGE_FIGURES } from '../../operator/domain/usage/device-usage.ts';
import { SOURCE_ERROR_CODES } from '../../operator/ports/source-error.ts';
import { DEVICE_STATES } from '../../operator/telemetry/usage/node-samples.ts';
import { ATTRIBUTIONS } from '../../operator/domain/usage/assessment.ts';
import { OTHERS } from '../../operator/telemetry/usage/usage-state.ts';

const FOLDER = 'monitoring/rules';
const PAGES = 'docs/runbooks';
const DASHBOARDS = 'monitoring/dashboards';
/** Days are played minute by minute: 20 seconds of a processor, and many times that on a machine that is busy. */
const RULE_TESTS_MS = 300_000;
const SEVERITIES = ['critical', 'warning', 'info'];

interface Rule {
  readonly record?: string;
  readonly alert?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface UnitTests {
  readonly tests: readonly {
    readonly input_series: readonly { readonly series: string }[];
    readonly alert_rule_test?: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
  }[];
}

const names = readdirSync(FOLDER);
const ruleFiles = names.filter((name) => !name.endsWith('.test.yaml'));
const read = (name: string): unknown => parse(readFileSync(join(FOLDER, name), 'utf8'));
const rules = ruleFiles
  .flatMap((name) => (read(name) as { groups: readonly { rules: readonly Rule[] }[] }).groups)
  .flatMap((group) => group.rules);
const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const testFiles = names.filter((name) => name.endsWith('.test.yaml'));
const unitTests = testFiles.flatMap((name) => (read(name) as UnitTests).tests);
/** What rules ask Prometheus for, in their texts as well. */
const queries = rules.flatMap(({ annotations = {}, expr }) => [expr, ...Object.values(annotations)]);
const textsIn = (folder: string) => readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const pages = textsIn(PAGES);

let promtool: string;
beforeAll(async () => {
  promtool = (await ensureBinaries(['promtool'])).path('promtool');
}, TOOL_SETUP_MS);

const run = (...args: readonly string[]) => promisify(execFile)(promtool, args);

describe('the alert rules', () => {
  test.each(ruleFiles)('%s are rules', async (name) => {
    const { stdout } = await run('check', 'rules', '--lint=all', '--lint-fatal', join(FOLDER, name));
    expect(stdout).toContain('SUCCESS');
  });

  test.each(testFiles)(
    'say what %s says',
    async (name) => {
      const { stdout } = await run('test', 'rules', join(FOLDER, name));
      expect(stdout).toContain('SUCCESS');
    },
    RULE_TESTS_MS,
  );

  test('ask only for what the operator reports, and their tests and pages as well', () => {
    const registry = new Registry();
    createMetrics(registry);
    const reported = new Set(
      registry
        .getMetricsAsArray()
        .flatMap(({ name, type }) =>
          String(type) === 'histogram' ? ['count', 'sum', 'bucket'].map((part) => `${name}_${part}`) : [name],
        ),
    );
    const series = unitTests.flatMap(({ input_series }) => input_series.map((each) => each.series));
    const asked = [...queries, ...series, ...pages].flatMap((text) => text.match(/\bsunward_\w+/g) ?? []);
    expect(asked).not.toHaveLength(0);
    expect([...new Set(asked)].filter((name) => !reported.has(name))).toEqual([]);
  });

  test('record what they, the pages and the dashboards ask for, and no more', () => {
    const recorded = rules.flatMap(({ record }) => record ?? []);
    const texts = [...queries, ...pages, ...textsIn(DASHBOARDS)];
    const asked = texts.flatMap((text) => text.match(/\bsunward:[\w:]+/g) ?? []);
    expect([...new Set(asked)].sort()).toEqual([...recorded].sort());
  });

  test.each<[label: string, words: readonly string[]]>([
    ['rung', RUNGS],
    ['code', ['OK', ...SOURCE_ERROR_CODES]],
    ['class', WASTE_CLASSES],
    ['state', DEVICE_STATES],
    ['figure', USAGE_FIGURES],
    ['attribution', ATTRIBUTIONS],
    ['workload_namespace', [OTHERS]],
    ['node_name', [OTHERS]],
  ])('know the words that there are for %s', (label, words) => {
    const matchers = new RegExp(String.raw`\b${label}(?:=|=~|!=|!~)"([^"]*)"`, 'g');
    const asked = [...queries.join('\n').matchAll(matchers)].flatMap(([, text = '']) => text.split('|'));
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((word) => !words.includes(word))).toEqual([]);
  });
});

describe.each(alerts)('$alert', ({ alert, labels, annotations }) => {
  test('says how bad it is, and what is wrong', () => {
    expect(SEVERITIES).toContain(labels?.['severity']);
    expect(annotations?.['summary']).toMatch(/^[A-Z][^{]*\.$/);
    expect(annotations?.['description']).toMatch(/\{\{ (or )?\$labels\./);
  });

  test('has a page that says what to do', () => {
    expect(annotations?.['runbook_url']).toBe(
      `https://github.com/sunward-dev/sunward/blob/main/docs/runbooks/${alert}.md`,
    );
    const headings = readFileSync(join(PAGES, `${alert}.md`), 'utf8').match(/^##? .*$/gm);
    expect(headings).toEqual([`# ${alert}`, '## Meaning', '## Impact', '## Diagnosis', '## Mitigation']);
  });

  test('is tested to fire, and not to', () => {
    const expected = unitTests.flatMap((one) =>
      (one.alert_rule_test ?? []).filter(({ alertname }) => alertname === alert),
    );
    const counts = expected.map(({ exp_alerts }) => exp_alerts.length);
    expect(counts).toContain(0);
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });
});

test('every page belongs to an alert', () => {
  expect(readdirSync(PAGES).sort()).toEqual(alerts.map(({ alert }) => `${alert}.md`).sort());
});
