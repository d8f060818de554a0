import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { revised, type Revisions } from './chart/crd-revisions.ts';
import { chartReadme } from './chart/readme.ts';
import { valuesSchema } from './chart/values-schema.ts';
import { readValues } from './chart/values-table.ts';
import { readCustomResourceDefinitions } from './custom-resource-definitions.ts';
import { updateGenerated, type GeneratedFile } from './generated-files.ts';

const COMMAND = 'node hack/update-chart.ts';
const CHART = 'charts/sunward';
const REVISIONS = 'hack/chart/crd-revisions.json';
const RULES = 'monitoring/rules';
const DASHBOARDS = 'monitoring/dashboards';

/** What of the chart is made of what is elsewhere: Helm reads nothing outside of a chart's folder. */
async function generateChart(): Promise<readonly GeneratedFile[]> {
  const schema = valuesSchema(await readCustomResourceDefinitions());
  return [
    ...(await definitions()),
    ...(await copies(RULES, `${CHART}/files/rules`, (name) => !name.endsWith('.test.yaml'))),
    ...(await copies(DASHBOARDS, `${CHART}/files/dashboards`)),
    { path: `${CHART}/values.schema.json`, content: JSON.stringify(schema) },
    await chartYaml(),
    await chartReadme(readValues(await readFile(`${CHART}/values.yaml`, 'utf8')), COMMAND),
  ];
}

/** The definitions with their revisions, in `crds` and in the chart. */
async function definitions(): Promise<readonly GeneratedFile[]> {
  let revisions = JSON.parse(await readFile(REVISIONS, 'utf8')) as Revisions;
  const files: GeneratedFile[] = [];
  for (const { path, content } of await copies('crds', 'crds')) {
    const { yaml, ...next } = revised(content, revisions);
    ({ revisions } = next);
    files.push({ path, content: yaml }, { path: `${CHART}/crds/${basename(path)}`, content: yaml });
  }
  return [...files, { path: REVISIONS, content: JSON.stringify(revisions) }];
}

async function copies(
  from: string,
  to: string,
  isCopied: (name: string) => boolean = () => true,
): Promise<readonly GeneratedFile[]> {
  const names = (await readdir(from)).filter((name) => /\.(yaml|json)$/.test(name) && isCopied(name)).sort();
  return Promise.all(
    names.map(async (name) => ({ path: join(to, name), content: await readFile(join(from, name), 'utf8') })),
  );
}

/** One release has one version. */
async function chartYaml(): Promise<GeneratedFile> {
  const path = `${CHART}/Chart.yaml`;
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const content = await readFile(path, 'utf8');
  return { path, content: content.replace(/^(version|appVersion): .*$/gm, `$1: ${version}`) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exitCode = await updateGenerated(await generateChart(), {
    check: process.argv.includes('--check'),
    command: COMMAND,
    report: console.log,
  });
}
