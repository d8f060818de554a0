import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

/** The table of the house, said a second time: a change to the rules that loosens it shows here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  api: ['domain'],
  planning: ['domain', 'api'],
  accounting: ['domain', 'api'],
  simulation: ['domain', 'api', 'planning', 'accounting'],
  ports: ['domain', 'api'],
  telemetry: ['domain'],
  config: ['domain'],
  runtime: ['ports', 'telemetry'],
  adapters: ['domain', 'api', 'ports', 'runtime', 'telemetry'],
  controllers: ['domain', 'api', 'planning', 'accounting', 'ports', 'runtime', 'telemetry'],
  extender: ['domain', 'api', 'planning', 'ports', 'runtime', 'telemetry'],
};
const ROOMS = Object.keys(MAY_IMPORT);

interface CruiseReport {
  readonly summary: { readonly violations: readonly { from: string; to: string; rule: { name: string } }[] };
}

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'sunward-imports-'));
});

afterEach(() => {
  rmSync(project, { recursive: true, force: true });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), content);
}

/** Writes a file that imports only a type of another, which is written too if it isn't there yet. */
function writeTypeImport(from: string, to: string): void {
  write(to, 'export interface Noun { readonly name: string }\n');
  const path = relative(dirname(from), to);
  write(from, `import type { Noun } from '${path.startsWith('.') ? path : `./${path}`}';\nexport type Its = Noun;\n`);
}

