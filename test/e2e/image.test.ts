import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildBundle } from '../../hack/build/build-bundle.ts';
import { readDockerfile } from '../../hack/image/dockerfile.ts';
import { filesOfImage } from '../fixtures/image-tree.ts';

jest.setTimeout(120_000);

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PRODUCTS = ['sunward', 'kubectl-carbon'];
/** All other packages that a build needs are in what it makes. */
const BUILT_WITH = ['esbuild', '@esbuild', '@cyclonedx', 'packageurl-js'].map((name) => `node_modules/${name}`);
const PLUGIN = ['dist/kubectl-carbon', 'dist/kubectl-carbon.cdx.json', 'dist/kubectl-carbon.licences.txt'];

let folder: string;
let elsewhere: string;
/** What is released, by its path in a checkout. */
let released: readonly string[];

/** One build here, and one on what the Dockerfile copies into its first stage: elsewhere, later, in another zone and language. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sunward-elsewhere-'));
  elsewhere = join(folder, 'home', 'someone', 'a checkout');
  released = [...(await filesOfImage(ROOT)).map(({ source }) => source), ...PLUGIN];
  await buildBundle({ env: { PATH: process.env['PATH'] } });
  const [stage] = readDockerfile(await readFile(join(ROOT, 'Dockerfile'), 'utf8'));
  const sources = stage?.copies.flatMap((copy) => copy.sources) ?? [];
  const packages = (await Promise.all(PRODUCTS.map(componentsOf))).flat().map((component) => component['bom-ref']);
  for (const path of new Set([...sources, ...packages, ...BUILT_WITH])) {
    await cp(join(ROOT, path), join(elsewhere, path), { recursive: true });
  }
  const env = {
    PATH: process.env['PATH'],
    TZ: 'Pacific/Kiritimati',
    LANG: 'tr_TR.UTF-8',
    LC_ALL: 'tr_TR.UTF-8',
    HOME: folder,
  };
  await buildBundle({ checkout: elsewhere, env });
});

afterAll(() => rm(folder, { recursive: true }));

test('every file is the same when it is built again, elsewhere', async () => {
  for (const path of released) {
    const [here, there] = await Promise.all([readFile(join(ROOT, path)), readFile(join(elsewhere, path))]);
    expect({ path, isSame: here.equals(there) }).toEqual({ path, isSame: true });
    expect({ path, mode: (await stat(join(ROOT, path))).mode }).toEqual({
      path,
      mode: (await stat(join(elsewhere, path))).mode,
    });
  }
});

test('no file tells where it was built, or by whom', async () => {
  const traces = [elsewhere, folder, ...(homedir() === '/' ? [] : [`${homedir()}/`])];
  for (const path of released) {
    const content = await readFile(join(elsewhere, path), 'utf8');
    expect({ path, traces: traces.filter((trace) => content.includes(trace)) }).toEqual({ path, traces: [] });
  }
});

test('what it is made of and its licences name the same packages', async () => {
  for (const name of PRODUCTS) {
    const components = await componentsOf(name);
    const named = components.map(
      ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name} ${version}`,
    );
    const list = await readFile(join(ROOT, `dist/${name}.licences.txt`), 'utf8');
    const listed = [...list.matchAll(/^={80}\n(.+)$/gm)].map(([, title]) => title ?? '');
    expect(listed.filter((title) => !title.startsWith('data in ')).sort()).toEqual(named.sort());
    expect(named).toContain('@kubernetes/client-node 2.0.1');
    expect(listed).toContain('data in operator/adapters/carbon/typical-day');
  }
});

interface Component {
  /** The folder of the package. */
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
}

async function componentsOf(product: string): Promise<readonly Component[]> {
  const bom = await readFile(join(ROOT, `dist/${product}.cdx.json`), 'utf8');
  return (JSON.parse(bom) as { components: readonly Component[] }).components;
}
