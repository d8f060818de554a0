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
import { SOURCE_ERROR_CODES } from '../../operator/ports/source-error.ts';

const FOLDER = 'monitoring/rules';
const PAGES = 'docs/runbooks';
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
    readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly object[] }[];
  }[];
}

const names = readdirSync(FOLDER);
const ruleFiles = names.filter((name) => !name.endsWith('.test.yaml'));
const read = (name: string): unknown => parse(readFileSync(join(FOLDER, name), 'utf8'));
const rules = ruleFiles
  .flatMap((name) => (read(name) as { groups: readonly { rules: readonly Rule[] }[] }).groups)
  .flatMap((group) => group.rules);
const alerts = rules.flatMap((rule) => (rule.alert === undefined ? [] : [{ ...rule, alert: rule.alert }]));
const unitTests = names
  .filter((name) => name.endsWith('.test.yaml'))
  .flatMap((name) => (read(name) as UnitTests).tests);

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

  test.each(ruleFiles)('%s say what their tests say', async (name) => {
    const { stdout } = await run('test', 'rules', join(FOLDER, name.replace(/\.yaml$/, '.test.yaml')));
    expect(stdout).toContain('SUCCESS');
  });

  test('ask only for what the operator reports, and their tests as well', () => {
    const registry = new Registry();
    createMetrics(registry);
    const reported = new Set(registry.getMetricsAsArray().map(({ name }) => name));
    const series = unitTests.flatMap(({ input_series }) => input_series.map((each) => each.series));
    const asked = [...rules.map(({ expr }) => expr), ...series].flatMap((text) => text.match(/\bsunward_\w+/g) ?? []);
    expect(asked).not.toHaveLength(0);
    expect([...new Set(asked)].filter((name) => !reported.has(name))).toEqual([]);
  });

  test('record what they ask for', () => {
    const recorded = rules.flatMap(({ record }) => record ?? []);
    const asked = rules.flatMap(({ expr }) => expr.match(/\bsunward:[\w:]+/g) ?? []);
    expect([...new Set(asked)].sort()).toEqual([...recorded].sort());
  });

  test('know the rungs and codes that there are', () => {
    const words = (label: string) =>
      rules.flatMap(({ expr }) =>
        [...expr.matchAll(new RegExp(String.raw`\b${label}(?:=|=~|!=|!~)"([^"]*)"`, 'g'))].flatMap(([, text = '']) =>
          text.split('|'),
        ),
      );
    expect(words('rung').length).toBeGreaterThan(0);
    expect(words('rung').filter((word) => !RUNGS.some((rung) => rung === word))).toEqual([]);
    expect(words('code').filter((word) => !['OK', ...SOURCE_ERROR_CODES].includes(word))).toEqual([]);
  });
});

describe.each(alerts)('$alert', ({ alert, labels, annotations }) => {
  test('says how bad it is, and what is wrong', () => {
    expect(SEVERITIES).toContain(labels?.['severity']);
    expect(annotations?.['summary']).toMatch(/^[A-Z][^{]*\.$/);
    expect(annotations?.['description']).toContain('{{ $labels.');
  });

  test('has a page that says what to do', () => {
    expect(annotations?.['runbook_url']).toBe(
      `https://github.com/sunward-dev/sunward/blob/main/docs/runbooks/${alert}.md`,
    );
    const headings = readFileSync(join(PAGES, `${alert}.md`), 'utf8').match(/^##? .*$/gm);
    expect(headings).toEqual([`# ${alert}`, '## Meaning', '## Impact', '## Diagnosis', '## Mitigation']);
  });

  test('is tested to fire, and not to', () => {
    const expected = unitTests.flatMap((one) => one.alert_rule_test.filter(({ alertname }) => alertname === alert));
    const counts = expected.map(({ exp_alerts }) => exp_alerts.length);
    expect(counts).toContain(0);
    expect(Math.max(...counts)).toBeGreaterThan(0);
  });
});

test('every page belongs to an alert', () => {
  expect(readdirSync(PAGES).sort()).toEqual(alerts.map(({ alert }) => `${alert}.md`).sort());
});