/** What the project's own rules refuse in the written tree, as "rule: from -> to". */
async function refusals(): Promise<string[]> {
  const cruiser = resolve('node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cruiser, '--config', resolve('.dependency-cruiser.js'), '--output-type', 'json', '.'];
  const stdout = await new Promise<string>((done) => {
    // The exit code is the number of violations: the report tells more.
    execFile(process.execPath, args, { cwd: project, maxBuffer: 16 << 20 }, (_, output) => {
      done(output);
    });
  });
  const report = JSON.parse(stdout) as CruiseReport;
  return report.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`).sort();
}

describe('the import table', () => {
  test('is held room by room, for imports of a type alone', async () => {
    const expected: string[] = [];
    for (const from of ROOMS) {
      for (const to of ROOMS.filter((room) => room !== from)) {
        const importer = `operator/${from}/needs-${to}.ts`;
        writeTypeImport(importer, `operator/${to}/noun.ts`);
        const isAllowed = MAY_IMPORT[from]?.includes(to) ?? false;
        if (!isAllowed) expected.push(`${from}-imports: ${importer} -> operator/${to}/noun.ts`);
      }
    }
    expect(expected.length).toBeGreaterThan(50);
    expect(await refusals()).toEqual(expected.sort());
  });

  test('leaves main and the command line free to compose', async () => {
    for (const room of ROOMS) {
      writeTypeImport(`operator/cli/needs-${room}.ts`, `operator/${room}/noun.ts`);
    }
    writeTypeImport('operator/main.ts', 'operator/adapters/kubernetes/noun.ts');
    expect(await refusals()).toEqual([]);
  });

  test('lets nobody import main or the command line', async () => {
    writeTypeImport('operator/controllers/idle/controller.ts', 'operator/main.ts');
    writeTypeImport('operator/adapters/http/client.ts', 'operator/cli/explain.ts');
    expect(await refusals()).toEqual(
      expect.arrayContaining([
        'nobody-imports-the-entry-points: operator/adapters/http/client.ts -> operator/cli/explain.ts',
        'nobody-imports-the-entry-points: operator/controllers/idle/controller.ts -> operator/main.ts',
      ]),
    );
  });

  test('lets the logger implement its port, and nothing else of telemetry', async () => {
    writeTypeImport('operator/telemetry/logger.ts', 'operator/ports/logger.ts');
    writeTypeImport('operator/telemetry/health.ts', 'operator/ports/clock.ts');
    expect(await refusals()).toEqual(['telemetry-imports: operator/telemetry/health.ts -> operator/ports/clock.ts']);
  });

  test('knows every folder of operator/', async () => {
    writeTypeImport('operator/main.ts', 'operator/toolbox/noun.ts');
    expect(await refusals()).toEqual(['no-unknown-room: operator/main.ts -> operator/toolbox/noun.ts']);
  });
});

describe('adapters', () => {
  test('never import each other, also inside carbon/, metrics/ and price/', async () => {
    const pairs = [
      ['carbon/file/source.ts', 'carbon/watttime/source.ts'],
      ['price/entso-e/source.ts', 'carbon/watttime/source.ts'],
      ['metrics/kepler/source.ts', 'metrics/dcgm/source.ts'],
      ['kubernetes/client.ts', 'http/client.ts'],
    ].map(([from, to]) => [`operator/adapters/${from ?? ''}`, `operator/adapters/${to ?? ''}`] as const);
    for (const [from, to] of pairs) writeTypeImport(from, to);
    expect(await refusals()).toEqual(pairs.map(([from, to]) => `no-other-adapter: ${from} -> ${to}`).sort());
  });

  test('may be of several files', async () => {
    writeTypeImport('operator/adapters/carbon/file/source.ts', 'operator/adapters/carbon/file/csv/parse.ts');
    writeTypeImport('operator/adapters/kubernetes/watch.ts', 'operator/adapters/kubernetes/client.ts');
    expect(await refusals()).toEqual([]);
  });

  test('only adapters/kubernetes knows the Kubernetes client', async () => {
    const client = 'node_modules/@kubernetes/client-node';
    write('package.json', '{"name": "x", "type": "module", "dependencies": {"@kubernetes/client-node": "2.0.1"}}');
    write(`${client}/package.json`, '{"name": "@kubernetes/client-node", "version": "2.0.1", "main": "index.js"}');
    write(`${client}/index.js`, 'export class KubeConfig {}\n');
    const source = `import { KubeConfig } from '@kubernetes/client-node';\nexport const config = new KubeConfig();\n`;
    write('operator/adapters/kubernetes/client.ts', source);
    write('operator/controllers/idle/controller.ts', source);
    expect(await refusals()).toEqual([
      `one-place-knows-the-kubernetes-client: operator/controllers/idle/controller.ts -> ${client}/index.js`,
    ]);
  });
});

describe('everywhere', () => {
  test('a cycle is refused, also one of types', async () => {
    const source = (other: string): string =>
      `import type { It } from './${other}.ts';\nexport type It${other} = It;\n`;
    write('operator/domain/job.ts', source('site'));
    write('operator/domain/site.ts', source('job'));
    expect(await refusals()).toEqual(['no-cycles: operator/domain/job.ts -> operator/domain/site.ts']);
  });

  test('what ships imports neither tools nor tests; a test beside the code may use fixtures', async () => {
    writeTypeImport('operator/main.ts', 'hack/controlplane/cluster.ts');
    writeTypeImport('operator/controllers/idle/gather.ts', 'test/builders/job.ts');
    writeTypeImport('operator/planning/plan.test.ts', 'test/builders/job.ts');
    writeTypeImport('operator/planning/grid.test.ts', 'hack/controlplane/cluster.ts');
    expect(await refusals()).toEqual([
      'operator-never-imports-tools: operator/controllers/idle/gather.ts -> test/builders/job.ts',
      'operator-never-imports-tools: operator/main.ts -> hack/controlplane/cluster.ts',
      'unit-tests-never-import-hack: operator/planning/grid.test.ts -> hack/controlplane/cluster.ts',
    ]);
  });

  test('rooms that only compute import no module of Node; their tests may', async () => {
    const source = `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`;
    write('operator/planning/plan.ts', source);
    write('operator/planning/plan.test.ts', source);
    write('operator/adapters/carbon/file/source.ts', source);
    expect(await refusals()).toEqual(['pure-rooms-import-no-package: operator/planning/plan.ts -> fs']);
  });

  test('an import of a file that is not there is refused', async () => {
    write('operator/domain/job.ts', `import type { Noun } from './missing.ts';\nexport type Its = Noun;\n`);
    expect(await refusals()).toEqual(['every-import-resolves: operator/domain/job.ts -> ./missing.ts']);
  });
});
